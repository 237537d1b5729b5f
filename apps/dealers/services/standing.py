"""Whether a dealer takes new orders: suspended by a person, blocked by a rule."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.dealers.models import Dealer
from apps.dealers.selectors.dealers import get_dealer
from apps.dealers.services.locks import lock_dealer
from apps.dealers.states import DEALER
from apps.events.api import DealerStatusChanged
from apps.kernel.api import attempts, outbox

if TYPE_CHECKING:
    from apps.accounts.api import User


@attempts.trailed("dealers.suspend_dealer", subject="organization_id", keeps=("reason",))
def suspend_dealer(*, organization_id: int, reason: str, by: "User | None", now: datetime) -> Dealer:
    """
    Take a dealer's stores off the shop; its open orders finish.

    :raises UnknownDealer: if the organization is none
    :raises MoveNotAllowed: if it is not approved now
    """
    return _move(organization_id, "suspend", reason=reason, by=by, now=now)


@attempts.trailed("dealers.restore_dealer", subject="organization_id", keeps=("reason",))
def restore_dealer(*, organization_id: int, reason: str, by: "User | None", now: datetime) -> Dealer:
    """
    Bring a suspended dealer's stores back.

    :raises UnknownDealer: if the organization is none
    :raises MoveNotAllowed: if it is not suspended now
    """
    return _move(organization_id, "restore", reason=reason, by=by, now=now)


@transaction.atomic
def block_dealer(*, organization_id: int, reason: str, now: datetime) -> Dealer:
    """
    Keep new orders from a dealer until ``lift_block``; its stores stay visible, its open orders finish.

    ``reason`` names the rule, such as ``expired:licence``. A dealer that is blocked already stays blocked since when it
    was, and takes on the new reason.

    :raises UnknownDealer: if the organization is none
    """
    dealer = lock_dealer(get_dealer(organization_id=organization_id).pk)
    is_new = dealer.blocked_at is None
    dealer.blocked_reason = reason
    dealer.blocked_at = dealer.blocked_at or now
    dealer.save(update_fields=["blocked_reason", "blocked_at"])
    if is_new:
        _tell(dealer, now=now)
    return dealer


@transaction.atomic
def lift_block(*, organization_id: int, now: datetime) -> Dealer:
    """
    Let a blocked dealer take orders again; nothing happens to one that is not blocked.

    :raises UnknownDealer: if the organization is none
    """
    dealer = lock_dealer(get_dealer(organization_id=organization_id).pk)
    if dealer.blocked_at is not None:
        dealer.blocked_reason, dealer.blocked_at = "", None
        dealer.save(update_fields=["blocked_reason", "blocked_at"])
        _tell(dealer, now=now)
    return dealer


def _move(organization_id: int, move: str, *, reason: str, by: "User | None", now: datetime) -> Dealer:
    dealer = DEALER.move(get_dealer(organization_id=organization_id), move, by=by, at=now, reason=reason)
    _tell(dealer, now=now)
    return dealer


def _tell(dealer: Dealer, *, now: datetime) -> None:
    outbox.record(
        DealerStatusChanged(
            organization_id=dealer.organization_id, status=dealer.status, is_blocked=dealer.blocked_at is not None
        ),
        at=now,
    )
