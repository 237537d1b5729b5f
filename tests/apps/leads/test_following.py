"""Following leads up until they end."""

from datetime import timedelta

import pytest

from apps.accounts.api import Role
from apps.kernel.api import MoveNotAllowed
from apps.leads import api
from apps.leads.errors import InvalidFollowUp, LeadClosed, LeadNotFound, NotTheSamePerson, ReasonRequired, UnknownSeller
from apps.leads.models import StoreSeller
from apps.notifications.models import Notice
from tests.factories.accounts import make_member


@pytest.fixture
def lead(ask, sellers):
    return ask()


@pytest.fixture
def follow(lead, sellers, dealer_id, now):
    """Return a function: the seller writes something down about the lead."""

    def do(kind=api.FollowUpKind.CALL_REACHED, **changes):
        values = {"lead_id": lead.pk, "organization_id": dealer_id, "kind": kind, "by": sellers[0], "now": now}
        api.follow_up(**{**values, **changes})
        lead.refresh_from_db()
        return lead

    return do


def test_a_call_that_reached_somebody_begins_the_contact(follow, now):
    lead = follow(next_step="周六试驾", next_at=now + timedelta(days=3))

    assert (lead.status, lead.contacted_at, lead.due_at) == (api.LeadStatus.CONTACTED, now, now + timedelta(days=3))
    assert lead.is_phone_verified


def test_a_missed_call_does_not_stop_the_clock(follow, lead):
    due_at = lead.due_at

    lead = follow(api.FollowUpKind.CALL_MISSED, next_step="晚上再打")

    assert (lead.status, lead.due_at, lead.next_step) == (api.LeadStatus.ASSIGNED, due_at, "晚上再打")
    assert lead.contacted_at is None


def test_a_lead_is_never_without_a_next_step(follow, now):
    assert follow().due_at == now + timedelta(days=2)


def test_following_up_ends_the_alarm(follow, lead, now):
    api.Lead.objects.filter(pk=lead.pk).update(escalated_at=now)

    assert follow().escalated_at is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "DANCED"}, "kind"),
        ({"kind": api.FollowUpKind.ASKED_AGAIN}, "kind"),
        ({"kind": api.FollowUpKind.NOTE, "note": " "}, "note"),
        ({"next_at": timedelta(0)}, "next_at"),
        ({"next_at": timedelta(days=-1)}, "next_at"),
        ({"next_at": timedelta(days=181)}, "next_at"),
    ],
)
def test_refuses_bad_entries_and_changes_nothing(follow, lead, now, changes, field):
    if "next_at" in changes:
        changes = {"next_at": now + changes["next_at"]}

    with pytest.raises(InvalidFollowUp) as caught:
        follow(**changes)

    assert field in caught.value.fields
    assert not api.FollowUp.objects.exists()
    lead.refresh_from_db()
    assert lead.status == api.LeadStatus.ASSIGNED


def test_a_lead_is_won(follow, lead, sellers, dealer_id, now):
    follow()
    keys = {"lead_id": lead.pk, "organization_id": dealer_id, "by": sellers[0], "now": now}

    api.qualify_lead(**keys)
    won = api.win_lead(**keys, note="X123")

    assert (won.status, won.due_at, won.closed_at, won.outcome_note) == (api.LeadStatus.WON, None, now, "X123")


def test_nobody_is_won_who_was_not_spoken_to(lead, sellers, dealer_id, now):
    with pytest.raises(MoveNotAllowed):
        api.win_lead(lead_id=lead.pk, organization_id=dealer_id, by=sellers[0], now=now)

    lead.refresh_from_db()
    assert (lead.status, lead.closed_at) == (api.LeadStatus.ASSIGNED, None)


def test_a_lost_lead_says_why_and_can_be_taken_up_again(lead, sellers, dealer_id, now):
    keys = {"lead_id": lead.pk, "organization_id": dealer_id, "by": sellers[0], "now": now}
    with pytest.raises(ReasonRequired):
        api.lose_lead(**keys, lost_reason="BORED")

    lost = api.lose_lead(**keys, lost_reason=api.LostReason.PRICE)
    assert (lost.status, lost.shown_name, lost.masked_phone) == (api.LeadStatus.LOST, "王**", "")

    again = api.reopen_lead(**keys)
    again.refresh_from_db()
    assert (again.status, again.closed_at, again.due_at) == (api.LeadStatus.CONTACTED, None, now + timedelta(days=2))


