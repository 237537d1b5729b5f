"""What membership does about its own facts once they are committed: pages are rendered anew."""

from apps.events.api import QuestionsChanged, ReviewPublished, ReviewReplied, ReviewWithdrawn
from apps.kernel.api import forget_pages_on


@forget_pages_on(ReviewPublished, name="membership.forget_pages_of_review")
def tags_of_published_review(fact: ReviewPublished) -> list[str]:
    """A review shows at once on its product's pages."""
    return [f"product:{fact.product_id}"]


@forget_pages_on(ReviewWithdrawn, name="membership.forget_pages_of_withdrawn_review")
def tags_of_withdrawn_review(fact: ReviewWithdrawn) -> list[str]:
    """It is gone from them at once."""
    return [f"product:{fact.product_id}"]


@forget_pages_on(ReviewReplied, name="membership.forget_pages_of_reply")
def tags_of_reply(fact: ReviewReplied) -> list[str]:
    """A reply shows at once below its review."""
    return [f"product:{fact.product_id}"]


@forget_pages_on(QuestionsChanged, name="membership.forget_pages_of_questions")
def tags_of_questions(fact: QuestionsChanged) -> list[str]:
    """Questions and answers read as they are now."""
    return [f"product:{fact.product_id}"]
