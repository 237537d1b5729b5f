"""What dealers are told of, on their board and on the to-do home, and what their own systems hear."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from apps.accounts.api import Role
from apps.dealers.api import block_dealer, lift_block, restore_dealer, suspend_dealer
from apps.leads import api as leads
from apps.notifications.api import Notice, answer_organization, list_notices
from apps.orders.api import cancel_order, sign_order_link
from apps.portals.dealer.notices import tell_rerouted_order, tell_status
from tests.factories.accounts import make_user
from tests.factories.dealers import make_dealer
from tests.factories.webhooks import make_endpoint

CAR = leads.Interest(name_zh="星驰 天枢", name_en="Xingchi Tianshu")


def codes(organization) -> list[str]:
    """What an organization was told, in order."""
    return list(Notice.objects.filter(organization=organization).order_by("pk").values_list("code", flat=True))


@pytest.fixture
def ask(shop):
    """Return a function: somebody asks the store."""

    def make(**changes):
        values = {
            "source": leads.LeadSource.CONFIGURATOR,
            "store_id": shop.store.pk,
            "name": "林晚晴",
            "phone": "13912345678",
            "has_consent": True,
            "interest": CAR,
            "by": None,
            "now": shop.now,
        }
        lead = leads.open_lead(**{**values, **changes})
        shop.drain()
        return lead

    return make


@pytest.fixture
def reader(db):
    return make_user()


def titles(organization, reader) -> list[str]:
    """The notices' titles as somebody reads them, newest first."""
    return [one.title for one in list_notices(organization_id=organization.pk, user_id=reader.pk)]


def test_the_store_s_dealer_is_told_of_a_new_order_once_in_the_reader_s_words(shop, reader):
    order = shop.placed(shop.car(), method="pickup")
    shop.drain()

    assert codes(shop.dealer) == ["new_pickup"]
    with translation.override("en"):
        assert titles(shop.dealer, reader) == [f"New order {order.number} for {shop.store.name_en}"]
    with translation.override("zh-hans"):
        assert titles(shop.dealer, reader) == [f"新订单 {order.number}：{shop.store.name_zh}"]
    notice = Notice.objects.get(organization=shop.dealer)
    assert notice.link == reverse("dealer-order", args=[order.fulfilments.get().pk])


def test_a_prepaid_order_is_told_once_from_the_prepayment_on(shop):
    shop.placed(shop.car(), method="pickup", plan="deposit")

    assert codes(shop.dealer) == ["new_pickup"]


def test_a_dealer_is_told_of_what_its_own_shelf_ships(shop):
    shop.placed(shop.part(site=shop.store.site))

    assert codes(shop.dealer) == ["new_order"]


def test_nobody_is_told_of_what_others_ship(shop):
    other = make_dealer().organization
    shop.placed(shop.part())

    assert codes(shop.dealer) == codes(other) == []


def test_a_cancelled_order_is_told_to_whom_it_was_promised(shop):
    order = shop.placed(shop.car(), method="pickup")
    cancel_order(number=order.number, reason="x", by=None, token=sign_order_link(order.number), now=shop.now)
    shop.drain()

    assert codes(shop.dealer) == ["new_pickup", "pickup_cancelled"]


def test_an_order_that_was_never_paid_is_nobody_s_news(shop):
    number = shop.order(shop.car(), method="pickup").order_number
    cancel_order(number=number, reason="x", by=None, token=sign_order_link(number), now=shop.now)
    shop.drain()

    assert codes(shop.dealer) == []


def test_an_order_that_went_elsewhere_is_told_to_both_dealers(shop):
    fulfilment = shop.placed(shop.part()).fulfilments.get()
    old, new = make_dealer().organization, make_dealer().organization

    for _ in range(2):
        tell_rerouted_order(
            fulfilment_id=fulfilment.pk,
            from_organization_id=old.pk,
            to_organization_id=new.pk,
            cause="1",
            now=shop.now,
        )
    tell_rerouted_order(
        fulfilment_id=fulfilment.pk,
        from_organization_id=shop.supplier.pk,
        to_organization_id=shop.supplier.pk,
        cause="2",
        now=shop.now,
    )

    assert (codes(old), codes(new)) == (["order_went_elsewhere"], ["new_order"])
    assert codes(shop.supplier) == ["new_order"]


def test_a_new_lead_is_told_without_the_person(shop, ask, reader):
    lead = ask()

    assert codes(shop.dealer) == ["new_lead"]
    notice = Notice.objects.get(organization=shop.dealer)
    assert notice.link == reverse("dealer-lead", args=[lead.pk])
    assert "林晚晴" not in json.dumps(notice.context, ensure_ascii=False)
    assert "5678" not in json.dumps(notice.context)
    with translation.override("en"):
        assert titles(shop.dealer, reader) == ["New lead: Xingchi Tianshu"]


@pytest.mark.parametrize("source", [leads.LeadSource.WALK_IN, leads.LeadSource.PHONE])
def test_whom_the_store_wrote_down_itself_is_no_news(shop, ask, source):
    ask(source=source)

    assert codes(shop.dealer) == []


def test_a_dealer_hears_where_it_stands_and_so_does_its_system(shop, settings):
    settings.WEBHOOKS = {"DEADLINE": 2.0, "ALLOW_LOOPBACK": True}
    endpoint = make_endpoint(shop.dealer, "http://127.0.0.1:9000", "dealer.status_changed", now=shop.now)
    keys = {"organization_id": shop.dealer.pk, "now": shop.now}
    suspend_dealer(**keys, reason="x", by=None)
    restore_dealer(**keys, reason="x", by=None)
    block_dealer(**keys, reason="expired:licence")
    block_dealer(**keys, reason="expired:contract")
    lift_block(**keys)
    lift_block(**keys)
    shop.drain()

    assert codes(shop.dealer) == ["dealer_suspended", "dealer_approved", "dealer_blocked", "dealer_approved"]
    told = [json.loads(row.body)["data"] for row in endpoint.deliveries.order_by("pk")]
    assert told == [
        {"status": "SUSPENDED", "is_blocked": False},
        {"status": "APPROVED", "is_blocked": False},
        {"status": "APPROVED", "is_blocked": True},
        {"status": "APPROVED", "is_blocked": False},
    ]


@pytest.mark.parametrize("status", ["INVITED", "APPLIED", "ONBOARDING", "READY_FOR_REVIEW", "REJECTED"])
def test_steps_of_the_application_are_its_own_to_tell(shop, status):
    tell_status(organization_id=shop.dealer.pk, status=status, is_blocked=False, cause="1", now=shop.now)

    assert codes(shop.dealer) == []


def test_the_home_shows_what_was_not_read_until_it_was(shop, sign_in, ask):
    clerk = sign_in(Role.DEALER_CLERK, shop.dealer)
    ask()
    assert "New lead: Xingchi Tianshu" in clerk.get(reverse("dealer-home")).content.decode()

    clerk.get(reverse("dealer-messages"))

    assert "New lead:" not in clerk.get(reverse("dealer-home")).content.decode()


def test_the_home_says_that_headquarters_answered(shop, sign_in):
    manager = sign_in(Role.DEALER_MANAGER, shop.dealer)
    answer_organization(organization_id=shop.dealer.pk, text="好的。", by=None, now=shop.now)

    assert "Headquarters wrote to you" in manager.get(reverse("dealer-home")).content.decode()
