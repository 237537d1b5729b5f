"""Carts: what adds up, what is refused, whose it is, and what a voucher takes off."""

from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.catalog.api import configure
from apps.catalog.errors import InvalidQuantity, NotForSale, PartDoesNotFit, UnknownConfiguration
from apps.catalog.models import Offer
from apps.kernel.api import Money, ports, sum_money
from apps.orders import api
from apps.orders.errors import CartLineNotFound, PriceChanged, TooManyLines, VoucherUnknown
from apps.orders.ports import VoucherDiscount
from apps.orders.services import carts
from apps.shop.api import Basket
from tests.factories.accounts import make_user
from tests.factories.catalog import make_fitment, make_trim
from tests.factories.dealers import make_supplier
from tests.factories.orders import make_site


def lines_of(view):
    return [(line.product_id, line.quantity) for line in view.lines]


def test_a_line_put_in_for_a_page_that_leads_on_is_the_same_line(shop):
    part = shop.part()
    cart_id = api.put_line(cart_ref=api.CartRef(user_id=None), product_id=part.pk, quantity=2, now=shop.now)
    ref = api.CartRef(user_id=None, cart_id=cart_id)
    assert api.put_line(cart_ref=ref, product_id=part.pk, quantity=3, now=shop.now) == cart_id
    assert lines_of(api.get_cart(ref, now=shop.now)) == [(part.pk, 5)]

    with pytest.raises(InvalidQuantity):
        api.put_line(cart_ref=ref, product_id=part.pk, quantity=0, now=shop.now)
    assert lines_of(api.get_cart(ref, now=shop.now)) == [(part.pk, 5)]


def test_the_same_product_adds_to_its_line(shop):
    part = shop.part()
    ref = shop.cart((part, 2), (part, 3))
    assert lines_of(api.get_cart(ref, now=shop.now)) == [(part.pk, 5)]


def test_a_line_never_holds_more_than_one_may_order(shop):
    part = shop.part()
    ref = shop.cart((part, 999))
    with pytest.raises(InvalidQuantity):
        api.add_line(cart_ref=ref, product_id=part.pk, quantity=1, now=shop.now)
    with pytest.raises(InvalidQuantity):
        api.add_line(cart_ref=ref, product_id=part.pk, quantity=-998, now=shop.now)
    assert lines_of(api.get_cart(ref, now=shop.now)) == [(part.pk, 999)]


def test_a_cart_holds_so_many_different_things(shop, monkeypatch):
    monkeypatch.setattr(carts, "MOST_LINES", 2)
    ref = shop.cart(shop.part(), shop.part())
    with pytest.raises(TooManyLines):
        api.add_line(cart_ref=ref, product_id=shop.part().pk, quantity=1, now=shop.now)


def test_two_configurations_of_a_car_are_two_lines(shop):
    car = shop.car(price="169900.00")
    red = configure(product_id=car.pk, option_codes=["PAINT-RED"], by=None, now=shop.now)
    view = api.add_line(cart_ref=api.CartRef(), product_id=car.pk, quantity=1, now=shop.now)
    ref = api.CartRef(cart_id=view.id)
    view = api.add_line(cart_ref=ref, product_id=car.pk, quantity=1, configuration_id=red.pk, now=shop.now)
    assert [str(line.total) for line in view.lines] == ["169900.00 CNY", "172900.00 CNY"]
    order = shop.placed_cart(ref, method="pickup")
    assert [item.option_codes[0] for item in order.items.order_by("position")] == ["PAINT-WHITE", "PAINT-RED"]
    assert {entry["name"] for entry in api.get_order_view(order).lines[1].options} >= {"PAINT-RED"}


def test_a_configuration_of_another_car_is_refused(shop):
    with pytest.raises(UnknownConfiguration):
        api.add_line(
            cart_ref=api.CartRef(), product_id=shop.car().pk, quantity=1, configuration_id=uuid4(), now=shop.now
        )
    assert not Basket.objects.exists()


def test_a_part_that_does_not_fit_the_car_is_refused(shop):
    part, mine, other = shop.part(), make_trim(), make_trim()
    make_fitment(part, mine)
    fitting = {"product_id": part.pk, "quantity": 1, "now": shop.now}
    view = api.add_line(cart_ref=api.CartRef(), vehicle_id=mine.product_id, **fitting)
    with pytest.raises(PartDoesNotFit):
        api.add_line(cart_ref=api.CartRef(cart_id=view.id), vehicle_id=other.product_id, **fitting)
    order = shop.placed_cart(api.CartRef(cart_id=view.id))
    assert order.items.get().vehicle_id == mine.product_id


def test_what_is_no_longer_sold_stays_visible_and_cannot_be_ordered(shop):
    gone, kept = shop.part(price="100.00"), shop.part(price="120.00")
    ref = shop.cart(gone, kept)
    Offer.objects.filter(product=gone).update(status="PAUSED")
    view = api.get_cart(ref, now=shop.now)
    assert [(line.available, bool(line.problem), line.title_zh) for line in view.lines] == [
        (False, True, gone.title), (True, False, kept.title),
    ]  # fmt: skip
    assert view.total == Money.of("120.00")
    with pytest.raises(NotForSale):
        shop.check_out(ref)
    assert not api.CustomerOrder.objects.exists()


def test_a_line_shows_whether_all_its_pieces_are_there(shop):
    ref = shop.cart((shop.part(stock=1), 2), (shop.part(stock=2), 2))
    assert [line.available for line in api.get_cart(ref, now=shop.now).lines] == [False, True]


