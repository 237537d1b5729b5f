"""Reads: who somebody is, and for whom they act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, Max, OuterRef, Subquery

from apps.accounts.models import ApiKey, Invitation, OrganizationMember, User
from apps.accounts.states import MANAGER_ROLES, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

AnyUser = User | AnonymousUser


def roles_of(user: AnyUser) -> frozenset[Role]:
    """
    The roles a user has today, in whatever organization; what counts in a request says ``current_roles``.

    Everybody who can sign in is a consumer; memberships add the rest. A superuser works as an operator.
    """
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    return user_roles(user, OrganizationMember.objects.live().filter(user=user).values_list("role", flat=True))


def user_roles(user: User, given: Iterable[str]) -> frozenset[Role]:
    """The roles of an active user whose memberships give ``given``."""
    operator = {Role.HQ_OPERATOR} if user.is_superuser else set()
    return frozenset({Role.CONSUMER, *operator, *(Role(role) for role in given)})


def has_role(user: AnyUser, *roles: Role) -> bool:
    """Whether the user has at least one of ``roles``."""
    return not roles_of(user).isdisjoint(roles)


def list_memberships(user: AnyUser) -> "QuerySet[OrganizationMember]":
    """The user's memberships that count today, with their organizations, oldest first."""
    if not user.is_authenticated:
        return OrganizationMember.objects.none()
    return OrganizationMember.objects.live().filter(user=user).select_related("organization").order_by("pk")


def needs_second_factor(user: AnyUser, roles: Iterable[Role] | None = None) -> bool:
    """Whether one of the user's roles asks for a second factor (setting MFA_REQUIRED_ROLES)."""
    required = set(settings.MFA_REQUIRED_ROLES)
    return bool(required) and not required.isdisjoint(roles_of(user) if roles is None else roles)


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """One row of a team's page. ``last_seen_at`` is when a browser or app of theirs last asked for a portal's page."""

    member_id: int
    user_id: int
    name: str
    address: str
    role: Role
    role_label: str
    since: datetime
    has_second_factor: bool
    session_count: int
    last_seen_at: datetime | None


def list_team(organization_id: int, *, now: datetime) -> list[TeamMember]:
    """Return who works for an organization today, managers first, in a constant number of queries."""
    signed_in = UserSession.objects.filter(
        user=OuterRef("user_id"), session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key")
    ).order_by()
    members = (
        OrganizationMember.objects.live()
        .filter(organization=organization_id)
        .select_related("user")
        .annotate(
            has_factor=Exists(Authenticator.objects.filter(user=OuterRef("user_id"), type=Authenticator.Type.TOTP)),
            sessions=Subquery(signed_in.values("user").annotate(n=Count("pk")).values("n")),
            seen=Subquery(signed_in.values("user").annotate(at=Max("last_seen_at")).values("at")),
        )
    )
    rows = [
        TeamMember(
            member_id=member.pk,
            user_id=member.user_id,
            name=str(member.user),
            address=member.user.email or member.user.masked_phone,
            role=Role(member.role),
            role_label=str(member.get_role_display()),
            since=member.created_at,
            has_second_factor=member.has_factor,
            session_count=member.sessions or 0,
            last_seen_at=member.seen,
        )
        for member in members
    ]
    return sorted(rows, key=lambda row: (row.role not in MANAGER_ROLES, row.since, row.member_id))


def list_open_invitations(organization_id: int, *, now: datetime) -> "QuerySet[Invitation]":
    """Invitations that can still be accepted, newest first."""
    return Invitation.objects.filter(
        organization=organization_id, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    ).order_by("-pk")


def list_api_keys(organization_id: int) -> "QuerySet[ApiKey]":
    """An organization's keys, newest first, those that open nothing any more included."""
    return ApiKey.objects.filter(organization=organization_id).select_related("created_by").order_by("-pk")
