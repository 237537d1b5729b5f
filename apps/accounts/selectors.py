"""Reads: who somebody is, and for whom they act."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from apps.accounts.errors import NotAMember
from apps.accounts.models import Organization, OrganizationMember, User
from apps.accounts.states import OrganizationKind, Role

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


def organization_of(user: AnyUser, kind: OrganizationKind | str) -> Organization:
    """
    The organization of this kind that the user acts for.

    :raises NotAMember: if there is none
    """
    if user.is_authenticated:
        organization = (
            Organization.objects.filter(
                kind=kind,
                is_active=True,
                memberships__user=user,
                memberships__is_active=True,
                memberships__user__is_active=True,
            )
            .order_by("pk")
            .first()
        )
        if organization:
            return organization
    raise NotAMember


def list_memberships(user: AnyUser) -> "QuerySet[OrganizationMember]":
    """The user's memberships that count today, with their organizations, oldest first."""
    if not user.is_authenticated:
        return OrganizationMember.objects.none()
    return OrganizationMember.objects.live().filter(user=user).select_related("organization").order_by("pk")


def needs_second_factor(user: AnyUser, roles: Iterable[Role] | None = None) -> bool:
    """Whether one of the user's roles asks for a second factor (setting MFA_REQUIRED_ROLES)."""
    required = set(settings.MFA_REQUIRED_ROLES)
    return bool(required) and not required.isdisjoint(roles_of(user) if roles is None else roles)