def test_an_emptied_line_is_gone(shop):
    ref = shop.cart(shop.part(), shop.part())
    first, second = api.get_cart(ref, now=shop.now).lines
    view = api.remove_line(cart_ref=ref, line_id=first.id, now=shop.now)
    assert [line.id for line in view.lines] == [second.id]
    with pytest.raises(CartLineNotFound):
        api.change_line(cart_ref=ref, line_id=first.id, quantity=2, now=shop.now)


def test_freight_shows_in_the_cart_and_pickup_takes_it_away(shop):
    ref = shop.cart(shop.part(price="60.00"))
    view = api.get_cart(ref, now=shop.now)
    assert (str(view.shipping), str(view.total), str(view.pickup_total)) == ("12.00 CNY", "72.00 CNY", "60.00 CNY")
    result = shop.check_out_blind(ref, method="pickup", expected_total=view.total)
    assert str(result.payment.amount) == "60.00 CNY"


def test_a_delivery_is_not_sold_at_the_price_of_a_pickup(shop):
    ref = shop.cart(shop.part(price="60.00"))
    with pytest.raises(PriceChanged) as refusal:
        shop.check_out_blind(ref, expected_total=Money.of("60.00"))
    assert refusal.value.context["total"] == Money.of("72.00")


# Whose cart


def test_a_user_has_one_open_cart(shop):
    user = make_user()
    shop.cart(shop.part(), user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Basket.objects.create(owner=user, status=Basket.OPEN)


def test_signing_in_merges_what_both_carts_hold(shop):
    user = make_user()
    both, mine, gathered = shop.part(), shop.part(), shop.part()
    shop.cart((both, 2), mine, user=user)
    visitor = shop.cart((both, 5), gathered)
    ref = api.CartRef(user_id=user.pk, cart_id=visitor.cart_id)
    api.merge_carts(cart_ref=ref, now=shop.now)
    api.merge_carts(cart_ref=ref, now=shop.now)
    view = api.get_cart(ref, now=shop.now)
    assert sorted(lines_of(view)) == sorted([(both.pk, 5), (mine.pk, 1), (gathered.pk, 1)])
    assert api.get_cart(api.CartRef(cart_id=visitor.cart_id), now=shop.now).lines == ()


def test_another_users_cart_is_never_merged(shop):
    other, user = make_user(), make_user()
    theirs = shop.cart(shop.part(), user=other)
    api.merge_carts(cart_ref=api.CartRef(user_id=user.pk, cart_id=theirs.cart_id), now=shop.now)
    assert api.get_cart(api.CartRef(user_id=user.pk), now=shop.now).lines == ()
    assert api.get_cart(api.CartRef(cart_id=theirs.cart_id), now=shop.now).lines == ()


# Vouchers


@dataclass
class TenOff:
    """A book with one voucher: ten off the first line it meets."""

    used: list = field(default_factory=list)
    given_back: list = field(default_factory=list)

    def check(self, *, code, user_id, at):
        if code.upper() != "TEN":
            raise VoucherUnknown(voucher=code)
        return "TEN"

    def discounts(self, *, codes, lines, user_id, at):
        return [VoucherDiscount(code="TEN", name="Ten off", by_line={lines[0].ref: Money.of("10.00")})] if lines else []

    def claim(self, *, codes, order_number, user_id, at):
        self.used.append((list(codes), order_number))

    def release(self, *, order_number, at):
        self.given_back.append(order_number)


@pytest.fixture
def book():
    vouchers = TenOff()
    with ports.using({"orders.vouchers": vouchers}):
        yield vouchers


def test_a_voucher_takes_off_its_discount_and_is_used_once(shop, book):
    other = make_site(make_supplier().organization)
    ref = shop.cart(shop.part(price="113.00"), shop.part(price="50.00", site=other))
    with pytest.raises(VoucherUnknown):
        api.add_voucher(cart_ref=ref, code="TWENTY", now=shop.now)
    api.add_voucher(cart_ref=ref, code="ten", now=shop.now)
    view = api.add_voucher(cart_ref=ref, code="TEN", now=shop.now)
    assert [voucher["code"] for voucher in view.vouchers] == ["TEN"]
    assert (str(view.discount), str(view.total)) == ("10.00 CNY", "153.00 CNY")
    order = shop.placed_cart(ref)
    assert book.used == [(["TEN"], order.number)]
    assert [str(item.discount) for item in order.items.order_by("position")] == ["10.00", "0.00"]
    discounts = sum_money(Money(one.discount) for one in order.seller_orders.all())
    assert discounts == Money.of("10.00") == Money(order.discount)
    assert Money(order.items.order_by("position").first().tax) == Money.of("11.85")


def test_an_order_that_ends_gives_its_vouchers_back(shop, book):
    ref = shop.cart(shop.part(price="113.00"))
    api.add_voucher(cart_ref=ref, code="TEN", now=shop.now)
    order = shop.placed_cart(ref)
    api.call_off(number=order.number, reason="x", by=None, now=shop.now)
    assert book.given_back == [order.number]


def test_a_voucher_can_be_taken_out_again(shop, book):
    ref = shop.cart(shop.part(price="113.00"))
    api.add_voucher(cart_ref=ref, code="TEN", now=shop.now)
    view = api.remove_voucher(cart_ref=ref, code="TEN", now=shop.now)
    assert (view.vouchers, str(view.discount)) == ((), "0.00 CNY")
