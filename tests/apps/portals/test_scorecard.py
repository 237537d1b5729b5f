"""The supplier's scorecard: its arithmetic, what it reads, and the score that follows from it every night."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.catalog.api import set_offer_price
from apps.kernel.api import Money
from apps.orders import api as orders
from apps.portals.supplier.policies import PRIOR_SCORE, Record, judge, price_moves
from apps.portals.supplier.scores import record_of, score_suppliers
from apps.suppliers.api import get_supplier, set_supplier_score
from apps.suppliers.errors import ScoreOutOfRange
from tests.factories.dealers import make_supplier
from tests.factories.orders import make_site, put_on_shelf

D = Decimal


def test_the_example_of_the_readme():
    record = Record(
        accepted=95, declined=5, shipped=40, late=4, sent=95, price_moves=[price_moves([D(100), D(110), D(99)]), D(0)]
    )

    card = judge(record)

    assert (card.fill, card.punctuality, card.kept) == (D("0.95"), D("0.9"), None)
    assert card.price_stability == D("0.9")
    assert card.score == D("90.11")


def test_who_is_not_known_is_judged_as_an_ordinary_one():
    card = judge(Record())

    assert (card.fill, card.score) == (None, PRIOR_SCORE)


def test_one_bad_order_is_no_verdict():
    assert judge(Record(declined=1)).score > D(70)
    assert judge(Record(declined=200)).score < D(5)


@given(
    accepted=st.integers(0, 10_000),
    declined=st.integers(0, 10_000),
    shipped=st.integers(0, 5_000),
    late=st.integers(0, 5_000),
    sent=st.integers(0, 10_000),
    returned=st.none() | st.integers(0, 10_000),
    moves=st.lists(st.decimals(0, 50, places=4), max_size=5),
)
def test_a_score_lies_between_0_and_100(accepted, declined, shipped, late, sent, returned, moves):
    record = Record(
        accepted=accepted,
        declined=declined,
        shipped=shipped,
        late=late,
        sent=sent,
        returned=returned,
        price_moves=moves,
    )

    assert 0 <= judge(record).score <= 100


def accept_and_ship(shop, order, *, after: timedelta = timedelta(0)) -> None:
    """Walk the order's parcel to the carrier."""
    fulfilment = order.fulfilments.order_by("pk").first()
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.supplier.pk, "by": None}
    orders.accept_fulfilment(**keys, now=shop.now)
    orders.ship_fulfilment(**keys, carrier="SF", tracking_number="1", now=shop.now + after)


def test_reads_accepted_late_and_declined_from_orders(shop):
    part = shop.part(stock=20)
    accept_and_ship(shop, shop.placed((part, 3)))
    accept_and_ship(shop, shop.placed((part, 2)), after=timedelta(days=60))
    declined = shop.placed((part, 4)).fulfilments.get()
    keys = {"fulfilment_id": declined.pk, "organization_id": shop.supplier.pk, "by": None, "now": shop.now}
    orders.reject_fulfilment(**keys, reason="none left")

    record = record_of(shop.supplier.pk, days=90, now=shop.now + timedelta(days=61))

    assert (record.accepted, record.declined) == (5, 4)
    assert (record.shipped, record.late, record.sent) == (2, 1, 5)


def test_what_routing_gave_to_others_counts_once(shop):
    part = shop.part(stock=20)
    rival = make_site(shop.supplier, place=(39.9, 116.4))
    put_on_shelf(part, rival, 20, now=shop.now)
    order = shop.placed((part, 4))
    orders.reject_fulfilment(
        fulfilment_id=order.fulfilments.get().pk,
        organization_id=shop.supplier.pk,
        reason="none left",
        by=None,
        now=shop.now,
    )

    assert record_of(shop.supplier.pk, days=30, now=shop.now + timedelta(hours=1)).declined == 4


def test_what_was_called_off_in_part_counts_as_declined(shop):
    part = shop.part(stock=20)
    order = shop.placed((part, 4))
    orders.accept_partly(
        fulfilment_id=order.fulfilments.get().pk,
        organization_id=shop.supplier.pk,
        quantities={order.items.get().pk: 3},
        reason="one is broken",
        by=None,
        now=shop.now,
    )

    record = record_of(shop.supplier.pk, days=30, now=shop.now + timedelta(hours=1))

    assert (record.accepted, record.declined) == (3, 1)


def test_an_older_window_and_another_supplier_count_nothing(shop):
    accept_and_ship(shop, shop.placed((shop.part(stock=20), 3)))

    assert record_of(shop.supplier.pk, days=30, now=shop.now + timedelta(days=31)).accepted == 0
    assert record_of(make_supplier().organization.pk, days=30, now=shop.now + timedelta(days=1)).accepted == 0


def test_price_changes_within_the_window_count(shop):
    offer = shop.part(price="100.00").offers.get()
    for days, amount in ((1, "110.00"), (2, "99.00")):
        set_offer_price(offer_id=offer.pk, amount=Money.of(amount, "CNY"), by=None, now=shop.now + timedelta(days=days))

    record = record_of(shop.supplier.pk, days=30, now=shop.now + timedelta(days=3))

    assert list(record.price_moves) == [D("0.2")]


def test_every_night_the_score_follows_and_says_when_nothing_changed(shop):
    accept_and_ship(shop, shop.placed((shop.part(stock=20), 3)))
    tomorrow = shop.now + timedelta(days=1)

    assert score_suppliers(by=None, now=tomorrow) >= 1

    assert get_supplier(organization_id=shop.supplier.pk).score == D("81.82")
    assert score_suppliers(by=None, now=tomorrow) == 0


@pytest.mark.parametrize("score", [D("-0.01"), D("100.01")])
def test_a_score_beyond_the_scale_is_refused(shop, score):
    before = get_supplier(organization_id=shop.supplier.pk).score

    with pytest.raises(ScoreOutOfRange):
        set_supplier_score(organization_id=shop.supplier.pk, score=score, by=None, now=shop.now)

    assert get_supplier(organization_id=shop.supplier.pk).score == before
