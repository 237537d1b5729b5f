"""Price lists: layers over offers' prices, dated versions, and prices that derive again to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from psycopg2.extras import DateTimeTZRange

from apps.catalog.adapters import OfferPrice as PriceAdapter
from apps.catalog.api import (
    EntryWish,
    InvalidPriceList,
    LineRequest,
    PriceContext,
    PriceEntry,
    PriceList,
    PriceListIsHistory,
    PriceListNotFound,
    PriceListOverlaps,
    PriceListVersion,
    ProductInfo,
    ProductQuery,
    configure,
    draft_version,
    end_version,
    evaluate_configuration,
    get_product,
    list_cards,
    make_price_list,
    publish_version,
    quote_lines,
    refresh_due_prices,
    search_products,
    set_entries,
    set_offer_price,
)
from apps.kernel.api import Money, MoveNotAllowed, OutboxEvent
from tests.factories.catalog import make_part, make_price_list_version, make_product, make_trim
from tests.factories.dealers import make_dealer
from tests.races import drop_constraint, failures

yuan = Money.of


@pytest.fixture
def draft(db, now):
    """Draft a version that says something of products: ``draft(product, "PERCENT", "-10", layer=…)``."""

    def draft(product, method="PERCENT", value="-10", *, price_list=None, **fields):
        fields = {"code": f"LIST-{PriceList.objects.count()}", "layer": "CAMPAIGN", **fields}
        price_list = price_list or make_price_list(name_zh="清单", name_en="List", by=None, now=now, **fields)
        version = draft_version(price_list_id=price_list.pk, by=None, now=now)
        wish = EntryWish(product.pk, method, Decimal(value))
        return set_entries(version_id=version.pk, entries=[wish], by=None, now=now)

    return draft


def quoted(product, at, **context) -> Money:
    (quote,) = quote_lines([LineRequest(product.pk, 1)], at=at, context=PriceContext(**context))
    return quote.unit_price


def test_refuses_to_copy_a_version_of_another_list(draft, now):
    part = make_part()
    mine, other = draft(part), draft(part)
    before = PriceListVersion.objects.count()

    for copy_of in (other.pk, 0):
        with pytest.raises(PriceListNotFound):
            draft_version(price_list_id=mine.price_list_id, copy_of=copy_of, by=None, now=now)

    assert PriceListVersion.objects.count() == before


def test_a_campaign_counts_for_its_time_alone_half_open(draft, now):
    part = make_part(price="100.00")
    begins, ends = now + timedelta(days=1), now + timedelta(days=3)

    publish_version(version_id=draft(part).pk, starts_at=begins, ends_at=ends, by=None, now=now)

    tick = timedelta(microseconds=1)
    read = [quoted(part, at) for at in (now, begins - tick, begins, ends - tick, ends)]
    assert read == [yuan("100.00"), yuan("100.00"), yuan("90.00"), yuan("90.00"), yuan("100.00")]


def test_a_published_price_shows_at_once_everywhere_and_tells_it(draft, now):
    part = make_part(price="100.00", title="雨刷", kind="accessory")

    publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)

    for card in (
        *list_cards([part.pk]),
        *search_products(ProductQuery(q="雨刷")).items,
        get_product(product_id=part.pk),
    ):
        assert (card.price, card.list_price) == (yuan("90.00"), yuan("100.00"))
    assert quoted(part, now) == yuan("90.00")
    record = part.offers.get().stock_record_id
    assert PriceAdapter().price_of(stock_record_id=record, at=now).amount == Decimal("90.00")
    assert OutboxEvent.objects.filter(name="catalog.product_changed.v1", payload__product_id=part.pk).exists()


def test_lists_follow_when_a_list_begins_and_when_it_ends(draft, now):
    part = make_part(price="100.00")
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=2)
    publish_version(version_id=draft(part).pk, starts_at=begins, ends_at=ends, by=None, now=now)

    shown = []
    for at in (now, begins, begins, ends):
        refresh_due_prices(now=at)
        shown.append(search_products(ProductQuery()).items[0].price)

    assert shown == [yuan("100.00"), yuan("90.00"), yuan("90.00"), yuan("100.00")]
    assert refresh_due_prices(now=ends) == 0


def test_filters_and_order_of_lists_go_by_the_shown_price(draft, now):
    part, other = make_part(price="100.00"), make_part(price="95.00")

    publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)

    assert [card.id for card in search_products(ProductQuery(ordering="price")).items] == [part.pk, other.pk]
    assert search_products(ProductQuery(price_max=Decimal(92))).count == 1
    # A new price of the offer is laid under the list at once.
    set_offer_price(offer_id=part.offers.get().pk, amount=yuan("200.00"), by=None, now=now)
    assert list_cards([part.pk])[0].price == yuan("180.00")


def test_a_car_is_configured_at_the_list_price(draft, now):
    trim = make_trim(price="169900.00")
    publish_version(
        version_id=draft(trim.product, "PRICE", "159900.00", layer="MSRP").pk, starts_at=now, by=None, now=now
    )

    view = evaluate_configuration(trim.product_id, ["PAINT-RED"], at=now)
    stored = configure(product_id=trim.product_id, option_codes=["PAINT-RED"], by=None, now=now)

    assert view.price == yuan("162900.00")
    assert stored.price == Decimal("162900.00")


def test_regions_dealers_and_segments_count_for_those_they_name(draft, now):
    part, dealer = make_part(price="100.00"), make_dealer()
    for method, value, fields in (
        ("PRICE", "95.00", {"layer": "REGION", "region_code": "310000"}),
        ("PRICE", "90.00", {"layer": "REGION", "region_code": "310115"}),
        ("AMOUNT", "-1.00", {"layer": "DEALER", "dealer_id": dealer.pk}),
        ("PERCENT", "-50", {"layer": "SEGMENT", "segment": "fleet"}),
    ):
        publish_version(version_id=draft(part, method, value, **fields).pk, starts_at=now, by=None, now=now)

    assert quoted(part, now) == yuan("100.00")
    assert quoted(part, now, region_code="310104") == yuan("95.00")
    assert quoted(part, now, region_code="310115") == yuan("90.00")
    assert quoted(part, now, region_code="110101") == yuan("100.00")
    assert quoted(part, now, dealer_id=dealer.pk) == yuan("99.00")
    assert quoted(part, now, region_code="310115", dealer_id=dealer.pk, segments=frozenset({"fleet"})) == yuan("44.50")
    # They are nobody's business in lists.
    assert ProductInfo.objects.get(pk=part.pk).shown_price is None


def test_the_next_version_takes_over_where_it_begins(draft, now):
    part, later = make_part(price="100.00"), now + timedelta(days=2)
    first = publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)
    second = draft_version(price_list_id=first.price_list_id, by=None, now=now, copy_of=first.pk)

    assert [(row.method, row.value) for row in second.entries.all()] == [("PERCENT", Decimal(-10))]
    set_entries(version_id=second.pk, entries=[EntryWish(part.pk, "PERCENT", Decimal(-20))], by=None, now=now)
    publish_version(version_id=second.pk, starts_at=later, by=None, now=now)

    first.refresh_from_db()
    assert (first.valid.upper, second.number) == (later, 2)
    assert [quoted(part, at) for at in (now, later)] == [yuan("90.00"), yuan("80.00")]


def test_a_list_ends_at_once_or_is_cancelled_before_it_began(draft, now):
    part, later = make_part(price="100.00"), now + timedelta(days=2)
    running = publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)
    planned = publish_version(version_id=draft(part, value="-50").pk, starts_at=later, by=None, now=now)
    at = now + timedelta(hours=1)

    end_version(version_id=running.pk, ends_at=at, by=None, now=at)
    cancelled = end_version(version_id=planned.pk, ends_at=at, by=None, now=at)

    assert [quoted(part, moment) for moment in (now, at, later)] == [yuan("90.00"), yuan("100.00"), yuan("100.00")]
    assert cancelled.status == "CANCELLED"
    assert list_cards([part.pk])[0].price == yuan("100.00")
    for version in (running, planned):
        with pytest.raises(PriceListIsHistory):
            end_version(version_id=version.pk, ends_at=at, by=None, now=at)


@pytest.mark.parametrize("days", [-1, 10])
def test_refuses_to_end_in_the_past_or_later_than_it_does(days, draft, now):
    part = make_part()
    ends = now + timedelta(days=5)
    version = publish_version(version_id=draft(part).pk, starts_at=now, ends_at=ends, by=None, now=now)

    with pytest.raises(PriceListIsHistory):
        end_version(version_id=version.pk, ends_at=now + timedelta(days=days), by=None, now=now)
    version.refresh_from_db()
    assert version.valid.upper == ends


def test_refuses_to_publish_in_the_past_twice_empty_or_backwards(draft, now):
    part = make_part(price="100.00")
    version = draft(part)
    empty = draft_version(price_list_id=version.price_list_id, by=None, now=now)

    with pytest.raises(PriceListIsHistory):
        publish_version(version_id=version.pk, starts_at=now - timedelta(seconds=1), by=None, now=now)
    with pytest.raises(InvalidPriceList):
        publish_version(version_id=version.pk, starts_at=now, ends_at=now, by=None, now=now)
    with pytest.raises(InvalidPriceList):
        publish_version(version_id=empty.pk, starts_at=now, by=None, now=now)
    with pytest.raises(PriceListNotFound):
        publish_version(version_id=424242, starts_at=now, by=None, now=now)
    assert quoted(part, now) == yuan("100.00")

    publish_version(version_id=version.pk, starts_at=now, by=None, now=now)
    with pytest.raises(MoveNotAllowed):
        publish_version(version_id=version.pk, starts_at=now + timedelta(days=1), by=None, now=now)


def test_refuses_two_lists_for_the_same_buyers_at_one_time(draft, now):
    part = make_part(price="100.00")
    fields = {"layer": "REGION", "region_code": "310000"}
    ends = now + timedelta(days=2)
    publish_version(version_id=draft(part, **fields).pk, starts_at=now, ends_at=ends, by=None, now=now)
    other = draft(part, value="-50", **fields)

    with pytest.raises(PriceListOverlaps):
        publish_version(version_id=other.pk, starts_at=now + timedelta(days=1), by=None, now=now)
    other.refresh_from_db()
    assert (other.status, other.valid) == ("DRAFT", None)

    publish_version(version_id=other.pk, starts_at=ends, by=None, now=now)
    assert quoted(part, ends, region_code="310000") == yuan("50.00")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"layer": "REGION"}, "region_code"),
        ({"layer": "REGION", "region_code": "31"}, "region_code"),
        ({"layer": "DEALER"}, "dealer"),
        ({"layer": "SEGMENT"}, "segment"),
        ({"layer": "MSRP", "region_code": "310000"}, "region_code"),
        ({"layer": "CAMPAIGN", "segment": "fleet"}, "segment"),
        ({"layer": "NONE"}, "layer"),
        ({"layer": "MSRP", "currency": "EUR"}, "currency"),
        ({"layer": "MSRP", "code": "TAKEN"}, "code"),
    ],
)
def test_refuses_a_list_that_does_not_name_what_its_layer_needs(fields, wrong, db, now):
    make_price_list(code="TAKEN", layer="CAMPAIGN", name_zh="清单", name_en="List", by=None, now=now)

    with pytest.raises(InvalidPriceList) as refusal:
        make_price_list(**{"code": "NEW", "name_zh": "清单", "name_en": "List", "by": None, "now": now, **fields})

    assert wrong in refusal.value.fields
    assert PriceList.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("PRICE", "0.00"), ("PRICE", "-1.00"), ("PRICE", "10000000000.00"), ("PERCENT", "-100"), ("PERCENT", "101"),
        ("AMOUNT", "NaN"), ("GIFT", "1"),
    ],
)  # fmt: skip
def test_refuses_entries_that_leave_no_price_and_keeps_the_draft(method, value, draft, now):
    part = make_part()
    version = draft(part)
    wish = EntryWish(part.pk, method, Decimal(value))

    with pytest.raises(InvalidPriceList):
        set_entries(version_id=version.pk, entries=[wish], by=None, now=now)
    assert version.entries.get().value == Decimal(-10)


def test_refuses_unknown_products_and_a_product_that_stands_twice(draft, now):
    part = make_part()
    version = draft(part)
    wish = EntryWish(part.pk, "PERCENT", Decimal(-5))

    for entries in ([EntryWish(424242, "PERCENT", Decimal(-5))], [wish, wish]):
        with pytest.raises(InvalidPriceList):
            set_entries(version_id=version.pk, entries=entries, by=None, now=now)
    assert version.entries.get().value == Decimal(-10)


def test_what_was_published_is_history_by_service_and_by_database(draft, now):
    part = make_part(price="100.00")
    version = publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)
    wish = EntryWish(part.pk, "PERCENT", Decimal(-90))

    with pytest.raises(PriceListIsHistory):
        set_entries(version_id=version.pk, entries=[wish], by=None, now=now)
    for rewrite in (
        lambda: PriceEntry.objects.update(value=Decimal(-90)),
        lambda: PriceEntry.objects.all().delete(),
        lambda: PriceEntry.objects.create(version=version, product=make_product(), method="PRICE", value=Decimal(1)),
        lambda: PriceListVersion.objects.update(valid=DateTimeTZRange(now - timedelta(days=9), None)),
        lambda: PriceListVersion.objects.all().delete(),
        lambda: PriceList.objects.update(layer="MSRP"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            rewrite()
    assert quoted(part, now) == yuan("90.00")


def test_the_database_refuses_two_versions_at_one_time(draft, now):
    part = make_part()
    version = publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        PriceListVersion.objects.create(
            price_list=version.price_list,
            number=9,
            status="PUBLISHED",
            scope=version.scope,
            valid=DateTimeTZRange(now + timedelta(days=1), None),
            created_at=now,
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_two_lists_published_at_once_for_the_same_buyers_one_counts(is_guarded, now):
    part = make_part(price="100.00")
    drafts = [make_price_list_version(part, layer="REGION", region_code="310000", now=now) for _ in range(2)]
    if not is_guarded:
        drop_constraint(PriceListVersion._meta.db_table, "catalog_one_list_version_at_a_time")

    try:
        raised = failures(
            *[
                lambda pk=version.pk: publish_version(version_id=pk, starts_at=now, by=None, now=now)
                for version in drafts
            ]
        )
        published = PriceListVersion.objects.filter(status="PUBLISHED").count()
    finally:
        if not is_guarded:
            _guard_again()

    assert published == (1 if is_guarded else 2)
    assert [type(error) for error in raised] == ([PriceListOverlaps] if is_guarded else [])


def _guard_again() -> None:
    PriceListVersion.objects.filter(status="PUBLISHED").update(status="CANCELLED")
    constraint = next(
        one for one in PriceListVersion._meta.constraints if one.name == "catalog_one_list_version_at_a_time"
    )
    with connection.schema_editor() as editor:
        editor.add_constraint(PriceListVersion, constraint)
