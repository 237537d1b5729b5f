"""Checkout and cashier: what a form must say, what is kept when it does not, and what is never ordered twice."""

import pytest

from apps.orders.api import CustomerOrder
from apps.payments.errors import ProviderUnavailable


def new_orders():
    """Orders of the test: the demo's world holds one of its own."""
    return CustomerOrder.objects.exclude(user__email="consumer2@demo.example")


@pytest.fixture
def guest(reader, part, put_in_cart, gateway):
    """A visitor with a part in the cart."""
    put_in_cart(reader, part)
    return reader


@pytest.mark.django_db
def test_an_empty_cart_cannot_be_checked_out(reader):
    assert reader.get("/checkout/").url == "/cart/"
    assert reader.post("/checkout/", {}).url == "/cart/"


@pytest.mark.django_db
def test_a_guest_orders_and_comes_to_the_cashier(guest, fill_in):
    answer = guest.post("/checkout/", fill_in(guest))

    order = new_orders().get()
    assert answer.url == f"/checkout/pay/{order.number}/"
    page = guest.get(answer.url)
    assert page.status_code == 200
    assert page.context["payment"].amount == order.money("total")
    assert "<svg" in page.context["qr"] or page.context["payment"].action.type == "redirect"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "", "phone": ""}, "email"),
        ({"email": "not-an-address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"line": ""}, "line"),
        ({"recipient_phone": "1"}, "recipient_phone"),
        ({"method": "pickup", "store_id": ""}, "store_id"),
        ({"method": "pickup", "store_id": "999999"}, "store_id"),
        ({"provider": "cash"}, "provider"),
        ({"method": "teleport"}, "method"),
    ],
)
def test_a_refusal_names_the_field_keeps_the_rest_and_orders_nothing(changes, field, guest, fill_in):
    answer = guest.post("/checkout/", fill_in(guest, **changes))

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    page = answer.content.decode()
    assert f'<a href="#id_{field}">' in page
    assert f'id="id_{field}' in page
    assert "浦东新区" in page
    assert not new_orders().exists()
    assert guest.get("/cart/").context["cart"].lines


@pytest.mark.django_db
def test_a_prepayment_without_a_car_is_refused(guest, fill_in):
    answer = guest.post("/checkout/", fill_in(guest, plan="deposit"))

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not new_orders().exists()


@pytest.mark.django_db
def test_a_price_that_changed_is_shown_before_anything_is_ordered(guest, fill_in):
    form = fill_in(guest, expected_total="1.00")
    answer = guest.post("/checkout/", form)

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert "浦东新区" in answer.content.decode()
    assert not new_orders().exists()
    # Sent again as it came back it is ordered.
    total = answer.context["form"]["expected_total"].value()
    assert total == str(answer.context["cart"].total.amount)
    assert guest.post("/checkout/", {**form, "expected_total": total}).status_code == 302
    assert new_orders().count() == 1


@pytest.mark.django_db
def test_sending_the_form_twice_makes_one_order(guest, fill_in):
    form = fill_in(guest)

    first, second = guest.post("/checkout/", form), guest.post("/checkout/", form)

    assert first.url == second.url
    assert new_orders().count() == 1


@pytest.mark.django_db
def test_a_provider_that_is_down_keeps_the_order_and_the_form(guest, fill_in, gateway, monkeypatch):
    form = fill_in(guest)
    with monkeypatch.context() as patch:
        patch.setattr(gateway, "create", _refuse)
        answer = guest.post("/checkout/", form)

    assert answer.status_code == 503
    assert form["key"] in answer.content.decode()
    again = guest.post("/checkout/", form)
    assert again.url == f"/checkout/pay/{new_orders().get().number}/"


def _refuse(order):
    raise ProviderUnavailable(provider="wechatpay")


@pytest.mark.django_db
def test_a_signed_in_buyer_need_not_say_again_how_to_be_reached(signed_in, buyer, part, put_in_cart, gateway, fill_in):
    put_in_cart(signed_in, part)

    assert signed_in.get("/checkout/").context["form"].initial["email"] == buyer.email
    signed_in.post("/checkout/", fill_in(signed_in, email=""))

    assert new_orders().get().user == buyer


@pytest.mark.django_db
def test_the_cashier_polls_until_the_payment_is_known(guest, fill_in, gateway, shop):
    cashier = guest.post("/checkout/", fill_in(guest)).url
    waiting = guest.get(cashier, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in waiting.content.decode()

    shop.pay(guest.get(cashier).context["payment"])

    order = new_orders().get()
    assert guest.get(cashier, headers={"HX-Request": "true"}).headers["HX-Redirect"] == f"/orders/{order.number}/"
    assert guest.get(cashier).url == f"/orders/{order.number}/"


@pytest.mark.django_db
def test_the_cashier_waits_for_an_order_that_does_not_know_of_its_money_yet(guest, fill_in, shop):
    cashier = guest.post("/checkout/", fill_in(guest)).url

    shop.capture(guest.get(cashier).context["payment"].number)

    assert "Payment received" in guest.get(cashier).content.decode()
    order = guest.get(cashier.replace("/checkout/pay/", "/orders/")).content.decode()
    assert "Payment received" in order
    assert 'name="provider"' not in order
    shop.drain()
    assert guest.get(cashier).status_code == 302


@pytest.mark.django_db
def test_pays_by_another_provider(guest, fill_in):
    guest.post("/checkout/", fill_in(guest))
    number = new_orders().get().number

    answer = guest.post(f"/orders/{number}/pay/", {"provider": "alipay", "tender": "full"})

    assert answer.url == f"/checkout/pay/{number}/"
    assert guest.get(answer.url).context["payment"].provider == "alipay"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", [{"provider": "cash", "tender": "full"}, {"provider": "alipay", "tender": "balance"}, {}]
)
def test_refuses_payments_nobody_owes(asked, guest, fill_in):
    guest.post("/checkout/", fill_in(guest))
    number = new_orders().get().number

    answer = guest.post(f"/orders/{number}/pay/", asked, follow=True)

    assert answer.redirect_chain == [(f"/orders/{number}/", 302)]
    assert "notice--bad" in answer.content.decode()
