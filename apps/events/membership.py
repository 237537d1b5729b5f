"""What membership tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class ReviewPublished(Fact):
    """Everybody may read a review now; its stars count."""

    name: ClassVar[str] = "membership.review_published.v1"
    aggregate: ClassVar[str] = "product_id"
    product_id: int
    review_id: int
    rating: int


@dataclass(frozen=True, kw_only=True)
class ReviewWithdrawn(Fact):
    """A review that was published is no longer; its stars do not count any more."""

    name: ClassVar[str] = "membership.review_withdrawn.v1"
    aggregate: ClassVar[str] = "product_id"
    product_id: int
    review_id: int


@dataclass(frozen=True, kw_only=True)
class ReviewReplied(Fact):
    """The brand or a seller replied to a published review."""

    name: ClassVar[str] = "membership.review_replied.v1"
    aggregate: ClassVar[str] = "product_id"
    product_id: int
    review_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionsChanged(Fact):
    """The questions and answers that everybody reads about a product may read different."""

    name: ClassVar[str] = "membership.questions_changed.v1"
    aggregate: ClassVar[str] = "product_id"
    product_id: int
    question_id: int
