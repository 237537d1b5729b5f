"""Fitment, offer choice, words and slugs, without a database."""

import re
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.catalog.policies.fitment import FitmentLine, Vehicle, fits
from apps.catalog.policies.offers import LostBy, OfferCandidate, choose_offer
from apps.catalog.policies.text import pinyin_of, search_query, search_vector, words_of
from apps.catalog.slugs import slugify_zh
from apps.kernel.api import Money

CAR = Vehicle(series_id=1, model_id=10, trim_id=100, model_year=2025)


@pytest.mark.parametrize(
    ("lines", "does_fit"),
    [
        ([], True),
        ([FitmentLine(1)], True),
        ([FitmentLine(2)], False),
        ([FitmentLine(1, model_id=10)], True),
        ([FitmentLine(1, model_id=11)], False),
        ([FitmentLine(1, 10, trim_id=100)], True),
        ([FitmentLine(1, 10, trim_id=101)], False),
        ([FitmentLine(1, year_from=2025)], True),
        ([FitmentLine(1, year_from=2026)], False),
        ([FitmentLine(1, year_to=2025)], True),
        ([FitmentLine(1, year_to=2024)], False),
        ([FitmentLine(1, year_from=2020, year_to=2024), FitmentLine(1, year_from=2025)], True),
        ([FitmentLine(2), FitmentLine(1, model_id=11)], False),
    ],
)
def test_a_part_fits_a_car_that_any_line_names(lines, does_fit):
    assert fits(lines, CAR) is does_fit


def offer(offer_id: int, price="100.00", days=3, score=80, *, in_stock=True) -> OfferCandidate:
    return OfferCandidate(
        offer_id=offer_id, price=Money.of(price), lead_time_days=days, score=Decimal(score), in_stock=in_stock
    )


@pytest.mark.parametrize(
    ("winner", "loser", "reason"),
    [
        (offer(2, "120.00"), offer(1, "100.00", in_stock=False), LostBy.SOLD_OUT),
        (offer(2, "99.99"), offer(1, "100.00", days=1, score=100), LostBy.DEARER),
        (offer(2, days=2), offer(1, days=3, score=100), LostBy.LATER),
        (offer(2, score=81), offer(1, score=80), LostBy.LOWER_SCORE),
        (offer(1), offer(2), LostBy.NEWER),
    ],
)
def test_the_loser_keeps_the_first_reason_it_lost_by(winner, loser, reason):
    for candidates in permutations([winner, loser]):
        verdicts = choose_offer(candidates)
        assert [(verdict.offer_id, verdict.chosen, verdict.lost_by) for verdict in verdicts] == [
            (winner.offer_id, True, None),
            (loser.offer_id, False, reason),
        ]


def test_without_candidates_there_is_no_choice():
    assert choose_offer([]) == []


@given(
    st.lists(
        st.builds(
            offer,
            st.integers(1, 9),
            st.sampled_from(["99.00", "100.00"]),
            st.integers(0, 3),
            st.integers(0, 3),
            in_stock=st.booleans(),
        ),
        unique_by=lambda candidate: candidate.offer_id,
    ),
    st.randoms(use_true_random=False),
)
def test_replaying_gives_the_same_answer_in_any_order(candidates, random):
    shuffled = list(candidates)
    random.shuffle(shuffled)

    assert choose_offer(candidates) == choose_offer(shuffled)
    assert sum(verdict.chosen for verdict in choose_offer(candidates)) == bool(candidates)


def test_words_are_cut_long_and_short():
    assert {"机油", "滤清器", "5w-30", "5w", "30"} <= set(words_of("机油滤清器 5W-30"))


def test_pinyin_has_no_spaces_and_keeps_letters():
    assert pinyin_of("星驰 E5 机油") == ("xingchie5jiyou", "xceejy"[:2] + "e" + "jy")


@given(st.text(max_size=200))
def test_any_text_makes_a_query_the_database_reads(text):
    query = search_query(text)
    vector = search_vector([("A", words_of(text))])

    # Tokens hold nothing that would end a quoted lexeme.
    assert not re.sub(r"'[^'\\]+'(:\*)?", "", query).strip(" &|()")
    assert "\\" not in query + vector


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("星驰望舒纯电 430 轻享版", "xing-chi-wang-shu-chun-dian-430-qing-xiang-ban"),
        ("机油滤清器 1.5 升", "ji-you-lv-qing-qi-15-sheng"),
        ("Audi A6 e-tron", "audi-a6-e-tron"),
        ("！！！", "product"),
        ("", "product"),
    ],
)
def test_slugs_are_pinyin(title, slug):
    assert slugify_zh(title) == slug
