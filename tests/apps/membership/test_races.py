"""
Two windows of one member, two clicks at once. Each race has a control: without the constraint it goes wrong.
"""

import threading

import pytest

from apps.membership import api
from tests.factories.accounts import make_user
from tests.factories.catalog import make_part, make_trim
from tests.factories.membership import make_review
from tests.races import drop_constraint, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def part(transactional_db):
    return make_part()


@pytest.fixture
def member(transactional_db):
    return make_user()


@pytest.fixture
def windows(part, member, now, monkeypatch):
    """Eight windows of one member send a review at once; none sees another's by asking first."""
    from apps.membership.services import reviews

    everybody = threading.Barrier(8)
    ask = reviews._is_public

    def together(product_id):
        answer = ask(product_id)
        everybody.wait(timeout=30)
        return answer

    monkeypatch.setattr(reviews, "_is_public", together)

    def write():
        return type(api.write_review(product_id=part.pk, rating=5, text="装上很合适", by=member, now=now)).__name__

    return [write] * 8


def test_eight_windows_of_one_member_leave_one_review(windows):
    results = race(*windows)
    assert sorted(results) == ["Review"] + ["already_reviewed"] * 7
    assert api.Review.objects.count() == 1


def test_without_the_constraint_they_leave_more(windows, monkeypatch):
    drop_constraint("membership_review", "membership_one_review_per_member")
    race(*windows)
    assert api.Review.objects.count() > 1


@pytest.fixture
def clicks(part, member, now):
    review = make_review(part, make_user(), now=now)
    return review, [lambda: api.vote_helpful(review_id=review.pk, by=member, now=now)] * 8


def test_eight_clicks_of_one_member_are_one_vote(clicks):
    review, works = clicks
    race(*works)
    assert review.votes.count() == 1


def test_without_the_constraint_they_are_eight(clicks):
    review, works = clicks
    drop_constraint("membership_reviewvote", "membership_one_vote_per_member")
    race(*works)
    assert review.votes.count() == 8


def test_eight_cars_at_once_leave_one_current(member, now):
    trims = [make_trim() for _ in range(8)]
    results = race(
        *[
            lambda trim=trim: type(api.add_car(member=member, product_id=trim.product_id, now=now)).__name__
            for trim in trims
        ]
    )
    assert results == ["GarageCar"] * 8
    assert api.GarageCar.objects.filter(member=member, is_current=True).count() == 1


def test_eight_wishes_at_once_are_one(member, part, now):
    race(*[lambda: api.add_wish(member=member, product_id=part.pk, now=now).pk] * 8)
    assert api.Wish.objects.count() == 1
