"""Headquarters looks over a portal user's shoulder: with a reason, for a while, and on the record."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from apps.accounts.errors import AlreadyImpersonating, NotToImpersonate, ReasonRequired, RoleNotGiven
from apps.accounts.models import Impersonation, ImpersonationStep, OrganizationMember, User
from apps.accounts.selectors import has_role, roles_of
from apps.accounts.states import DEALER_ROLES, PORTAL_KINDS, SUPPLIER_ROLES, Role

IMPERSONATION_LIFETIME = timedelta(minutes=30)
LEAST_REASON = 10
MOST_REASON = 200
_PORTAL_ROLES = frozenset({Role.CONSUMER, *DEALER_ROLES, *SUPPLIER_ROLES})


@transaction.atomic
def start_impersonation(*, user_id: int, organization_id: int, reason: str, by: User, now: datetime) -> Impersonation:
    """
    Let an operator see a portal as one of its users for 30 minutes.

    :raises RoleNotGiven: if ``by`` is no operator
    :raises ReasonRequired: without a reason of at least LEAST_REASON characters
    :raises NotToImpersonate: if the person does not work for this supplier or dealer, or is at headquarters too
    :raises AlreadyImpersonating: if ``by`` does so already
    """
    if not has_role(by, Role.HQ_OPERATOR):
        raise RoleNotGiven
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise ReasonRequired(least=LEAST_REASON)
    membership = _membership(user_id, organization_id)
    if membership is None or not roles_of(membership.user) <= _PORTAL_ROLES:
        raise NotToImpersonate
    Impersonation.objects.filter(operator=by, ended_at__isnull=True, expires_at__lte=now).update(ended_at=now)
    try:
        with transaction.atomic():
            return Impersonation.objects.create(
                operator=by,
                user=membership.user,
                organization=membership.organization,
                reason=reason[:MOST_REASON],
                started_at=now,
                expires_at=now + IMPERSONATION_LIFETIME,
            )
    except IntegrityError as conflict:
        raise AlreadyImpersonating from conflict


@transaction.atomic
def end_impersonation(*, by: User, now: datetime) -> int:
    """End what the operator has open; how many that were."""
    return Impersonation.objects.filter(operator=by, ended_at__isnull=True).update(ended_at=now)


def get_live_impersonation(*, impersonation_id: int, operator: User, now: datetime) -> Impersonation | None:
    """
    The impersonation if it still holds: neither ended nor expired, the operator an operator and the person in place.
    """
    found = (
        Impersonation.objects.select_related("user", "organization", "operator")
        .filter(pk=impersonation_id, operator=operator, ended_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if found is None or not has_role(operator, Role.HQ_OPERATOR):
        return None
    if _membership(found.user_id, found.organization_id) is None or not roles_of(found.user) <= _PORTAL_ROLES:
        return None
    return found


def note_step(*, impersonation: Impersonation, method: str, path: str, status: int, now: datetime) -> None:
    """Write down one request made during an impersonation."""
    ImpersonationStep.objects.create(
        impersonation=impersonation, method=method[:8], path=path[:300], status=status, at=now
    )


def _membership(user_id: int, organization_id: int) -> OrganizationMember | None:
    return (
        OrganizationMember.objects.live()
        .select_related("user", "organization")
        .filter(user=user_id, organization=organization_id, kind__in=PORTAL_KINDS)
        .first()
    )
