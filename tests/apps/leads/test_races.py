"""Races for turns and for one person's lead, with real threads. Each has a control: without its guard it goes wrong."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from apps.accounts.api import Role, User
from apps.leads import api
from apps.leads.errors import LeadClosed
from apps.leads.models import SellerTurn
from apps.leads.services import assigning, opening
from tests import races
from tests.apps.leads.conftest import CAR
from tests.factories.accounts import make_member, make_user
from tests.factories.dealers import make_store
from tests.races import meet

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]
LEADS = 12
# A control may die of the constraint behind the guard.
race = partial(races.race, keeps_errors=True, seconds=30)


@pytest.fixture
def busy_store(transactional_db):
    """A store with three sellers."""
    store = make_store()
    for _ in range(3):
        make_member(Role.DEALER_CLERK, store.dealer.organization)
    return store


def asking(store, now, *, phone, member=None):
    """Return the work of one person who asks."""

    def work():
        return api.open_lead(
            source=api.LeadSource.VEHICLE_PAGE,
            store_id=store.pk,
            name="王小明",
            phone=phone,
            has_consent=True,
            interest=CAR,
            member=member,
            by=None,
            now=now,
        ).pk

    return work


def ask_at_once(store, now):
    race(*(asking(store, now, phone=str(13800138000 + number)) for number in range(LEADS)))
    return Counter(api.Lead.objects.values_list("owner", flat=True))


def test_leads_that_come_at_once_go_round(busy_store, now):
    assert sorted(ask_at_once(busy_store, now).values()) == [4, 4, 4]


def test_control_without_the_turn_s_lock_they_do_not(busy_store, now, monkeypatch):
    gate = threading.Barrier(LEADS)

    def look_only(store_id):
        SellerTurn.objects.bulk_create([SellerTurn(store_id=store_id)], ignore_conflicts=True)
        turn = SellerTurn.objects.get(store=store_id)
        gate.wait(timeout=20)
        return turn

    SellerTurn.objects.create(store=busy_store)
    monkeypatch.setattr(assigning, "lock_turn", look_only)

    assert sorted(ask_at_once(busy_store, now).values()) == [LEADS]


@pytest.fixture
def member(transactional_db) -> User:
    person = make_user(phone="13900139000")
    person.set_phone("13900139000", verified=True)
    person.save()
    return person


def test_one_person_who_asks_twice_at_once_is_one_lead(busy_store, now, member):
    results = race(*(asking(busy_store, now, phone="13900139000", member=member) for _ in range(2)))

    assert results[0] == results[1]
    lead = api.Lead.objects.get()
    assert lead.times_asked == 2


def test_control_without_the_lock_only_the_constraint_stands(busy_store, now, member, monkeypatch):
    gate = threading.Barrier(2)
    find = opening._find_known

    def find_and_wait(store, index):
        found = find(store, index)
        gate.wait(timeout=20)
        return found

    monkeypatch.setattr(opening, "lock_phone", lambda index: None)
    monkeypatch.setattr(opening, "_find_known", find_and_wait)

    results = race(*(asking(busy_store, now, phone="13900139000", member=member) for _ in range(2)))

    assert sum(isinstance(result, Exception) for result in results) == 1
    assert api.Lead.objects.count() == 1


def test_the_day_s_limit_holds_at_once(busy_store, now):
    results = race(*(asking(busy_store, now, phone="13700137000") for _ in range(8)))

    assert results.count("too_many_leads") == 5
    assert api.Lead.objects.count() == 3


def test_two_merges_of_a_pair_leave_one_open(busy_store, now):
    first, second = (asking(busy_store, now, phone="13600136000")() for _ in range(2))
    seller = make_member(Role.DEALER_CLERK, busy_store.dealer.organization)
    keys = {"organization_id": busy_store.dealer.organization_id, "by": seller, "now": now}
    api.follow_up(lead_id=first, kind=api.FollowUpKind.CALL_REACHED, **keys)

    results = race(
        lambda: api.merge_leads(lead_id=first, into_id=second, **keys).pk,
        lambda: api.merge_leads(lead_id=second, into_id=first, **keys).pk,
    )

    assert results.count("lead_closed") == 1
    assert api.Lead.objects.filter(status__in=api.OPEN).count() == 1


def test_a_lead_somebody_just_spoke_to_is_not_passed_on(busy_store, now):
    lead = api.Lead.objects.get(pk=asking(busy_store, now, phone="13500135000")())
    later = now + timedelta(hours=3)
    keys = {"lead_id": lead.pk, "organization_id": lead.organization_id, "by": lead.owner, "now": later}

    passed_on = meet(
        lambda: api.follow_up(kind=api.FollowUpKind.CALL_REACHED, **keys),
        lambda: api.pass_on_overdue(now=later),
    )

    owner = lead.owner
    lead.refresh_from_db()
    assert (passed_on, lead.owner, lead.status) == ([], owner, api.LeadStatus.CONTACTED)
    assert lead.times_passed_on == 0


def test_a_lead_that_is_just_lost_is_not_followed_up(busy_store, now):
    lead = api.Lead.objects.get(pk=asking(busy_store, now, phone="13500135000")())
    keys = {"lead_id": lead.pk, "organization_id": lead.organization_id, "by": lead.owner, "now": now}

    with pytest.raises(LeadClosed):
        meet(
            lambda: api.lose_lead(lost_reason=api.LostReason.PRICE, **keys),
            lambda: api.follow_up(kind=api.FollowUpKind.NOTE, note="晚上再打", **keys),
        )

    assert not api.FollowUp.objects.exists()
    lead.refresh_from_db()
    assert (lead.status, lead.due_at) == (api.LeadStatus.LOST, None)


def test_who_asks_again_while_their_lead_is_lost_gets_a_new_one(busy_store, now, member):
    ask = asking(busy_store, now, phone="13900139000", member=member)
    lead = api.Lead.objects.get(pk=ask())
    keys = {"lead_id": lead.pk, "organization_id": lead.organization_id, "by": lead.owner, "now": now}

    again = meet(lambda: api.lose_lead(lost_reason=api.LostReason.PRICE, **keys), ask)

    lead.refresh_from_db()
    assert (lead.status, lead.times_asked, lead.due_at) == (api.LeadStatus.LOST, 1, None)
    assert again != lead.pk
    assert api.Lead.objects.get(pk=again).status == api.LeadStatus.ASSIGNED
