"""A site takes some of the pieces: the rest goes to the next site, or back as money, to the fen."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory.api import StockLevel, check_levels
from apps.kernel.api import MoveNotAllowed
from apps.orders import api
from apps.orders.errors import FulfilmentNotFound, NotAPart, ReasonRequired
from apps.orders.models import FulfilmentLine
from apps.payments.models import Refund
from tests.apps.orders.test_split import assert_adds_up
from tests.factories.dealers import make_supplier
from tests.factories.orders import make_site, name_site, put_on_shelf


def accept(shop, order, quantities, *, reason="two are damaged", organization=None):
    """Accept some pieces of the order's fulfilment at the supplier's warehouse."""
    fulfilment = order.fulfilments.filter(site=shop.warehouse).order_by("pk").first()
    items = {item.title_zh: item.pk for item in order.items.all()}
    return api.accept_partly(
        fulfilment_id=fulfilment.pk,
        organization_id=(organization or shop.supplier).pk,
        quantities={items.get(name, name): pieces for name, pieces in quantities.items()},
        reason=reason,
        by=None,
        now=shop.now,
    )


def free_at(product, site) -> tuple[int, int]:
    """On hand and allocated of a product at a site."""
    level = StockLevel.objects.get(product=product, site=site)
    return level.on_hand, level.allocated


@pytest.fixture
def far(shop):
    """Another site of the supplier, far away."""
    return make_site(shop.supplier, place=(39.9, 116.4))


def test_the_rest_goes_to_the_next_site(shop, far):
    part = shop.part(price="33.33", stock=5)
    put_on_shelf(part, far, 9, now=shop.now)
    name_site(part, far)
    order = shop.placed((part, 5))

    result = accept(shop, order, {part.title: 3})

    assert result.is_rerouted
    assert (result.fulfilment.status, result.rest.status) == ("PICKED", "PENDING")
    assert result.rest.site_id == far.pk
    lines = FulfilmentLine.objects.filter(fulfilment__order=order).order_by("pk")
    assert [(line.fulfilment_id, line.quantity) for line in lines] == [(result.fulfilment.pk, 3), (result.rest.pk, 2)]
    assert (free_at(part, shop.warehouse), free_at(part, far)) == ((5, 3), (9, 2))
    assert_adds_up(shop.reload(order.number))
    assert check_levels() == []
    assert not Refund.objects.exists()


def test_without_another_site_its_exact_total_is_given_back_and_the_order_completes(shop):
    part, other = shop.part(price="33.33", stock=5), shop.part(price="7.77", stock=5)
    order = shop.placed((part, 5), (other, 2))

    result = accept(shop, order, {part.title: 3, other.title: 2})

    order = shop.reload(order.number)
    assert result.refunded.amount == result.rest.total == order.called_off
    assert result.refunded.amount >= Decimal("66.66"), "two pieces and their share of the freight"
    assert (result.rest.status, order.balance_due.amount) == ("CANCELLED", 0)
    assert free_at(part, shop.warehouse) == (5, 3)
    assert_adds_up(order)
    shop.refund_all()
    order = shop.reload(order.number)
    seller_order = order.seller_orders.get()
    assert order.refunded == seller_order.refunded == result.refunded.amount
    assert order.balance_due.amount == 0
    keys = {"fulfilment_id": result.fulfilment.pk, "organization_id": shop.supplier.pk, "by": None, "now": shop.now}
    api.ship_fulfilment(**keys, carrier="SF", tracking_number="1")
    api.confirm_as_staff(fulfilment_id=result.fulfilment.pk, by=None, now=shop.now)
    assert shop.reload(order.number).status == "COMPLETED"
    assert check_levels() == []


def test_what_one_seller_calls_off_is_given_back_by_that_seller(shop):
    other = make_site(make_supplier().organization)
    part = shop.part(price="100.00", stock=3)
    order = shop.placed((part, 3), (shop.part(price="50.00", site=other), 1))

    result = accept(shop, order, {part.title: 1})
    shop.refund_all()

    refunded = {one.seller_id: one.refunded for one in shop.reload(order.number).seller_orders.all()}
    assert refunded == {shop.supplier.pk: result.refunded.amount, other.organization_id: 0}


def test_a_whole_line_may_be_left(shop):
    part, other = shop.part(price="10.00"), shop.part(price="20.00")
    order = shop.placed((part, 2), (other, 1))

    result = accept(shop, order, {part.title: 2})

    assert [line.quantity for line in result.rest.lines.all()] == [1]
    assert free_at(other, shop.warehouse) == (10, 0)
    assert_adds_up(shop.reload(order.number))


@pytest.mark.parametrize("pieces", [{}, {"part": 0}, {"part": 2}, {"part": 3}, {"part": -1}, {999: 1}])
def test_none_all_or_strange_pieces_are_no_part_and_change_nothing(shop, pieces):
    part = shop.part(stock=5)
    order = shop.placed((part, 2))

    with pytest.raises(NotAPart):
        accept(shop, order, {part.title if key == "part" else key: value for key, value in pieces.items()})

    assert order.fulfilments.get().status == "PENDING"
    assert free_at(part, shop.warehouse) == (5, 2)


def test_a_reason_is_asked_for(shop):
    part = shop.part()
    order = shop.placed((part, 2))

    with pytest.raises(ReasonRequired):
        accept(shop, order, {part.title: 1}, reason="  ")

    assert order.fulfilments.count() == 1


def test_a_stranger_finds_nothing_and_twice_is_refused(shop):
    part = shop.part()
    order = shop.placed((part, 3))
    with pytest.raises(FulfilmentNotFound):
        accept(shop, order, {part.title: 1}, organization=make_supplier().organization)
    accept(shop, order, {part.title: 2})

    with pytest.raises(MoveNotAllowed):
        accept(shop, order, {part.title: 1})

    assert order.fulfilments.count() == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(cents=st.integers(1, 99_999), pieces=st.integers(2, 9), data=st.data())
def test_every_amount_of_the_two_sums_to_what_the_one_was(shop, cents, pieces, data):
    part = shop.part(price=str(Decimal(cents) / 100), stock=20)
    order = shop.placed((part, pieces))

    accept(shop, order, {part.title: data.draw(st.integers(1, pieces - 1))})

    assert_adds_up(shop.reload(order.number))
    assert check_levels() == []
