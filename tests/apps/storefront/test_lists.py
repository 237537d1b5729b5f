"""Lists: filters in the address, chips, counts, the search page, odd addresses."""

import re
from html import unescape

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog.api import list_own_cars
from apps.portals.storefront.list_state import PARAMETERS

pytestmark = pytest.mark.django_db


def links(page: str, pattern: str) -> list[str]:
    return [unescape(address) for address in re.findall(pattern, page)]


def count_in(page: str) -> int:
    return int(re.search(r'class="list__count">([\d,]+) products?', page)[1].replace(",", ""))


def test_every_facet_leads_to_as_many_products_as_it_says(reader):
    page = reader.get("/parts/?kind=accessory").content.decode()
    facets = re.findall(r'<a class="facet[^"]*" id="f-[^"]+" href="([^"]+)".*?facet__count">(\d+)<', page)

    assert len(facets) > 8
    for address, count in facets:
        assert count_in(reader.get(f"/parts/{unescape(address)}").content.decode()) == int(count), address


def test_chips_take_one_filter_away_and_keep_the_others(reader):
    page = reader.get("/parts/?brand=lichuan&brand=chenxi&in_stock=1&price_min=50").content.decode()
    chips = dict(re.findall(r'id="chip-([^"]+)" href="([^"]+)"', page))

    assert set(chips) == {"brand-lichuan", "brand-chenxi", "price", "stock"}
    assert unescape(chips["brand-lichuan"]) == "?brand=chenxi&price_min=50&in_stock=1"
    assert unescape(chips["stock"]) == "?brand=lichuan&brand=chenxi&price_min=50"


def test_a_car_stays_chosen_from_list_to_list(reader):
    car = list_own_cars()[0].product_id
    page = reader.get(f"/parts/?fits={car}&category=part-brake").content.decode()

    assert "Fits your car" in page
    assert all(f"fits={car}" in address for address in links(page, r'<a id="kind-[^"]+" href="([^"]+)"'))
    assert f'href="?category=part-brake&amp;fits={car}&amp;in_stock=1"' not in page
    assert f"fits={car}" in links(page, r'id="f-stock" href="([^"]+)"')[0]


def test_turns_pages_and_changes_their_size(reader):
    first = reader.get("/parts/").content.decode()
    second = reader.get("/parts/?page=2").content.decode()
    products = r'class="product" href="([^"]+)"'

    assert len(links(first, products)) == 24
    assert not set(links(first, products)) & set(links(second, products))
    assert len(links(reader.get("/parts/?size=48").content.decode(), products)) == 48
    assert 'aria-current="true">48<' in reader.get("/parts/?size=48").content.decode()


def test_a_page_after_the_last_is_the_last(reader):
    page = reader.get("/parts/?page=90").content.decode()

    assert 'rel="next"' not in page
    assert 'rel="prev"' in page


def test_suggests_what_was_meant_where_nothing_was_found(reader, visitor):
    page = visitor.get("/search/?q=机油滤请器").content.decode()

    assert "?q=%E6%9C%BA%E6%B2%B9%E6%BB%A4%E6%B8%85%E5%99%A8" in page
    assert 'href="?q=filter&amp;in_stock=1"' in reader.get("/parts/?q=fliter&in_stock=1").content.decode()
    assert "Search all kinds of products" in reader.get("/parts/?q=zzzzzz").content.decode()


def test_finds_by_initials_pinyin_mixed_words_and_part_numbers(reader):
    for words in ("xc", "jylqq", "jiyou", "望舒 刹车", "FLT-OIL-15NA", "oil filters"):
        assert count_in(reader.get("/search/", {"q": words}).content.decode()) > 0, words


def test_asks_two_questions(visitor, django_assert_max_num_queries):
    for address in (
        "/parts/",
        "/parts/?category=part-brake&brand=lichuan&price_max=900",
        "/search/?q=刹车",
        "/packages/",
    ):
        visitor.get(address)
        with django_assert_max_num_queries(2):
            visitor.get(address)


def test_asks_a_few_more_of_somebody_signed_in(signed_in, django_assert_max_num_queries):
    signed_in.get("/parts/")

    with django_assert_max_num_queries(8):
        signed_in.get("/parts/?category=part-brake")


NASTY = (
    "'); DROP TABLE catalog_listing;--",
    "<script>alert(1)</script>",
    "\u202e\u202drtl",
    "😀" * 50,
    "机" * 10_000,
    "a" * 10_000,
    "-1",
    "1e309",
    "NaN",
    "9" * 400,
    "%",
    "\\",
    "' OR 1=1",
)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("value", NASTY)
def test_takes_anything_in_any_field(name, value, reader):
    for address in ("/parts/", "/search/"):
        answer = reader.get(address, {name: value})

        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/parts/?q=a%00b", "/search/suggest/?q=%00", "/compare/?id=%00", "/search/?brand=%00"]
)
def test_refuses_null_characters(address, reader):
    assert reader.get(address).status_code == 400


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(words=st.text(max_size=120).filter(lambda text: "\x00" not in text))
def test_any_words_are_answered(words, reader):
    for address in ("/search/", "/search/suggest/"):
        assert reader.get(address, {"q": words}).status_code == 200


def test_the_same_list_is_rendered_once_but_never_shows_an_old_price(reader, part):
    before = reader.get("/search/", {"q": part.upc}).content.decode()
    type(part.stockrecords.first()).objects.filter(product=part).update(num_in_stock=0, num_allocated=0)
    after = reader.get("/search/", {"q": part.upc}).content.decode()

    assert "Out of stock" not in before
    assert "Out of stock" in after


def test_suggests_as_a_list_box(reader):
    page = reader.get("/search/suggest/?q=oil").content.decode()

    assert 'role="option"' in page
    assert "<html" not in page
    assert reader.get("/search/suggest/?q=oil").headers["Cache-Control"].split(", ") == ["private", "max-age=60"]
    assert reader.get("/search/suggest/").content.decode().strip() == ""


def test_compares_by_address(reader):
    cars = list_own_cars()
    ids = "&".join(f"id={car.product_id}" for car in cars[:3])
    page = reader.get(f"/compare/?{ids}").content.decode()

    assert page.count('scope="col" class="compare__head"') == 3
    assert 'class="is-different"' in page
    only = reader.get(f"/compare/?{ids}&only=1").content.decode()
    assert only.count("<tr>") < page.count("<tr>")
    assert 'aria-checked="true"' in only


@pytest.mark.parametrize(
    "query", ["", "?id=abc", "?id=-1", "?id=999999999", "?id=" + "1," * 500, "?id=1&id=1&id=1", "?only=1"]
)
def test_compares_whatever_is_asked(query, reader):
    assert reader.get(f"/compare/{query}").status_code == 200


def test_a_list_needs_no_cookie(part):
    answer = Client(HTTP_ACCEPT_LANGUAGE="en").get("/parts/")

    assert "sessionid" not in answer.cookies
