"""Tables of membership, by noun."""

from apps.membership.models.garage import GarageCar
from apps.membership.models.questions import Answer, Question
from apps.membership.models.reviews import Review, ReviewPhoto, ReviewReply, ReviewReport, ReviewVote
from apps.membership.models.wishes import SavedConfiguration, Wish

__all__ = [
    "Answer",
    "GarageCar",
    "Question",
    "Review",
    "ReviewPhoto",
    "ReviewReply",
    "ReviewReport",
    "ReviewVote",
    "SavedConfiguration",
    "Wish",
]