@pytest.mark.parametrize("move", [api.qualify_lead, api.win_lead, api.reopen_lead])
def test_a_closed_lead_stays_closed(lead, sellers, dealer_id, now, follow, move):
    keys = {"lead_id": lead.pk, "organization_id": dealer_id, "by": sellers[0], "now": now}
    follow()
    api.win_lead(**keys)

    with pytest.raises(MoveNotAllowed):
        move(**keys)
    with pytest.raises(LeadClosed):
        follow()
    with pytest.raises(LeadClosed):
        api.reveal_phone(**keys, reason="回电")


def test_a_look_at_the_number_is_written_down(lead, sellers, dealer_id, now):
    keys = {"lead_id": lead.pk, "organization_id": dealer_id, "by": sellers[0], "now": now}
    with pytest.raises(ReasonRequired):
        api.reveal_phone(**keys, reason=" ")
    assert not api.ContactReveal.objects.exists()

    phone = api.reveal_phone(**keys, reason="约试驾")

    assert phone == lead.phone
    look = api.ContactReveal.objects.get()
    assert (look.by, look.reason, look.at) == (sellers[0], "约试驾", now)


def test_a_colleague_takes_over(lead, sellers, dealer_id, now):
    moved = api.reassign_lead(
        lead_id=lead.pk, organization_id=dealer_id, owner_id=sellers[1].pk, reason="休假", by=sellers[0], now=now
    )

    assert moved.owner == sellers[1]
    assert moved.assignments.order_by("-pk")[0].rule == api.AssignmentRule.BY_HAND


def test_a_stranger_takes_nothing_over(lead, sellers, dealer_id, now):
    stranger = make_member(Role.DEALER_CLERK)

    with pytest.raises(UnknownSeller):
        api.reassign_lead(
            lead_id=lead.pk, organization_id=dealer_id, owner_id=stranger.pk, reason="-", by=sellers[0], now=now
        )

    lead.refresh_from_db()
    assert lead.owner == sellers[0]


def test_a_lead_is_not_given_away_without_a_reason(lead, sellers, dealer_id, now):
    given = lead.assignments.count()

    with pytest.raises(ReasonRequired) as caught:
        api.reassign_lead(
            lead_id=lead.pk, organization_id=dealer_id, owner_id=sellers[1].pk, reason=" ", by=sellers[0], now=now
        )

    assert "reason" in caught.value.fields
    lead.refresh_from_db()
    assert (lead.owner, lead.assignments.count()) == (sellers[0], given)


class TestSellersOfAStore:
    def test_refuses_another_dealer_s_store_and_changes_nothing(self, store, sellers, now):
        manager = make_member(Role.DEALER_MANAGER)
        foreign = manager.memberships.get().organization_id

        with pytest.raises(UnknownSeller):
            api.set_sellers(store=store, organization_id=foreign, user_ids={manager.pk}, by=manager, now=now)

        assert not StoreSeller.objects.exists()

    def test_refuses_who_does_not_work_there_and_changes_nothing(self, store, sellers, dealer_id, now):
        api.set_sellers(store=store, organization_id=dealer_id, user_ids={sellers[1].pk}, by=None, now=now)
        stranger = make_member(Role.DEALER_CLERK)

        with pytest.raises(UnknownSeller):
            api.set_sellers(
                store=store, organization_id=dealer_id, user_ids={sellers[0].pk, stranger.pk}, by=None, now=now
            )

        assert list(StoreSeller.objects.filter(is_active=True).values_list("user", flat=True)) == [sellers[1].pk]


