"""The order's page: for whom it opens, what it shows, what can be done on it."""

import pytest
from django.test import Client

from apps.dealers.api import Territory
from apps.orders.api import sign_order_link


@pytest.fixture
def order(shop, buyer):
    """A paid order of the buyer: one part, delivered home."""
    return shop.placed(shop.part(), user=buyer)


@pytest.mark.django_db
def test_shows_the_order_to_its_buyer(order, signed_in):
    page = signed_in.get(f"/orders/{order.number}/")

    assert page.status_code == 200
    assert [event["code"] for event in page.context["order"].timeline][-1] == "placed"
    assert [stage.is_done for stage in page.context["stages"]] == [True, True, False, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "pay/", "cancel/", "again/", "fulfilments/1/received/"])
def test_is_404_for_everybody_else(path, order, visitor):
    stranger = Client()
    address = f"/orders/{order.number}/{path}"

    for client in (visitor, stranger):
        answer = client.post(address, {"reason": "x", "provider": "alipay"}) if path else client.get(address)
        assert answer.status_code == 404
    order.refresh_from_db()
    assert order.status == "PLACED"


@pytest.mark.django_db
def test_another_buyers_order_reads_like_one_that_does_not_exist(shop, signed_in):
    foreign = shop.placed(shop.part())

    assert signed_in.get(f"/orders/{foreign.number}/").status_code == 404
    assert signed_in.get(f"/checkout/pay/{foreign.number}/").status_code == 404


@pytest.mark.django_db
def test_the_signed_link_opens_it_and_leaves_the_address_bar(shop, visitor):
    order = shop.placed(shop.part())
    token = sign_order_link(order.number)

    answer = visitor.get(f"/orders/{order.number}/?token={token}")

    assert answer.url == f"/orders/{order.number}/"
    assert visitor.get(answer.url).status_code == 200


@pytest.mark.django_db
def test_a_forged_link_opens_nothing(shop, visitor):
    order = shop.placed(shop.part())

    assert visitor.get(f"/orders/{order.number}/?token=forged").status_code == 404
    assert visitor.get(f"/orders/{order.number}/").status_code == 404


@pytest.mark.django_db
def test_cancelling_asks_why_and_keeps_the_order_until_told(order, signed_in):
    answer = signed_in.post(f"/orders/{order.number}/cancel/", {"reason": ""})

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    order.refresh_from_db()
    assert order.status == "PLACED"


@pytest.mark.django_db
def test_cancels_and_shows_the_refund(order, signed_in, shop):
    signed_in.post(f"/orders/{order.number}/cancel/", {"reason": "买错了"})
    shop.refund_all()

    page = signed_in.get(f"/orders/{order.number}/")
    assert page.context["order"].status == "CANCELLED"
    assert page.context["order"].refunded == page.context["order"].paid
    assert page.context["stages"] == []
    assert "Order again" in page.content.decode()


@pytest.mark.django_db
def test_orders_again_what_was_called_off(order, signed_in, shop):
    signed_in.post(f"/orders/{order.number}/cancel/", {"reason": "mistake"})

    assert signed_in.post(f"/orders/{order.number}/again/").url == "/cart/"
    assert len(signed_in.get("/cart/").context["cart"].lines) == 1


@pytest.mark.django_db
def test_the_account_lists_own_orders_only(order, shop, signed_in):
    shop.placed(shop.part())

    assert [row.number for row in signed_in.get("/account/").context["orders"]] == [order.number]


@pytest.mark.django_db
def test_a_prepaid_car_shows_its_stages_to_the_hand_over(shop, buyer, signed_in):
    Territory.objects.update(is_void=True)  # the demo's Pudong belongs to one of its dealers alone
    order = shop.placed(shop.car(), user=buyer, method="pickup", plan="deposit")
    fulfilment = order.fulfilments.get()
    assert _stages(signed_in, order) == [True, True, False, False, False, False]

    shop.walk_to_ready(fulfilment)
    assert _stages(signed_in, order) == [True, True, True, True, False, False]
    page = signed_in.get(f"/orders/{order.number}/").content.decode()
    assert "Pay the balance" in page

    shop.pay_balance(order)
    assert _stages(signed_in, order) == [True, True, True, True, True, False]


def _stages(client: Client, order) -> list[bool]:
    return [stage.is_done for stage in client.get(f"/orders/{order.number}/").context["stages"]]
