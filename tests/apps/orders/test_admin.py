"""HQ sees orders and acts by services; what must not be edited cannot be."""

import pytest

from apps.accounts.api import OrganizationKind, Role, ensure_role_permissions
from apps.orders.models import Fulfilment, PickupCode, ShippingRate
from tests.factories.accounts import make_company, make_member


@pytest.fixture
def staff(client, shop):
    ensure_role_permissions()
    user = make_member(Role.HQ_OPERATOR, shop.headquarters)
    client.force_login(user)
    return client


def act(staff, model, action, rows, **values):
    """Run an action on rows of a list."""
    body = {"action": action, "_selected_action": [row.pk for row in rows], **values}
    return staff.post(f"/admin/orders/{model}/", body, follow=True)


@pytest.mark.parametrize(
    "model",
    ["customerorder", "sellerorder", "fulfilment", "routingdecision", "shippingrate", "depositrule", "balancerule"],
)
def test_every_list_and_page_opens(staff, shop, model):
    shop.placed(shop.part(), shop.car(), method="pickup")
    listed = staff.get(f"/admin/orders/{model}/")
    assert listed.status_code == 200
    first = listed.context["cl"].queryset.first()
    assert staff.get(f"/admin/orders/{model}/{first.pk}/change/").status_code == 200


@pytest.mark.parametrize("model", ["customerorder", "sellerorder", "fulfilment", "routingdecision"])
def test_orders_are_not_edited_or_deleted_by_hand(staff, shop, model):
    shop.placed(shop.part())
    first = staff.get(f"/admin/orders/{model}/").context["cl"].queryset.first()
    assert staff.get(f"/admin/orders/{model}/add/").status_code == 403
    assert staff.post(f"/admin/orders/{model}/{first.pk}/change/", {"status": "COMPLETED"}).status_code == 403
    assert staff.post(f"/admin/orders/{model}/{first.pk}/delete/", {"post": "yes"}).status_code == 403


def test_personal_data_is_masked(staff, shop):
    order = shop.placed(shop.part())
    page = staff.get(f"/admin/orders/customerorder/{order.pk}/change/").content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "guest@example.com" not in page
    assert order.token_hash not in page


def test_cancelling_asks_for_a_reason_and_refunds(staff, shop):
    order = shop.placed(shop.part())
    act(staff, "customerorder", "call_off_orders", [order])
    assert shop.reload(order.number).status == "PLACED"
    act(staff, "customerorder", "call_off_orders", [order], reason="fraud")
    shop.refund_all()
    assert (shop.reload(order.number).status, shop.reload(order.number).refunded) == ("CANCELLED", order.total)


def test_headquarters_ships_from_its_own_sites_only(staff, shop):
    own = shop.placed(shop.car()).fulfilments.get()
    foreign = shop.placed(shop.part()).fulfilments.get()
    act(staff, "fulfilment", "accept_for_source", [own, foreign])
    act(staff, "fulfilment", "ship_for_source", [own, foreign], carrier="SF", tracking_number="1")
    assert [Fulfilment.objects.get(pk=one.pk).status for one in (own, foreign)] == ["SHIPPED", "PENDING"]
    act(staff, "fulfilment", "confirm_deliveries", [own])
    assert shop.reload(own.order.number).status == "COMPLETED"


def test_headquarters_sends_a_new_code(staff, shop):
    fulfilment = shop.walk_to_ready(shop.placed(shop.part(), method="pickup").fulfilments.get())
    act(staff, "fulfilment", "reissue_codes", [fulfilment])
    assert PickupCode.objects.count() == 2


def test_terms_in_force_are_closed_but_not_rewritten(staff):
    rate = ShippingRate.objects.get(kind="parcel")
    staff.post(
        f"/admin/orders/shippingrate/{rate.pk}/change/",
        {"amount": "1.00", "valid_until_0": "2027-01-01", "valid_until_1": "00:00:00"},
    )
    rate.refresh_from_db()
    assert str(rate.amount) == "12.00"
    assert rate.valid_until.year == 2026  # midnight in Shanghai


def test_an_auditor_looks_and_does_not_act(client, shop):
    ensure_role_permissions()
    client.force_login(make_member(Role.HQ_AUDITOR, shop.headquarters))
    order = shop.placed(shop.part())
    assert client.get("/admin/orders/customerorder/").status_code == 200
    act(client, "customerorder", "call_off_orders", [order], reason="x")
    assert shop.reload(order.number).status == "PLACED"


def test_a_dealer_does_not_enter(client, shop):
    client.force_login(make_member(Role.DEALER_MANAGER, make_company(OrganizationKind.DEALER)))
    assert client.get("/admin/orders/customerorder/").status_code in (302, 403)


def test_every_line_explains_its_price_by_its_versions_with_the_options_of_a_car(staff, shop):
    order = shop.placed(shop.part(price="120.00"), shop.car(price="169900.00"), method="pickup")
    page = staff.get(f"/admin/orders/customerorder/{order.pk}/change/").content.decode()

    for item in order.items.all():
        address = f"/admin/orders/customerorder/{order.pk}/price/{item.pk}/"
        assert address in page
        answer = staff.get(address)
        assert answer.context["told"].total.amount == item.unit_price
        assert (answer.context["told"].holds, answer.context["is_same"]) == (True, True)


def test_a_line_older_than_its_versions_is_explained_as_it_was_on_its_day(staff, shop):
    order = shop.placed(shop.part(price="120.00"))
    item = order.items.get()
    item.price_trace = {}
    item.save(update_fields=["price_trace"])

    answer = staff.get(f"/admin/orders/customerorder/{order.pk}/price/{item.pk}/")

    assert (answer.context["told"].holds, answer.context["is_same"]) == (None, True)


def test_a_line_is_explained_on_its_own_order_only(staff, shop):
    first, second = shop.placed(shop.part()), shop.placed(shop.part())
    item = second.items.get()
    assert staff.get(f"/admin/orders/customerorder/{first.pk}/price/{item.pk}/").status_code == 404
    assert staff.get(f"/admin/orders/customerorder/{second.pk}/price/0/").status_code == 404
