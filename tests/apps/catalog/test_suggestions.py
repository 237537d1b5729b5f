"""Suggestions over a few products."""

import pytest
from django.core.cache import cache
from django.utils import translation

from apps.catalog.api import guess_meant, refresh_vocabulary, suggest
from tests.factories.catalog import make_category, make_model, make_part, make_series, make_trim

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(db):
    """Three parts and a car; words drawn from them."""
    filters = make_category(code="PART-FILTER", name_zh="滤清器")
    make_part(title="机油滤清器 1.5 升", title_en="Oil filter 1.5 l", categories=[filters], popularity=5)
    make_part(title="机油滤清器 2.0 升", title_en="Oil filter 2.0 l", categories=[filters], popularity=9)
    make_part(title="前刹车片", title_en="Front brake pads", sku="BRK-7")
    make_trim(model=make_model(series=make_series(name_zh="望舒", name_en="Wangshu", slug="wangshu")))
    refresh_vocabulary()
    with translation.override("zh-hans"):
        yield
    cache.clear()


@pytest.mark.parametrize("typed", ["机油", "jiyou", "jylqq", "ji you lv", "机油滤", "JIYOU"])
def test_offers_words_and_products_for_chinese_pinyin_and_initials(typed):
    found = suggest(typed)

    assert ("机油滤清器", 2) in [(row.value, row.count) for row in found.queries]
    assert [card.title_zh for card in found.products] == ["机油滤清器 2.0 升", "机油滤清器 1.5 升"]
    assert found.meant == ""


def test_offers_categories_and_series():
    assert [(row.value, row.count) for row in suggest("lvq").categories] == [("PART-FILTER", 2)]
    assert [row.value for row in suggest("ws").series] == ["wangshu"]


def test_finishes_the_last_word():
    assert [row.value for row in suggest("前刹车片 ").queries] == ["前刹车片"]
    assert suggest("brk-7").products[0].title_zh == "前刹车片"


def test_speaks_english():
    with translation.override("en"):
        found = suggest("fil")

    assert [row.value for row in found.queries] == ["filter"]
    assert found.products[0].title_en == "Oil filter 2.0 l"


@pytest.mark.parametrize(("typed", "meant"), [("机油滤请器", "机油滤清器"), ("jiyuo", "机油"), ("fliter", "filter")])
def test_forgives_mistakes(typed, meant):
    assert guess_meant(typed).startswith(meant[:2])
    assert suggest(typed).products
    assert suggest(typed).meant


@pytest.mark.parametrize(
    "typed", ["", " ", "'", "😀", "zzzzzzzz", "\u202e", "<script>alert(1)</script>", "%_\\", "a" * 9999]
)
def test_takes_anything(typed):
    assert isinstance(bool(suggest(typed)), bool)
    assert isinstance(guess_meant(typed), str)


def test_asks_few_questions(django_assert_max_num_queries):
    suggest("机油")

    with django_assert_max_num_queries(2):
        suggest("机油")


def test_finishes_only_with_what_finds_something_and_asks_about_all_of_it_at_once(django_assert_max_num_queries):
    suggest("机油")

    with django_assert_max_num_queries(3):
        together = suggest("刹车片 前")
    with django_assert_max_num_queries(3):
        apart = suggest("滤清器 刹")

    assert "刹车片 前刹车片" in [row.value for row in together.queries]
    assert not apart.queries
