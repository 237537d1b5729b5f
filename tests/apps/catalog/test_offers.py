"""Making offers and dating prices."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from psycopg2.extras import DateTimeTZRange

from apps.catalog.adapters import OfferPrice as PriceAdapter
from apps.catalog.api import (
    AlreadyOffered,
    InvalidPrice,
    Offer,
    OfferNotFound,
    OfferPrice,
    OfferStatus,
    ProductInfo,
    ProductNotFound,
    SkuTaken,
    UnknownSite,
    get_offer,
    list_offers_of,
    pause_offer,
    price_at,
    put_offer,
    resume_offer,
    set_offer_price,
)
from apps.events.api import StockChanged
from apps.kernel.api import AuditEntry, Money, MoveNotAllowed, OutboxEvent, outbox
from apps.suppliers.api import SupplierNotApproved, restore_supplier, suspend_supplier
from tests.apps.catalog.conftest import make_site
from tests.factories.accounts import make_user
from tests.factories.catalog import make_headquarters, make_offer, make_part, make_product
from tests.factories.dealers import make_supplier
from tests.races import failures

pytestmark = pytest.mark.django_db


def facts() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("name", flat=True))


@pytest.fixture
def put(supplier, now):
    """Put an offer of the supplier; by default 120.00 yuan from WH-1."""

    def put(product, sku="OIL-1", price="120.00", **changes):
        wanted = {
            "sku": sku,
            "organization_id": supplier.organization_id,
            "product_id": product.pk,
            "price": Money.of(price),
            "lead_time_days": 3,
            "site": "WH-1",
            "by": None,
            "now": now,
        }
        return put_offer(**{**wanted, **changes})

    return put


def test_makes_an_offer_with_its_first_price_and_tells_it(put, supplier, now):
    product = make_product()

    offer, is_new = put(product, price="120.00")

    assert is_new
    assert offer.stock_record.price == Decimal("120.00")
    assert price_at(offer.pk, now).amount == Decimal("120.00")
    assert price_at(offer.pk, now - timedelta(seconds=1)) is None
    assert ProductInfo.objects.get(pk=product.pk).shown_offer == offer
    assert facts() == ["catalog.product_changed.v1"]
    assert list(list_offers_of(supplier.organization_id)) == [offer]


def test_the_same_offer_again_changes_nothing(put, now):
    product = make_product()
    put(product)

    offer, is_new = put(product, now=now + timedelta(days=1))

    assert not is_new
    assert OfferPrice.objects.filter(offer=offer).count() == 1


def test_any_past_price_re_derives_to_the_cent(put, now):
    product = make_product()
    offer, _ = put(product, price="120.00")
    days = [now + timedelta(days=day) for day in range(4)]
    for at, amount in zip(days[1:], ("119.99", "130.00", "99.01"), strict=True):
        set_offer_price(offer_id=offer.pk, amount=Money.of(amount), by=None, now=at)

    read = [price_at(offer.pk, at).amount for at in days]
    just_before = [price_at(offer.pk, at - timedelta(microseconds=1)).amount for at in days[1:]]

    assert read == [Decimal(amount) for amount in ("120.00", "119.99", "130.00", "99.01")]
    assert just_before == read[:-1]
    offer.stock_record.refresh_from_db()
    assert offer.stock_record.price == Decimal("99.01")


def test_refuses_a_list_price_that_cannot_be_and_changes_nothing(put, now):
    offer, _ = put(make_product(), price="120.00")

    with pytest.raises(InvalidPrice) as refusal:
        set_offer_price(offer_id=offer.pk, amount=Money.of("110.00"), list_amount=Money.of("-1.00"), by=None, now=now)

    assert "list_price" in refusal.value.fields
    assert OfferPrice.objects.get().amount == Decimal("120.00")


@pytest.mark.parametrize("act", [pause_offer, resume_offer])
def test_refuses_to_move_an_offer_that_is_not_there(act, now):
    with pytest.raises(OfferNotFound):
        act(offer_id=0, by=None, now=now)

    assert facts() == []


def test_the_same_price_again_is_no_news(put, now):
    offer, _ = put(make_product(), price="120.00")

    price = set_offer_price(offer_id=offer.pk, amount=Money.of("120.00"), by=None, now=now + timedelta(days=1))

    assert price.valid.lower == now
    assert OfferPrice.objects.filter(offer=offer).count() == 1
    assert len(facts()) == 1


def test_two_changes_at_one_instant_keep_both_versions(put, now):
    offer, _ = put(make_product(), price="120.00")

    set_offer_price(offer_id=offer.pk, amount=Money.of("110.00"), by=None, now=now)
    set_offer_price(offer_id=offer.pk, amount=Money.of("100.00"), by=None, now=now)

    assert price_at(offer.pk, now).amount == Decimal("120.00")
    assert price_at(offer.pk, now + timedelta(milliseconds=1)).amount == Decimal("100.00")
    assert OfferPrice.objects.filter(offer=offer).count() == 3


def test_a_price_names_who_set_it_and_is_audited(put, now):
    offer, _ = put(make_product())
    user = make_user()

    price = set_offer_price(offer_id=offer.pk, amount=Money.of("110.00"), by=user, now=now)

    assert price.set_by == user
    assert AuditEntry.objects.filter(table_name=OfferPrice._meta.db_table, row_id=str(price.pk)).exists()


def test_the_list_price_stays_unless_a_new_one_is_given(put, now):
    product = make_product()
    offer, _ = put(product, price="120.00", list_price=Money.of("150.00"))

    kept = set_offer_price(offer_id=offer.pk, amount=Money.of("110.00"), by=None, now=now + timedelta(hours=1))
    assert kept.list_amount == Decimal("150.00")
    changed = set_offer_price(
        offer_id=offer.pk,
        amount=Money.of("110.00"),
        list_amount=Money.of("140.00"),
        by=None,
        now=now + timedelta(hours=2),
    )
    assert changed.list_amount == Decimal("140.00")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "10000000000.00"])
def test_refuses_an_impossible_price_and_changes_nothing(amount, put, now):
    offer, _ = put(make_product())

    with pytest.raises(InvalidPrice):
        set_offer_price(offer_id=offer.pk, amount=Money.of(amount), by=None, now=now)

    assert OfferPrice.objects.get(offer=offer).amount == Decimal("120.00")
    assert len(facts()) == 1


def test_refuses_a_price_for_an_offer_that_is_not_there(now):
    with pytest.raises(OfferNotFound):
        set_offer_price(offer_id=424242, amount=Money.of("1.00"), by=None, now=now)


def test_the_database_refuses_two_prices_at_one_time(now):
    offer = make_offer(product=make_product())

    with pytest.raises(IntegrityError), transaction.atomic():
        OfferPrice.objects.create(offer=offer, amount=Decimal(1), valid=DateTimeTZRange(now, None))
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferPrice.objects.create(offer=offer, amount=Decimal(0), valid=DateTimeTZRange(None, now))


def test_the_database_refuses_to_rewrite_or_delete_a_price():
    offer = make_offer(product=make_product(), price="120.00")
    prices = OfferPrice.objects.filter(offer=offer)

    with pytest.raises(InternalError), transaction.atomic():
        prices.update(amount=Decimal("1.00"))
    with pytest.raises(InternalError), transaction.atomic():
        prices._raw_delete(prices.db)
    assert prices.get().amount == Decimal("120.00")


def test_refuses_a_site_of_somebody_else(put):
    make_site("WH-OTHER", make_supplier().organization)

    for site in ("WH-OTHER", "NOWHERE"):
        with pytest.raises(UnknownSite):
            put(make_product(), site=site)
    assert not Offer.objects.exists()


def test_refuses_the_sku_of_somebody_else_as_if_it_were_not_there(put):
    foreign = make_offer(product=make_product(), sku="THEIRS")

    with pytest.raises(OfferNotFound):
        put(foreign.product, sku="THEIRS", price="1.00")
    assert OfferPrice.objects.get(offer=foreign).amount == Decimal("120.00")


def test_refuses_another_product_under_the_same_sku_and_the_same_product_under_another(put):
    product = make_product()
    put(product, sku="OIL-1")

    with pytest.raises(SkuTaken):
        put(make_product(), sku="OIL-1")
    with pytest.raises(AlreadyOffered):
        put(product, sku="OIL-2")
    assert Offer.objects.count() == 1


def test_refuses_an_unknown_or_hidden_product(put):
    hidden = make_product(is_public=False)

    with pytest.raises(ProductNotFound):
        put(hidden)
    with pytest.raises(ProductNotFound):
        put(make_product(), product_id=424242)
    assert not Offer.objects.exists()


def test_refuses_a_supplier_that_is_not_approved_but_lets_headquarters_sell(put, supplier, now):
    suspend_supplier(organization_id=supplier.organization_id, reason="licence", by=None, now=now)
    with pytest.raises(SupplierNotApproved):
        put(make_product())
    assert not Offer.objects.exists()

    headquarters = make_headquarters()
    make_site("WH-HQ", headquarters)
    assert put(make_product(), organization_id=headquarters.pk, site="WH-HQ")


def test_another_suppliers_sku_reads_as_missing(supplier):
    make_offer(product=make_product(), sku="THEIRS")

    with pytest.raises(OfferNotFound):
        get_offer("THEIRS", supplier.organization_id)


def test_a_paused_offer_leaves_the_shop_and_comes_back(put, now):
    product = make_product()
    offer, _ = put(product)

    pause_offer(offer_id=offer.pk, by=None, now=now, reason="recall")
    assert ProductInfo.objects.get(pk=product.pk).shown_offer is None
    with pytest.raises(MoveNotAllowed):
        pause_offer(offer_id=offer.pk, by=None, now=now)

    assert resume_offer(offer_id=offer.pk, by=None, now=now).status == OfferStatus.ACTIVE
    assert ProductInfo.objects.get(pk=product.pk).shown_offer == offer


def test_the_shown_offer_follows_the_stock(now):
    part = make_part(price="100.00", stock=1)
    dearer = make_offer(product=part, price="110.00", stock=5)
    record = part.offers.exclude(pk=dearer.pk).get().stock_record
    type(record).objects.filter(pk=record.pk).update(num_allocated=1)

    with transaction.atomic():
        outbox.record(StockChanged(product_id=part.pk, site_code="x"), at=now)
    outbox.drain(now=now, strict=True)

    assert ProductInfo.objects.get(pk=part.pk).shown_offer == dearer


def test_oscar_is_told_the_price_and_tax_of_the_moment(now):
    offer = make_offer(product=make_product(), price="113.00")
    set_offer_price(offer_id=offer.pk, amount=Money.of("99.00"), by=None, now=now)

    told = [PriceAdapter().price_of(stock_record_id=offer.stock_record_id, at=at) for at in (now - timedelta(1), now)]

    assert [shown.amount for shown in told] == [Decimal("113.00"), Decimal("99.00")]
    assert told[0].tax_rate == Decimal("0.13")
    assert PriceAdapter().price_of(stock_record_id=424242, at=now) is None


@pytest.mark.django_db(transaction=True)
def test_two_price_changes_at_once_leave_one_price_in_force(now):
    offer = make_offer(product=make_product(), price="120.00")
    amounts = [Money.of(f"{100 + number}.00") for number in range(8)]

    raised = failures(
        *[
            lambda amount=amount: set_offer_price(offer_id=offer.pk, amount=amount, by=None, now=now)
            for amount in amounts
        ]
    )

    assert raised == []
    in_force = OfferPrice.objects.get(offer=offer, valid__upper_inf=True)
    offer.stock_record.refresh_from_db()
    assert offer.stock_record.price == in_force.amount
    assert OfferPrice.objects.filter(offer=offer).count() == 9


def test_the_offers_of_a_suspended_supplier_leave_the_lists_and_come_back(now):
    supplier = make_supplier()
    part = make_part(organization=supplier.organization)
    reason = {"organization_id": supplier.organization_id, "reason": "licence", "by": None, "now": now}

    suspend_supplier(**reason)
    outbox.drain(now=now, strict=True)
    assert ProductInfo.objects.get(pk=part.pk).shown_offer is None

    restore_supplier(**reason)
    outbox.drain(now=now, strict=True)
    assert ProductInfo.objects.get(pk=part.pk).shown_offer is not None
