"""What demo members say: reviews, votes, replies, questions and answers, written by the services that people use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.api import User, create_user_account
from apps.catalog.api import Offer
from apps.membership.api import (
    Question,
    Review,
    answer_question,
    ask_question,
    publish_review,
    reply_to_review,
    vote_helpful,
    write_review,
)

HQ = "hq@demo.example"


def load_voices(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write ``reviews.json``; what was written before stays as it is. Returns the number of reviews and questions."""
    people = _load_people(data["members"], now=now)
    products = dict(Offer.objects.order_by("-pk").values_list("sku", "product_id"))
    hq = User.objects.get(email=HQ)
    for row in data["reviews"]:
        _load_review(row, by=people[row["member"]], product_id=products[row["sku"]], hq=hq, now=now)
    reviews = {(row.product_id, row.member_id): row for row in Review.objects.filter(member__in=people.values())}
    for row in data["votes"]:
        review = reviews[products[row["sku"]], people[row["author"]].pk]
        for email in row["members"]:
            vote_helpful(review_id=review.pk, by=people[email], now=now)
    for row in data["replies"]:
        review = reviews[products[row["sku"]], people[row["author"]].pk]
        if not review.replies.exists():
            reply_to_review(review_id=review.pk, text=row["text"], by=hq, now=now)
    for row in data["questions"]:
        _load_question(row, by=people[row["member"]], product_id=products[row["sku"]], hq=hq, now=now)
    return len(data["reviews"]) + len(data["questions"])


def _load_people(rows: list[Mapping[str, Any]], *, now: datetime) -> dict[str, User]:
    """Return the members by address; they have no password, so nobody can sign in as one."""
    people = User.objects.in_bulk([row["email"] for row in rows], field_name="email")
    for row in rows:
        if row["email"] not in people:
            people[row["email"]] = create_user_account(
                email=row["email"],
                password=None,
                display_name=row["name"],
                language=row["language"],
                by=None,
                now=now,
            )
    return people


def _load_review(row: Mapping[str, Any], *, by: User, product_id: int, hq: User, now: datetime) -> None:
    if Review.objects.filter(member=by, product_id=product_id).exists():
        return
    written_at = now - timedelta(days=row["days_ago"])
    review = write_review(product_id=product_id, rating=row["rating"], text=row["text"], by=by, now=written_at)
    if row["published"]:
        publish_review(review_id=review.pk, by=hq, now=written_at)


def _load_question(row: Mapping[str, Any], *, by: User, product_id: int, hq: User, now: datetime) -> None:
    if Question.objects.filter(member=by, product_id=product_id).exists():
        return
    asked_at = now - timedelta(days=row["days_ago"])
    question = ask_question(product_id=product_id, text=row["text"], by=by, now=asked_at)
    if row["answer"]:
        answer_question(question_id=question.pk, text=row["answer"], by=hq, now=asked_at)
