"""How far something a member wrote has come, and who speaks in an answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class Moderation(models.TextChoices):
    """What a member wrote is read by somebody at HQ before everybody reads it."""

    PENDING = "PENDING", _("Being checked")  # its author and HQ see it
    PUBLISHED = "PUBLISHED", _("Published")  # everybody sees it
    REJECTED = "REJECTED", _("Not published")  # its author sees it, with the reason


class Voice(models.TextChoices):
    """Who speaks: the brand, somebody who sells the product, or somebody who bought it."""

    HQ = "HQ", _("Xingchi")
    SELLER = "SELLER", _("Seller")
    OWNER = "OWNER", _("Owner")


class ReportReason(models.TextChoices):
    """Why a reader thinks that a review should not be here."""

    ABUSE = "ABUSE", _("It insults somebody")
    PRIVACY = "PRIVACY", _("It shows private data")
    ADVERTISING = "ADVERTISING", _("It is advertising")
    FALSE = "FALSE", _("It is untrue or about something else")


class ReviewOrder(models.TextChoices):
    """The orders in which reviews are read."""

    NEWEST = "newest", _("Newest first")
    HELPFUL = "helpful", _("Most helpful first")
    BEST = "best", _("Best rating first")
    WORST = "worst", _("Worst rating first")


M = Moderation
_MOVES = {
    "publish": ({M.PENDING}, M.PUBLISHED),
    # HQ also takes down what was published and should not have been.
    "reject": ({M.PENDING, M.PUBLISHED}, M.REJECTED),
    # Its author wrote it anew: it is read again.
    "revise": ({M.PENDING, M.PUBLISHED, M.REJECTED}, M.PENDING),
}
REVIEW = Lifecycle(name="membership.review", moves=_MOVES)
QUESTION = Lifecycle(name="membership.question", moves={name: _MOVES[name] for name in ("publish", "reject")})
ANSWER = Lifecycle(name="membership.answer", moves={name: _MOVES[name] for name in ("publish", "reject")})
