"""Keep what was decided, by whom and why; translate what the database refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.dealers.errors import ReasonRequired
from apps.dealers.models import ChannelChange
from apps.dealers.states import ChannelMove

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_REASON = 200


def check_reason(reason: str) -> str:
    """
    Return the reason as it is kept.

    :raises ReasonRequired: without one
    """
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    return words


def keep(
    move: ChannelMove,
    *,
    dealer_id: int,
    object_id: int | None = None,
    reason: str = "",
    by: "User | None",
    at: datetime,
    **details: Any,
) -> ChannelChange:
    """Write one decision into the dealer's history."""
    return ChannelChange.objects.create(
        dealer_id=dealer_id, move=move, object_id=object_id, details=details, reason=reason, by=by, at=at
    )


@contextmanager
def refused_by(constraint: str, refusal: Exception) -> Iterator[None]:
    """Raise ``refusal`` if the database refuses what happens inside by that constraint; nothing is half-written."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != constraint:
            raise
        raise refusal from error
