"""Somebody is interested: the store gets a lead, once."""

from datetime import timedelta
from uuid import UUID

import pytest

from apps.catalog.api import UnknownConfiguration
from apps.dealers.api import UnknownStore
from apps.kernel.api import OutboxEvent
from apps.leads import api
from apps.leads.errors import ConsentRequired, InvalidContact, TooManyLeads
from apps.leads.models import SellerTurn
from tests.factories.catalog import make_trim
from tests.factories.dealers import make_store


def told() -> list[str]:
    """Names of the facts told so far."""
    return list(OutboxEvent.objects.filter(name__startswith="leads.").order_by("pk").values_list("name", flat=True))


def test_a_lead_goes_to_the_store_s_seller_with_a_clock(ask, sellers, store, now):
    lead = ask()

    assert (lead.status, lead.owner, lead.organization) == (
        api.LeadStatus.ASSIGNED,
        sellers[0],
        store.dealer.organization,
    )
    assert lead.due_at == now + timedelta(hours=2)
    assert told() == ["leads.lead_opened.v1", "leads.lead_assigned.v1"]


def test_what_was_agreed_to_is_kept_as_it_was_read(ask, sellers, now):
    lead = ask()

    assert (lead.consent_version, lead.consent_text, lead.consent_at) == (
        api.CONSENT_VERSION,
        str(api.CONSENT),
        now,
    )


def test_leads_go_round(ask, sellers):
    owners = [ask().owner for _ in range(5)]

    first, second = sellers
    assert owners == [first, second, first, second, first]


def test_a_store_with_sellers_of_its_own_asks_only_them(ask, sellers, store, now, dealer_id):
    api.set_sellers(store=store, organization_id=dealer_id, user_ids={sellers[1].pk}, by=None, now=now)

    assert {ask().owner for _ in range(3)} == {sellers[1]}


def test_who_left_gets_no_more_leads(ask, sellers):
    sellers[0].memberships.update(is_active=False)

    assert {ask().owner for _ in range(3)} == {sellers[1]}


def test_a_store_without_anybody_keeps_the_lead_for_its_manager_to_see(ask):
    lead = ask()

    assert (lead.status, lead.owner) == (api.LeadStatus.NEW, None)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"has_consent": False}, ConsentRequired, "consent"),
        ({"name": " \u200b "}, InvalidContact, "name"),
        ({"phone": "12345"}, InvalidContact, "phone"),
        ({"phone": ""}, InvalidContact, "phone"),
        ({"store_id": 0}, UnknownStore, None),
        ({"store_id": 2**70}, UnknownStore, None),
    ],
)
def test_refuses_and_writes_nothing(ask, sellers, changes, refusal, field):
    with pytest.raises(refusal) as caught:
        ask(**changes)

    assert field is None or field in caught.value.fields
    assert not api.Lead.objects.exists()
    assert not SellerTurn.objects.exists()
    assert told() == []


def test_a_closed_store_takes_no_leads(ask, store):
    store.is_open = False
    store.save()

    with pytest.raises(UnknownStore):
        ask()


def test_one_number_asks_three_times_a_day(ask, sellers, now):
    for _ in range(3):
        ask(phone="13700137000")

    with pytest.raises(TooManyLeads):
        ask(phone="+86 137 0013 7000")
    assert api.Lead.objects.count() == 3
    assert ask(phone="13700137000", now=now + timedelta(hours=25)).pk


def test_a_verified_person_who_asks_again_keeps_the_lead(ask, sellers, member, now):
    first = ask(phone="13900139000", member=member)

    again = ask(phone="13900139000", member=member, message="白色有现车吗？", now=now + timedelta(hours=1))

    assert again.pk == first.pk
    assert (again.times_asked, again.message, again.score) == (2, "白色有现车吗？", first.score + 10)
    assert again.owner == first.owner
    assert list(again.follow_ups.values_list("kind", flat=True)) == [api.FollowUpKind.ASKED_AGAIN]
    assert api.Lead.objects.count() == 1


def test_a_number_that_is_not_the_account_s_is_not_verified(ask, sellers, member):
    ask(phone="13900139000", member=member)

    other = ask(phone="13900139001", member=member)

    assert not other.is_phone_verified
    assert api.Lead.objects.count() == 2


def test_two_leads_of_an_unverified_number_stay_two_and_know_each_other(ask, sellers):
    first, second = ask(phone="13600136000"), ask(phone="13600136000")

    assert first.pk != second.pk
    assert api.list_twins(second) == [first]


def test_another_dealer_gets_a_lead_of_its_own(ask, sellers, member):
    first = ask(phone="13900139000", member=member)

    second = ask(phone="13900139000", member=member, store_id=make_store().pk)

    assert second.pk != first.pk
    assert second.organization != first.organization


def test_a_car_of_the_catalog_names_itself(db):
    trim = make_trim()

    interest = api.interest_in(product_id=trim.product_id)

    assert (interest.name_zh, interest.product_id) == (trim.product.title, trim.product_id)


def test_words_and_phone_are_not_readable_in_the_table(ask, sellers):
    from django.db import connection

    lead = ask(name="王小明", phone="13912345678")

    with connection.cursor() as cursor:
        cursor.execute("SELECT name || phone || phone_index FROM leads_lead WHERE id = %s", [lead.pk])
        row = cursor.fetchone()[0]
    assert "王小明" not in row
    assert "13912345678" not in row


@pytest.mark.django_db
@pytest.mark.parametrize(
    "about", [{}, {"product_id": 0}, {"configuration_id": UUID("00000000-0000-4000-8000-000000000000")}]
)
def test_nobody_is_interested_in_a_car_that_is_not_there(about):
    with pytest.raises(UnknownConfiguration):
        api.interest_in(**about)
