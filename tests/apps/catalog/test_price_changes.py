"""Prices that sellers ask for: at once, after review, never."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from apps.catalog.api import (
    AbsurdPrice,
    InvalidLeadTime,
    InvalidMinimum,
    InvalidPrice,
    NothingWaits,
    Offer,
    OfferPrice,
    PriceChange,
    PriceChangeRule,
    PriceChangeStatus,
    ProductInfo,
    ReasonRequired,
    ReviewState,
    UnknownSite,
    approve_price_change,
    describe_offers,
    list_own_offers,
    list_waiting_price_changes,
    offer_review_state,
    put_offer,
    reject_price_change,
    withdraw_price_change,
)
from apps.kernel.api import Money, MoveNotAllowed, OutboxEvent
from tests.apps.catalog.conftest import make_site
from tests.factories.accounts import make_user
from tests.factories.catalog import make_change_rule, make_headquarters, make_offer, make_product, make_trim
from tests.factories.dealers import make_supplier
from tests.races import failures


@pytest.fixture
def put(supplier, now):
    """Put an offer of the supplier; by default 100.00 yuan from WH-1."""

    def put(product, price="100.00", **changes):
        wanted = {
            "sku": "OIL-1",
            "organization_id": supplier.organization_id,
            "product_id": product.pk,
            "price": Money.of(price),
            "lead_time_days": 3,
            "site": "WH-1",
            "by": None,
            "now": now,
        }
        return put_offer(**{**wanted, **changes})[0]

    return put


@pytest.fixture
def rule(db):
    """30 % up, 20 % down, three times a week; more than 400 % up or 80 % down is a mistake."""
    return make_change_rule()


def in_force(offer: Offer) -> Decimal:
    return OfferPrice.objects.get(offer=offer, valid__upper_inf=True).amount


@pytest.mark.django_db
def test_a_jump_waits_and_the_old_price_stays_in_force(put, rule, now):
    product = make_product()
    put(product)
    user = make_user()

    offer = put(product, price="150.00", by=user, lead_time_days=9, now=now + timedelta(days=1))

    change = PriceChange.objects.get()
    assert in_force(offer) == Decimal("100.00")
    assert (change.status, change.reasons, change.rule) == (PriceChangeStatus.WAITING, ["rise"], rule)
    assert (change.old_amount, change.amount, change.asked_by) == (Decimal("100.00"), Decimal("150.00"), user)
    # Everything else about the offer counts at once.
    assert offer.lead_time_days == 9
    assert offer_review_state(offer).state is ReviewState.PRICE_WAITS
    assert list(list_waiting_price_changes()) == [change]


@pytest.mark.django_db
def test_an_approved_price_counts_from_then_on_and_tells_it(put, rule, now):
    product = make_product()
    put(product)
    offer = put(product, price="150.00")
    reviewer, later = make_user(), now + timedelta(hours=5)

    change = approve_price_change(change_id=PriceChange.objects.get().pk, by=reviewer, now=later, note="ok")

    version = OfferPrice.objects.get(offer=offer, valid__upper_inf=True)
    assert (version.amount, version.valid.lower, version.set_by) == (Decimal("150.00"), later, reviewer)
    assert (change.status, change.decided_by, change.decided_at) == (PriceChangeStatus.APPROVED, reviewer, later)
    told = OutboxEvent.objects.get(name="catalog.price_change_decided.v1").payload
    assert (told["sku"], told["status"], told["amount"]) == ("OIL-1", "APPROVED", "150.00")
    assert offer_review_state(offer).state is ReviewState.ON_SALE


@pytest.mark.django_db
def test_a_rejected_price_leaves_the_old_one_and_gives_the_reason(put, rule, now):
    product = make_product()
    put(product)
    offer = put(product, price="150.00")
    change = PriceChange.objects.get()

    with pytest.raises(ReasonRequired):
        reject_price_change(change_id=change.pk, by=None, now=now, note="  ")
    change.refresh_from_db()
    assert change.status == PriceChangeStatus.WAITING

    reject_price_change(change_id=change.pk, by=None, now=now, note="太高")
    state = offer_review_state(offer)
    assert in_force(offer) == Decimal("100.00")
    assert (state.state, state.last_decided.note) == (ReviewState.PRICE_REJECTED, "太高")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [s for s in PriceChangeStatus if s != PriceChangeStatus.WAITING])
def test_what_was_decided_is_not_decided_again(status, put, rule, now):
    product = make_product()
    put(product)
    offer = put(product, price="150.00")
    change = PriceChange.objects.get()
    PriceChange.objects.filter(pk=change.pk).update(status=status)

    for decide in (
        lambda: approve_price_change(change_id=change.pk, by=None, now=now),
        lambda: reject_price_change(change_id=change.pk, by=None, now=now, note="no"),
        lambda: withdraw_price_change(
            change_id=change.pk, organization_id=offer.seller.organization_id, by=None, now=now
        ),
    ):
        with pytest.raises(MoveNotAllowed):
            decide()
    assert in_force(offer) == Decimal("100.00")
    assert not OutboxEvent.objects.filter(name="catalog.price_change_decided.v1").exists()


@pytest.mark.django_db
def test_only_the_seller_itself_takes_back_what_it_asked_for(put, rule, now):
    product = make_product()
    put(product)
    offer = put(product, price="150.00")
    change = PriceChange.objects.get()

    for change_id, organization in ((change.pk, make_supplier().organization_id), (424242, None)):
        with pytest.raises(NothingWaits):
            withdraw_price_change(
                change_id=change_id,
                organization_id=organization or offer.seller.organization_id,
                by=None,
                now=now,
            )
    assert PriceChange.objects.get().status == PriceChangeStatus.WAITING

    withdraw_price_change(change_id=change.pk, organization_id=offer.seller.organization_id, by=None, now=now)
    assert PriceChange.objects.get().status == PriceChangeStatus.WITHDRAWN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "decide",
    [
        lambda now: approve_price_change(change_id=0, by=None, now=now),
        lambda now: reject_price_change(change_id=0, by=None, now=now, note="too dear"),
    ],
)
def test_nobody_decides_about_what_nobody_asked_for(decide, now, db):
    with pytest.raises(NothingWaits):
        decide(now)

    assert not OutboxEvent.objects.exists()


def test_a_later_change_takes_the_place_of_the_one_that_waits(put, rule, now):
    product = make_product()
    put(product)
    put(product, price="150.00")
    put(product, price="160.00")
    put(product, price="160.00")
    offer = put(product, price="110.00")

    assert [(row.amount, row.status) for row in PriceChange.objects.order_by("pk")] == [
        (Decimal("150.00"), "WITHDRAWN"),
        (Decimal("160.00"), "WITHDRAWN"),
    ]
    assert in_force(offer) == Decimal("110.00")


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["500.01", "19.99", "0.01"])
def test_refuses_an_absurd_price_by_name_and_changes_nothing(price, put, rule):
    product = make_product()
    offer = put(product)

    with pytest.raises(AbsurdPrice) as refusal:
        put(product, price=price, lead_time_days=30)

    assert refusal.value.code == "absurd_price"
    assert not PriceChange.objects.exists()
    offer.refresh_from_db()
    assert (in_force(offer), offer.lead_time_days) == (Decimal("100.00"), 3)


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["0.00", "-1.00", "10000000000.00"])
def test_refuses_a_price_below_zero_by_name(price, put, rule):
    with pytest.raises(InvalidPrice):
        put(make_product(), price=price)
    assert not Offer.objects.exists()


@pytest.mark.django_db
def test_the_fourth_change_within_a_week_waits(put, rule, now):
    product = make_product()
    put(product)
    for day, price in enumerate(("101.00", "102.00", "103.00"), start=1):
        put(product, price=price, now=now + timedelta(days=day))

    offer = put(product, price="104.00", now=now + timedelta(days=4))
    assert in_force(offer) == Decimal("103.00")
    assert PriceChange.objects.get().reasons == ["too_often"]

    put(product, price="104.00", now=now + timedelta(days=11))
    assert in_force(offer) == Decimal("104.00")


@pytest.mark.django_db
def test_a_first_price_far_from_the_others_waits_and_the_offer_is_not_on_sale(put, rule):
    product = make_product()
    make_offer(product=product, price="10.00")

    offer = put(product, price="100.00")

    assert not OfferPrice.objects.filter(offer=offer).exists()
    assert offer_review_state(offer).state is ReviewState.FIRST_PRICE_WAITS
    assert ProductInfo.objects.get(pk=product.pk).shown_offer != offer


@pytest.mark.django_db
def test_a_rule_of_a_kind_goes_before_the_one_for_all_and_only_its_time_counts(put, now):
    make_change_rule(rise="10", refused_rise="20", valid=DateTimeTZRange(None, now))
    make_change_rule(rise="60", refused_rise="70", valid=DateTimeTZRange(now, None))
    make_change_rule(kind="part", rise="200", refused_rise="400", valid=DateTimeTZRange(now, None))
    product = make_product()
    put(product)

    assert in_force(put(product, price="300.00")) == Decimal("300.00")


@pytest.mark.django_db
def test_the_database_refuses_two_rules_at_one_time_and_a_rewritten_one(rule):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_change_rule()
    with pytest.raises(Exception, match=r"(?i)read.?only|cannot"), transaction.atomic():
        PriceChangeRule.objects.update(rise=Decimal(99))


@pytest.mark.django_db
def test_headquarters_decides_about_its_own_prices(rule, now):
    headquarters = make_headquarters()
    make_site("WH-HQ", headquarters)
    product = make_product()
    asked = {"sku": "HQ-1", "organization_id": headquarters.pk, "product_id": product.pk, "site": "WH-HQ"}

    for price in ("100.00", "900.00"):
        offer, _ = put_offer(**asked, price=Money.of(price), lead_time_days=1, by=None, now=now)

    assert in_force(offer) == Decimal("900.00")


@pytest.mark.django_db
def test_an_offer_names_its_sites_in_order_and_its_smallest_quantity(put, supplier):
    make_site("WH-2", supplier.organization)
    product = make_product()

    offer = put(product, minimum_quantity=4, more_sites=["WH-2", "WH-1"])
    assert (offer.site_codes, offer.minimum_quantity) == (("WH-1", "WH-2"), 4)

    # What is not said stays; the first site is never named twice.
    offer = put(product, site="WH-2")
    assert (offer.site_codes, offer.minimum_quantity) == (("WH-2",), 4)


@pytest.mark.django_db
@pytest.mark.parametrize("minimum", [0, -1, 1000])
def test_refuses_a_minimum_nobody_may_order(minimum, put):
    with pytest.raises(InvalidMinimum):
        put(make_product(), minimum_quantity=minimum)
    assert not Offer.objects.exists()


@pytest.mark.django_db
def test_refuses_a_minimum_of_cars_a_foreign_site_and_an_impossible_lead_time(put, now):
    make_site("WH-OTHER", make_supplier().organization)
    with pytest.raises(InvalidMinimum):
        put(make_trim(price=None).product, minimum_quantity=2)
    with pytest.raises(UnknownSite):
        put(make_product(), more_sites=["WH-OTHER"])
    for days in (-1, 366):
        with pytest.raises(InvalidLeadTime):
            put(make_product(), lead_time_days=days)
    assert not Offer.objects.exists()


@pytest.mark.django_db
def test_an_organization_reads_its_own_offers_and_no_others(put, rule, supplier, django_assert_max_num_queries):
    for number in range(3):
        put(make_product(), sku=f"OIL-{number}")
    cheaper = make_product()
    put(cheaper, sku="OIL-9")
    make_offer(product=cheaper, price="50.00")

    with django_assert_max_num_queries(3):
        rows = describe_offers(list_own_offers(supplier.organization_id))

    assert [(row.offer.sku, row.state) for row in rows] == [
        (f"OIL-{number}", ReviewState.ON_SALE) for number in (0, 1, 2, 9)
    ]
    assert [(row.is_shown, row.lost_by) for row in rows][2:] == [(True, None), (False, "sold_out")]


@pytest.mark.django_db(transaction=True)
def test_two_jumps_at_once_leave_one_waiting(put, now):
    make_change_rule()
    product = make_product()
    offer = put(product)

    raised = failures(*[lambda price=price: put(product, price=price) for price in ("150.00", "151.00", "152.00")])

    assert raised == []
    assert in_force(offer) == Decimal("100.00")
    statuses = sorted(PriceChange.objects.values_list("status", flat=True))
    assert statuses == ["WAITING", "WITHDRAWN", "WITHDRAWN"]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_offers_lock_the_database_refuses_the_second_jump(put, now):
    make_change_rule()
    product = make_product()
    offer = put(product)
    gate = Barrier(2)

    def ask(amount: str) -> None:
        with transaction.atomic():
            waits = PriceChange.objects.filter(offer=offer, status="WAITING").exists()
            gate.wait()
            assert not waits
            PriceChange.objects.create(offer=offer, amount=Decimal(amount), asked_at=now)

    raised = failures(lambda: ask("150.00"), lambda: ask("151.00"))

    assert [type(error) for error in raised] == [IntegrityError]
    assert PriceChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_approved_and_rejected_at_once_is_one_of_both(put, now):
    make_change_rule()
    product = make_product()
    put(product)
    offer = put(product, price="150.00")
    change = PriceChange.objects.get()

    raised = failures(
        lambda: approve_price_change(change_id=change.pk, by=None, now=now),
        lambda: reject_price_change(change_id=change.pk, by=None, now=now, note="no"),
    )

    assert [type(error) for error in raised] == [MoveNotAllowed]
    change.refresh_from_db()
    expected = Decimal("150.00") if change.status == PriceChangeStatus.APPROVED else Decimal("100.00")
    assert in_force(offer) == expected
