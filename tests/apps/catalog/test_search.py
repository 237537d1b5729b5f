"""Finding products: words, filters, order, facets."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from apps.catalog.api import (
    InvalidQuery,
    ProductKind,
    ProductQuery,
    pause_offer,
    search_products,
    set_offer_price,
)
from apps.kernel.api import Money
from tests.factories.catalog import (
    make_brand,
    make_category,
    make_fitment,
    make_offer,
    make_package,
    make_part,
    make_product,
    make_trim,
)

pytestmark = pytest.mark.django_db


def found(**query) -> list[int]:
    return [card.id for card in search_products(ProductQuery(**query)).items]


@pytest.fixture
def oil_filter(db):
    return make_part(title="机油滤清器", title_en="Oil filter", summary_zh="全流式纸芯", sku="FLT-OIL-15NA")


@pytest.fixture
def oil(db):
    return make_part(title="全合成机油 5W-30 4 升", title_en="Synthetic oil 5W-30, 4 l", price="268.00")


@pytest.mark.parametrize(
    "q",
    [
        "机油滤清器",
        "滤清器",
        "机油滤",
        "jiyoulvqingqi",
        "jylqq",
        "jiyou lvqing",
        "lvqingqi",
        "oil filter",
        "OIL FILT",
        "flt-oil-15na",
    ],
)
def test_finds_a_part_by_chinese_pinyin_initials_english_and_sku(q, oil_filter):
    wipers = make_part(title="雨刮片", title_en="Wiper blades")

    assert found(q=q) == [oil_filter.pk]
    assert wipers.pk not in found(q=q)


def test_a_hit_in_the_title_comes_before_one_in_the_summary(oil):
    wrench = make_part(title="扳手", title_en="Wrench", summary_zh="更换机油用", popularity=999)

    assert found(q="机油") == [oil.pk, wrench.pk]


def test_keeps_part_numbers_whole(oil):
    assert found(q="5w-30") == [oil.pk]
    assert found(q="5w-40") == []


@pytest.mark.parametrize("q", ["'", "\\", "'':*&|!()", "&", "<->", "%", "机油'); DROP TABLE x;--", "😀", "a" * 5000])
def test_takes_any_text_as_words(q, oil_filter):
    assert isinstance(found(q=q), list)


def test_shows_only_what_is_public_and_offered(oil_filter):
    make_product()
    make_part(is_public=False)
    paused = make_part()
    pause_offer(offer_id=paused.offers.get().pk, by=None, now=paused.date_created)

    assert found() == [oil_filter.pk]


def test_filters_by_kind_brand_and_price(oil_filter, oil):
    cap = make_part(kind=ProductKind.ACCESSORY, brand=make_brand(code="QIMU", name_zh="栖木", name_en="Qimu"))
    package = make_package(price="1999.00")

    assert set(found(kind="part")) == {oil_filter.pk, oil.pk}
    assert set(found(kind="part,accessory")) == {oil_filter.pk, oil.pk, cap.pk}
    assert found(brand="qimu") == [cap.pk]
    assert found(brand="nobody") == []
    assert found(price_min=Decimal(1000)) == [package.pk]
    assert set(found(price_min=Decimal("120.00"), price_max=Decimal("120.00"))) == {oil_filter.pk, cap.pk}


def test_a_category_holds_what_its_branches_hold():
    root = make_category(code="PART", name_zh="配件")
    leaf = make_category(code="PART-FILTER", name_zh="滤清器", parent=root)
    part = make_part(categories=[leaf])
    make_part(categories=[make_category(code="ACCESSORY", name_zh="精品")])

    assert found(category="PART") == found(category="part-filter") == [part.pk]
    assert found(category="GONE") == []


def test_what_fits_a_car_includes_what_fits_every_car():
    trim, other = make_trim(), make_trim()
    fitting, universal, foreign = make_part(kind=ProductKind.PACKAGE), make_part(), make_part()
    make_fitment(fitting, trim, year_from=2025, year_to=2026)
    make_fitment(foreign, other)
    make_fitment(foreign, trim, year_from=2027)

    assert set(found(fits=trim.product_id)) == {fitting.pk, universal.pk}


def test_in_stock_looks_at_what_is_free_to_promise(oil_filter, oil):
    record = oil.stockrecords.get()
    record.num_allocated = record.num_in_stock
    record.save()
    package = make_package()

    assert set(found(in_stock=True)) == {oil_filter.pk, package.pk}
    assert found(in_stock=False) == [oil.pk]


def test_orders_by_price_age_and_popularity():
    cheap = make_part(price="10.00", popularity=1)
    dear = make_part(price="99.00", popularity=5)
    newest = make_part(price="50.00", popularity=3)
    type(newest).objects.filter(pk=newest.pk).update(date_created=newest.date_created + timedelta(days=1))

    assert found(ordering="price") == [cheap.pk, newest.pk, dear.pk]
    assert found(ordering="-price") == [dear.pk, newest.pk, cheap.pk]
    assert found(ordering="newest")[0] == newest.pk
    assert found(ordering="popular") == found() == [dear.pk, newest.pk, cheap.pk]


def test_pages_do_not_overlap_and_count_everything():
    for _ in range(5):
        make_part()

    pages = [search_products(ProductQuery(page=page, page_size=2)) for page in (1, 2, 3, 4)]

    assert [len(page.items) for page in pages] == [2, 2, 1, 0]
    assert len({card.id for page in pages for card in page.items}) == 5
    assert {page.count for page in pages} == {5}
    assert pages[0].pages == 3
    assert search_products(ProductQuery(page=10**30)).items == []


def test_each_facet_counts_under_all_filters_but_its_own():
    filters = make_category(code="PART-FILTER", name_zh="滤清器")
    for price in ("38.00", "52.00", "120.00"):
        make_part(price=price, categories=[filters])
    make_part(kind=ProductKind.ACCESSORY, price="38.00")

    facets = search_products(ProductQuery(kind="part", price_max=Decimal(99))).facets

    assert [(row.value, row.count, row.is_selected) for row in facets.kind] == [
        ("part", 2, True),
        ("accessory", 1, False),
    ]
    assert [(row.value, row.count) for row in facets.category] == [("PART-FILTER", 2)]
    assert [(row.value, row.count) for row in facets.brand] == [("XINGCHI", 2)]
    assert [(row.low, row.high, row.count) for row in facets.price] == [(0, 100, 2), (100, 300, 1)]


def test_speaks_the_readers_language(oil_filter):
    with translation.override("en"):
        page = search_products(ProductQuery())
        assert page.items[0].title == "Oil filter"
        assert page.facets.kind[0].title == "Part"
    with translation.override("zh-hans"):
        assert search_products(ProductQuery()).items[0].title == "机油滤清器"


def test_shows_the_price_in_force_and_the_list_price_if_it_is_higher(now):
    part = make_part(price="120.00", list_price="150.00")
    offer = part.offers.get()

    set_offer_price(offer_id=offer.pk, amount=Money.of("99.00"), by=None, now=now)
    card = search_products(ProductQuery()).items[0]
    assert (card.price, card.list_price) == (Money.of("99.00"), Money.of("150.00"))

    set_offer_price(offer_id=offer.pk, amount=Money.of("150.00"), by=None, now=now)
    assert search_products(ProductQuery()).items[0].list_price is None


def test_shows_the_better_of_two_offers():
    part = make_part(price="120.00")
    better = make_offer(product=part, price="110.00")

    card = search_products(ProductQuery()).items[0]

    assert (card.sku, card.price) == (better.sku, Money.of("110.00"))


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "boat"},
        {"ordering": "cheapest"},
        {"price_min": Decimal(-1)},
        {"price_max": Decimal("Infinity")},
        {"price_max": Decimal("1e20")},
        {"page_size": 0},
        {"page_size": 101},
        {"page": 0},
        {"fits": 999_999},
        {"fits": 2**80},
        {"q": "a\x00b"},
        {"brand": "\x00"},
    ],
)
def test_refuses_values_a_filter_cannot_have(query, db):
    with pytest.raises(InvalidQuery) as refusal:
        search_products(ProductQuery(**query))

    assert refusal.value.status == 400
    assert list(refusal.value.fields) == list(query)


def test_takes_at_most_eight_queries(django_assert_max_num_queries):
    category = make_category(code="PART", name_zh="配件")
    trim = make_trim()
    for _ in range(12):
        make_fitment(make_part(title="机油滤清器", categories=[category]), trim)
    query = ProductQuery(
        q="滤清器",
        kind="part",
        category="PART",
        brand="XINGCHI",
        fits=trim.product_id,
        price_min=Decimal(1),
        in_stock=True,
        page_size=10,
    )

    with django_assert_max_num_queries(8):
        page = search_products(query)

    assert (page.count, len(page.items)) == (12, 10)
