"""The words of a search, and what somebody meant who mistyped them. No database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.catalog.policies.spelling import Word, Words, correct
from apps.catalog.policies.text import (
    MAX_QUERY_LENGTH,
    cut_words,
    pinyin_of,
    pinyin_words_of,
    search_query,
    search_vector,
    tails_of,
    words_of,
)

CHINESE = Words(
    [Word(text, count, pinyin_of(text)) for text, count in (("机油滤清器", 6), ("机油", 10), ("刹车片", 17))]
)
LATIN = Words([Word("filter", 29), Word("brembo", 12), Word("brake", 33), Word("brakes", 4)])


@pytest.mark.parametrize("word", ["机油滤清器", "行车记录仪", "下摆臂", "惊鸿"])
def test_words_of_the_trade_stay_whole(word):
    assert cut_words(word) == [word]


def test_a_stretch_is_found_from_any_of_its_words_on():
    assert {"望舒前刹车片", "前刹车片", "刹车片"} <= set(tails_of("望舒前刹车片"))
    assert {"wangshuqianshachepian", "wsqscp", "shachepian", "scp"} <= set(pinyin_words_of("望舒前刹车片"))


def test_a_part_number_is_found_with_and_without_its_dashes():
    assert {"flt-oil-15na", "flt", "oil", "15na", "fltoil15na"} <= set(words_of("FLT-OIL-15NA"))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("机油滤清器", "'机油滤清器':*"),
        ("brembo 刹车", "'brembo':* & '刹车':*"),
        ("ji you", "('jiyou':* | ('ji':* & 'you':*))"),
        ("５Ｗ－３０", "'5w-30':*"),
        ("Batteries", "'batter':*"),
        ("brushes", "'brush':*"),
        ("glass", "'glass':*"),
        ("w", "'w'"),
        ("😀 \u202e '", ""),
        ("", ""),
    ],
)
def test_words_become_a_query(typed, query):
    assert search_query(typed) == query


def test_a_long_text_makes_a_short_query():
    assert len(search_query("刹车 brake " * 5000)) < 20 * MAX_QUERY_LENGTH
    assert search_query("x" * 10_000) == f"'{'x' * 60}':*"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_nothing_that_is_typed_ends_a_quoted_word(typed):
    query = search_query(typed)
    vector = search_vector([("A", [*words_of(typed), *tails_of(typed), *pinyin_words_of(typed)])])

    assert not re.sub(r"'[^'\\]+'(:\*)?", "", query).strip(" &|()")
    assert query.count("(") == query.count(")")
    assert "\\" not in query + vector
    assert "\x00" not in query + vector


@given(st.lists(st.sampled_from(["机油", "刹车片", "brembo", "5w-30", "望舒", "filter"]), min_size=1, max_size=6))
def test_what_finds_a_title_holds_only_words_of_it(words):
    title = " ".join(words)
    indexed = {*words_of(title), *tails_of(title), *pinyin_words_of(title)}

    for word in words:
        assert any(token.startswith(word) for token in indexed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("机油滤请器", "机油滤清器"),  # another character of the same sound
        ("jiyuo", "机油"),
        ("shachpian", "刹车片"),
        ("机油", ""),
        ("刹车", ""),
        ("jylqq", ""),
        ("qwertz", ""),
        ("5w-30", ""),
        ("", ""),
    ],
)
def test_chinese_is_corrected_by_its_sound(typed, meant):
    assert correct(typed, CHINESE) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("fliter", "filter"), ("brmebo", "brembo"), ("oil fitler", "oil filter"), ("brake", "")]
)
def test_letters_are_corrected_by_their_likeness(typed, meant):
    words = Words([*LATIN.words, Word("oil", 5)])

    assert correct(typed, words) == meant


def test_of_words_that_begin_alike_the_frequent_ones_come_first():
    assert [word.text for word in LATIN.beginning_with("br", limit=2)] == ["brake", "brembo"]
    assert LATIN.beginning_with("zz", limit=2) == []


@given(st.text(max_size=60))
def test_any_text_can_be_corrected(typed):
    assert isinstance(correct(typed, CHINESE), str)
    assert isinstance(correct(typed, LATIN), str)
