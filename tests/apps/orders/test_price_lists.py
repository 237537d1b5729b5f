"""Prices of where the goods go: told before anything is ordered, kept with the line, derived again later."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.catalog.api import end_version, explain_price, publish_version, set_offer_price
from apps.kernel.api import Money, ports
from apps.orders import api
from apps.orders.errors import PriceChanged
from tests.factories.accounts import make_user
from tests.factories.catalog import make_price_list_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(shop):
    """Ten percent off a part of 200.00 where the shop's usual address lies."""
    part = shop.part(price="200.00")
    version = make_price_list_version(part, layer="REGION", region_code="310000", now=shop.now)
    return part, publish_version(version_id=version.pk, starts_at=shop.now, by=None, now=shop.now)


def test_a_regional_price_is_told_before_it_is_ordered_and_then_ordered(shop, region):
    part, _version = region
    ref = shop.cart(part)
    assert api.get_cart(ref, now=shop.now).subtotal == Money.of("200.00")

    with pytest.raises(PriceChanged) as refusal:
        shop.check_out_blind(ref, expected_total=Money.of("200.00"))
    assert not api.CustomerOrder.objects.exists()

    result = shop.check_out_blind(ref, expected_total=refusal.value.context["total"])
    assert result.order.items.get().unit_price == Decimal("180.00")


def test_the_line_keeps_its_versions_and_derives_again_whatever_happened_since(shop, region):
    part, version = region
    ref = shop.cart(part)
    result = shop.check_out_blind(ref, expected_total=Money.of("180.00"))
    later = shop.now + timedelta(days=1)
    set_offer_price(offer_id=part.offers.get().pk, amount=Money.of("999.00"), by=None, now=later)
    end_version(version_id=version.pk, ends_at=later, by=None, now=later)

    item = api.OrderItem.objects.get(order=result.order)
    told = api.explain_item_price(item)

    assert (told.total, told.holds) == (Money(item.unit_price), True)
    assert [line.rule for line in told.lines if line.is_applied] == ["-10.00 %"]
    assert explain_price(product_id=part.pk, at=later).price == Money.of("999.00")


def test_a_line_older_than_traces_derives_from_its_day(shop):
    order = shop.order(shop.part(price="120.00")).order
    item = order.items.get()
    item.price_trace = {}

    assert api.explain_item_price(item).price == Money.of("120.00")


def test_a_car_explains_its_options(shop):
    order = shop.order(shop.car(price="169900.00")).order
    item = order.items.get()

    told = api.explain_item_price(item)

    assert told.total == Money(item.unit_price)
    assert told.base == Money.of("169900.00")


class Club:
    """Answers ``orders.segments``: one person is of the club."""

    def __init__(self, user_id):
        self.user_id = user_id

    def segments_of(self, *, user_id, at):
        return frozenset({"club"}) if user_id == self.user_id else frozenset()


def test_members_of_a_segment_see_and_pay_its_prices_and_others_do_not(shop):
    part = shop.part(price="200.00")
    version = make_price_list_version(part, layer="SEGMENT", segment="club", value="-25", now=shop.now)
    publish_version(version_id=version.pk, starts_at=shop.now, by=None, now=shop.now)
    member, stranger = make_user(), make_user()

    with ports.using({"orders.segments": Club(member.pk)}):
        mine, theirs, guests = shop.cart(part, user=member), shop.cart(part, user=stranger), shop.cart(part)
        prices = [api.get_cart(ref, now=shop.now).subtotal for ref in (mine, theirs, guests)]
        changed = api.change_line(
            cart_ref=mine, line_id=api.get_cart(mine, now=shop.now).lines[0].id, quantity=2, now=shop.now
        )
        result = shop.check_out(mine, by=member)

    assert prices == [Money.of("150.00"), Money.of("200.00"), Money.of("200.00")]
    assert changed.subtotal == Money.of("300.00")
    item = result.order.items.get()
    assert item.unit_price == Decimal("150.00")
    assert item.price_trace["segments"] == ["club"]
    assert api.explain_item_price(item).holds
