"""From facts to messages: everybody hears of what is theirs, and of nothing else."""

import json

import pytest

from apps.accounts.api import OrganizationKind
from apps.integrations.webhooks.api import (
    CATALOGUE,
    WebhookDelivery,
    pause_endpoint,
    remove_endpoint,
    tell_of_order,
    tell_of_rerouting,
)
from apps.orders.api import accept_fulfilment, cancel_order, sign_order_link
from apps.suppliers.api import suspend_supplier
from tests.factories.accounts import make_company
from tests.factories.orders import ADDRESS, GUEST
from tests.factories.webhooks import make_endpoint

URL = "http://127.0.0.1:9000"
EVERYTHING = [event.name for event in CATALOGUE.values()]


@pytest.fixture
def listen(shop):
    """``listen(organization)``: it wants to hear of everything it may."""

    def make(organization):
        names = [event.name for event in CATALOGUE.values() if organization.kind in event.kinds]
        return make_endpoint(organization, f"{URL}/{organization.code}", *names, now=shop.now)

    return make


def told(endpoint, event_type=None):
    """The data of what an endpoint is told, in order."""
    rows = endpoint.deliveries.order_by("pk")
    return [json.loads(row.body)["data"] for row in (rows.filter(event_type=event_type) if event_type else rows)]


def test_a_supplier_hears_of_its_order_from_the_first_step_to_the_last(shop, listen):
    endpoint, stranger = listen(shop.supplier), listen(make_company(OrganizationKind.SUPPLIER))
    order = shop.placed((shop.part(), 2))
    fulfilment = order.fulfilments.get()
    accept_fulfilment(fulfilment_id=fulfilment.pk, organization_id=shop.supplier.pk, by=None, now=shop.now)
    shop.drain()

    (created,) = told(endpoint, "fulfilment.created")
    assert created == {
        "fulfilment_id": fulfilment.pk,
        "order_number": order.number,
        "seller_order": fulfilment.seller_order.number,
        "method": "delivery",
        "status": "PENDING",
        "role": "source",
        "site": shop.warehouse.code,
        "lines": [{"sku": created["lines"][0]["sku"], "quantity": 2}],
    }
    (moved,) = told(endpoint, "fulfilment.updated")
    assert (moved["move"], moved["status"]) == ("accept", "PICKED")
    assert told(endpoint, "stock.changed")[-1]["site"] == shop.warehouse.code
    assert told(stranger) == []


def test_no_message_carries_a_person_or_a_price_of_others(shop, listen):
    endpoints = [listen(shop.supplier), listen(shop.dealer), listen(shop.headquarters)]
    order = shop.placed(shop.part(), shop.car(), method="pickup")
    cancel_order(
        number=order.number, reason="ring me at 13800138000", by=None, token=sign_order_link(order.number), now=shop.now
    )
    shop.drain()

    text = "".join(WebhookDelivery.objects.values_list("body", flat=True))
    assert all(told(endpoint) for endpoint in endpoints)
    for secret in (ADDRESS.name, ADDRESS.phone, ADDRESS.line, GUEST.email, "13800138000"):
        assert secret not in text


def test_both_sides_of_a_pickup_hear_of_it_in_their_own_role(shop, listen):
    source, receiver = listen(shop.headquarters), listen(shop.dealer)
    shop.placed(shop.car(), method="pickup", plan="deposit")

    assert [data["role"] for data in told(source, "fulfilment.created")] == ["source"]
    assert [data["role"] for data in told(receiver, "fulfilment.created")] == ["receiver"]


def test_an_order_that_was_prepaid_and_then_paid_is_told_once(shop, listen):
    endpoint = listen(shop.dealer)
    order = shop.placed(shop.car(), method="pickup", plan="deposit")
    shop.pay_balance(order)

    assert len(told(endpoint, "fulfilment.created")) == 1
    assert tell_of_order(order_number=order.number, at=shop.now) == []


def test_a_seller_hears_of_its_own_part_of_a_cancelled_order(shop, listen):
    supplier, headquarters = listen(shop.supplier), listen(shop.headquarters)
    order = shop.placed(shop.part(), shop.package())
    cancel_order(number=order.number, reason="x", by=None, token=sign_order_link(order.number), now=shop.now)
    shop.drain()

    (mine,) = told(supplier, "seller_order.cancelled")
    (theirs,) = told(headquarters, "seller_order.cancelled")
    assert mine["order_number"] == theirs["order_number"] == order.number
    assert mine["seller_order"] != theirs["seller_order"]


def test_a_fulfilment_that_went_elsewhere_is_told_to_both(shop, listen):
    old, new = listen(shop.supplier), listen(make_company(OrganizationKind.SUPPLIER))
    fulfilment = shop.placed(shop.part()).fulfilments.get()

    tell_of_rerouting(
        fulfilment_id=fulfilment.pk,
        from_organization_id=old.organization_id,
        to_organization_id=new.organization_id,
        key="1",
        at=shop.now,
    )

    assert told(old, "fulfilment.withdrawn") == [
        {"fulfilment_id": fulfilment.pk, "order_number": fulfilment.order.number}
    ]
    assert [data["fulfilment_id"] for data in told(new)] == [fulfilment.pk]


def test_a_supplier_hears_where_it_stands(shop, listen):
    endpoint = listen(shop.supplier)
    suspend_supplier(organization_id=shop.supplier.pk, reason="x", by=None, now=shop.now)
    shop.drain()

    assert told(endpoint, "supplier.status_changed") == [{"status": "SUSPENDED"}]


def test_only_what_was_chosen_is_told(shop):
    endpoint = make_endpoint(shop.supplier, URL, "seller_order.completed", now=shop.now)
    shop.placed(shop.part())

    assert told(endpoint) == []


def test_a_paused_endpoint_is_told_later_and_a_removed_one_never(shop, listen):
    paused, removed = listen(shop.supplier), make_endpoint(shop.supplier, URL, "fulfilment.created", now=shop.now)
    keys = {"organization_id": shop.supplier.pk, "by": None, "now": shop.now}
    pause_endpoint(endpoint_id=paused.pk, **keys)
    remove_endpoint(endpoint_id=removed.pk, **keys)
    shop.placed(shop.part())

    assert len(told(paused, "fulfilment.created")) == 1
    assert told(removed) == []


def test_every_event_of_the_catalogue_is_documented():
    for event in CATALOGUE.values():
        assert event.title
        assert event.when
        assert event.example
        json.dumps(event.example)