def test_another_dealer_finds_nothing(lead, now):
    stranger = make_member(Role.DEALER_MANAGER)
    foreign = stranger.memberships.get().organization_id
    keys = {"lead_id": lead.pk, "organization_id": foreign, "by": stranger, "now": now}

    for attempt in (
        lambda: api.access_lead(lead_id=lead.pk, organization_id=foreign),
        lambda: api.follow_up(**keys, kind=api.FollowUpKind.CALL_REACHED),
        lambda: api.qualify_lead(**keys),
        lambda: api.win_lead(**keys),
        lambda: api.lose_lead(**keys, lost_reason=api.LostReason.PRICE),
        lambda: api.reopen_lead(**keys),
        lambda: api.reveal_phone(**keys, reason="-"),
        lambda: api.reassign_lead(**keys, owner_id=stranger.pk, reason="-"),
        lambda: api.merge_leads(**keys, into_id=lead.pk),
    ):
        with pytest.raises(LeadNotFound):
            attempt()
    lead.refresh_from_db()
    assert lead.status == api.LeadStatus.ASSIGNED
    assert list(api.list_leads(foreign)) == []


class TestMerging:
    @pytest.fixture
    def pair(self, ask, sellers):
        return ask(phone="13600136000"), ask(phone="13600136000", message="想看白色")

    def test_two_leads_of_a_verified_number_become_one(self, pair, sellers, dealer_id, now):
        first, second = pair
        by = {"organization_id": dealer_id, "by": sellers[0], "now": now}
        api.follow_up(lead_id=first.pk, kind=api.FollowUpKind.CALL_REACHED, **by)

        staying = api.merge_leads(lead_id=second.pk, into_id=first.pk, **by)

        second.refresh_from_db()
        assert (second.status, second.merged_into_id) == (api.LeadStatus.MERGED, first.pk)
        assert (staying.owner, staying.times_asked, staying.message) == (first.owner, 2, "想看白色")
        assert api.list_twins(staying) == []

    def test_an_unverified_number_proves_nothing(self, pair, sellers, dealer_id, now):
        first, second = pair

        with pytest.raises(NotTheSamePerson):
            api.merge_leads(lead_id=second.pk, into_id=first.pk, organization_id=dealer_id, by=sellers[0], now=now)

        second.refresh_from_db()
        assert second.status == api.LeadStatus.ASSIGNED

    def test_different_numbers_are_different_people(self, ask, pair, sellers, dealer_id, now):
        first, other = pair[0], ask()
        by = {"organization_id": dealer_id, "by": sellers[0], "now": now}
        api.follow_up(lead_id=first.pk, kind=api.FollowUpKind.CALL_REACHED, **by)

        with pytest.raises(NotTheSamePerson):
            api.merge_leads(lead_id=other.pk, into_id=first.pk, **by)
        with pytest.raises(NotTheSamePerson):
            api.merge_leads(lead_id=first.pk, into_id=first.pk, **by)


class TestOverdue:
    def test_a_lead_nobody_called_goes_to_the_next_seller_once_and_then_to_the_manager(self, lead, sellers, now):
        later = now + timedelta(hours=3)

        assert api.pass_on_overdue(now=later) == [lead.pk]
        lead.refresh_from_db()
        assert (lead.owner, lead.due_at, lead.escalated_at) == (sellers[1], later + timedelta(hours=2), None)
        assert api.pass_on_overdue(now=later) == []

        much_later = later + timedelta(hours=2)
        assert api.pass_on_overdue(now=much_later) == [lead.pk]
        lead.refresh_from_db()
        assert (lead.owner, lead.escalated_at) == (sellers[1], much_later)
        notice = Notice.objects.get()
        assert (notice.organization, notice.code) == (lead.organization, "lead_escalated")
        assert notice.link == f"/dealer/leads/{lead.pk}/"
        assert api.pass_on_overdue(now=much_later + timedelta(days=1)) == []

    def test_a_store_with_one_seller_tells_the_manager_at_once(self, lead, sellers, now):
        sellers[1].memberships.update(is_active=False)

        api.pass_on_overdue(now=now + timedelta(hours=3))

        lead.refresh_from_db()
        assert (lead.owner, lead.times_passed_on) == (sellers[0], 0)
        assert lead.escalated_at is not None

    def test_a_lead_in_time_stays_where_it_is(self, lead, sellers, now):
        assert api.pass_on_overdue(now=now + timedelta(minutes=119)) == []

    def test_a_lead_in_contact_is_nobody_else_s(self, follow, sellers, now):
        follow()

        assert api.pass_on_overdue(now=now + timedelta(days=30)) == []
