"""Stores: by city, by district, by pinyin, by position, with stock, with hours; and one store's page."""

import json
import re
from datetime import UTC, datetime

import pytest

from apps.dealers.api import Store, list_stores, next_change_at
from apps.inventory.api import stock_at_stores
from apps.portals.storefront.regions import find_places
from apps.portals.storefront.store_map import PIN_RADIUS, draw_map
from apps.shop.api import Product

HOURS = {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "tue": [["10:00", "18:00"]]}


@pytest.mark.parametrize(
    ("at", "change"),
    [
        ("2026-06-08T01:30:00", "2026-06-08T12:00+08:00"),  # Monday 09:30 in Shanghai: open, closes at noon
        ("2026-06-08T00:00:00", "2026-06-08T09:00+08:00"),  # before it opens
        ("2026-06-08T04:30:00", "2026-06-08T13:30+08:00"),  # at lunch
        ("2026-06-08T10:30:00", "2026-06-09T10:00+08:00"),  # after closing: tomorrow
        ("2026-06-09T10:00:00", "2026-06-15T09:00+08:00"),  # closes this second: next week
        ("2026-06-08T16:30:00", "2026-06-09T10:00+08:00"),  # Tuesday in Shanghai, Monday in London
    ],
)
def test_knows_by_the_clock_on_its_wall_when_that_changes(at, change):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert next_change_at(HOURS, time_zone="Asia/Shanghai", at=moment) == datetime.fromisoformat(change)


def test_a_store_without_hours_never_changes():
    assert next_change_at({}, time_zone="Asia/Shanghai", at=datetime(2026, 6, 8, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("苏州", "苏州市"),
        ("苏州市", "苏州市"),
        ("suzhou", "苏州市"),
        ("Su zhou", "苏州市"),
        ("Suzhou", "苏州市"),
        ("浦东", "浦东新区"),
        ("pudong", "浦东新区"),
        ("乌鲁木齐", "乌鲁木齐市"),
        ("wlmq", "乌鲁木齐市"),
    ],
)
def test_a_place_is_found_however_it_is_typed(typed, name):
    assert find_places(typed)[0].name_zh == name


def test_a_name_that_several_places_have_offers_the_others():
    found = find_places("朝阳")
    assert {"朝阳市", "朝阳区"} <= {place.name_zh for place in found}
    assert found[0].level == "city"


@pytest.mark.parametrize("typed", ["", "   ", "zzzzzz", "'; DROP TABLE", "x" * 10_000, "%", "\\"])
def test_a_place_that_is_none_is_not_found(typed):
    assert find_places(typed) == []


@pytest.mark.django_db
def test_the_nearest_store_comes_first(reader):
    page = reader.get("/stores/?near=31.2252,121.5441")
    rows = page.context["stores"]

    assert rows[0].store.code == "ST-SHANGHAI-PUDONG"
    assert [row.distance_km for row in rows] == sorted(row.distance_km for row in rows)
    assert len(rows) + len(page.context["farther"]) == 24


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["上海", "shanghai", "浦东新区", "Shanghai"])
def test_by_city_or_district_the_nearest_first(typed, reader):
    page = reader.get("/stores/", {"place": typed})
    assert page.context["stores"][0].store.city == "上海市"
    assert page.context["stores"][0].distance_km is not None


@pytest.mark.django_db
def test_a_place_we_do_not_know_shows_all_and_says_so(reader):
    page = reader.get("/stores/?place=<b>Atlantis</b>")
    assert "We do not know a place called" in page.content.decode()
    assert "<b>Atlantis" not in page.content.decode()
    assert len(page.context["stores"]) == 24


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "near=x", "near=91,0", "near=0,181", "near=nan,nan", "near=inf,0", "near=1,2,3", "near=" + "9" * 10_000,
        "place=" + "城" * 10_000, "service=nonsense", "product=nobody", "city=%27%3BDROP", "near=1e400,1",
    ],
)  # fmt: skip
def test_values_nobody_can_mean_do_no_harm(query, reader):
    assert reader.get(f"/stores/?{query}").status_code == 200


@pytest.mark.django_db
def test_a_position_is_rounded_to_a_neighborhood(reader):
    assert reader.get("/stores/?near=31.225234,121.544132").context["wish"].near == (31.23, 121.54)


@pytest.mark.django_db
def test_stock_of_a_product_is_told_at_each_store_and_comes_first(reader):
    product = next(row for row in Product.objects.filter(info__kind="part").order_by("pk") if stock_at_stores(row.pk))
    holders = {store.pk: pieces for store, pieces in stock_at_stores(product.pk)}

    rows = reader.get(f"/stores/?product={product.slug}").context["stores"]

    assert {row.store.pk: row.stock for row in rows if row.stock} == holders
    assert all(row.stock for row in rows[: len(holders)])


@pytest.mark.django_db
def test_a_store_has_a_page_with_route_phone_and_facts_for_engines(reader):
    page = reader.get("/stores/st-shanghai-pudong/").content.decode()

    assert "Xingchi Shanghai Pudong" in page
    assert "https://uri.amap.com/marker?position=121.544100,31.225200" in page
    assert "https://maps.apple.com/?daddr=31.225200,121.544100" in page
    assert 'href="tel:400-000-0101"' in page
    blocks = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    assert {"AutoDealer", "BreadcrumbList"} <= {block["@type"] for block in blocks}


@pytest.mark.django_db
def test_stores_that_are_not_there_or_closed_are_404(reader):
    Store.objects.filter(code="ST-HEFEI-SHUSHAN").update(is_open=False)
    for slug in ("nobody", "st-hefei-shushan", "x" * 300):
        assert reader.get(f"/stores/{slug}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("near", [None, (31.23, 121.54), (43.8, 87.6)])
def test_pins_of_the_map_can_be_hit_one_by_one(near):
    stores = list(list_stores(near=near))
    view = draw_map(stores, near=near, cities=[])

    assert sum(pin.count for pin in view.pins) == len(stores)
    for index, pin in enumerate(view.pins):
        assert 0 <= pin.x <= 640
        assert 0 <= pin.y <= 420
        for other in view.pins[:index]:
            assert ((pin.x - other.x) ** 2 + (pin.y - other.y) ** 2) ** 0.5 >= 2 * PIN_RADIUS


@pytest.mark.django_db
def test_the_list_asks_few_questions(reader, django_assert_max_num_queries):
    reader.get("/stores/")
    with django_assert_max_num_queries(3):
        reader.get("/stores/?near=31.2,121.5")
