"""
For whom does this request act?

A person may work for several dealers and suppliers. Each request acts for one of each kind: the one that the session
chose, or the one in the header ``X-Organization`` of an app's request, or the oldest membership. Rights follow: who is
a manager there and a clerk here is a clerk while acting here.
"""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from rest_framework.request import Request

from apps.accounts.errors import NotAMember
from apps.accounts.models import ApiKey, Organization, OrganizationMember
from apps.accounts.selectors import list_memberships, user_roles
from apps.accounts.states import PORTAL_KINDS, OrganizationKind, Role

SESSION_KEY = "organizations"
HEADER = "X-Organization"
_CACHE = "_s2b2c_memberships"


def current_organization(request: HttpRequest | Request, kind: OrganizationKind | str) -> Organization:
    """
    The organization of this kind that the request acts for.

    :raises NotAMember: if the user works for none, or asks by header for one that is not theirs
    """
    membership = current_membership(request, kind)
    if membership is None:
        raise NotAMember
    return membership.organization


def current_membership(request: HttpRequest | Request, kind: OrganizationKind | str) -> OrganizationMember | None:
    """
    The membership by which the request acts for an organization of this kind; None without one.

    :raises NotAMember: if the request asks by header for an organization that is not the user's
    """
    memberships = [m for m in _memberships(request) if m.kind == kind]
    fixed = _fixed_organization(request)
    if fixed is not None:
        return next((m for m in memberships if m.organization_id == fixed), None)
    code = request.headers.get(HEADER, "")
    if code and _is_rest(request):
        named = [m for m in _memberships(request) if m.organization.code == code]
        if not named:
            raise NotAMember
        memberships = [m for m in named if m.kind == kind] or memberships
    chosen = (_session(request) or {}).get(SESSION_KEY, {}).get(str(kind))
    return next((m for m in memberships if m.organization_id == chosen), memberships[0] if memberships else None)


def current_roles(request: HttpRequest | Request) -> frozenset[Role]:
    """The roles that count in this request: those at headquarters, and those in the organizations it acts for."""
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    fixed = _fixed_organization(request)
    if fixed is not None:
        # A program's key, or headquarters in a portal: the rights in that organization and no others.
        return frozenset(Role(m.role) for m in _memberships(request) if m.organization_id == fixed)
    headquarters = {m.role for m in _memberships(request) if m.kind not in PORTAL_KINDS}
    acting = [current_membership(request, kind) for kind in PORTAL_KINDS]
    return user_roles(user, [*headquarters, *(m.role for m in acting if m is not None)])


def list_own_organizations(request: HttpRequest | Request, kind: OrganizationKind | str) -> list[Organization]:
    """Every organization of this kind that the request could act for, oldest membership first."""
    fixed = _fixed_organization(request)
    return [
        m.organization
        for m in _memberships(request)
        if m.kind == kind and (fixed is None or m.organization_id == fixed)
    ]


def choose_organization(request: HttpRequest, organization_id: int) -> Organization:
    """
    Let the session act for another of the user's organizations from now on.

    :raises NotAMember: if the user does not work there
    """
    chosen = next((m for m in _memberships(request) if m.organization_id == organization_id), None)
    if chosen is None or chosen.kind not in PORTAL_KINDS:
        raise NotAMember
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), chosen.kind: organization_id}
    return chosen.organization


def _memberships(request: HttpRequest | Request) -> list[OrganizationMember]:
    """The user's memberships that count today; read once per request and user."""
    user = request.user
    page: Any = getattr(request, "_request", request)
    known = getattr(page, _CACHE, None)
    if known is None or known[0] != user.pk:
        known = (user.pk, list(list_memberships(user)))
        setattr(page, _CACHE, known)
    return known[1]


def _fixed_organization(request: HttpRequest | Request) -> int | None:
    """The one organization that a key or an impersonation is about; None where the person chooses."""
    key = getattr(request, "auth", None)
    if isinstance(key, ApiKey):
        return key.organization_id
    impersonation = getattr(getattr(request, "_request", request), "impersonation", None)
    return impersonation.organization_id if impersonation is not None else None


def _session(request: HttpRequest | Request) -> SessionBase | None:
    """The session behind a page, or behind an app's token."""
    token_session = getattr(request, "auth", None)
    if isinstance(token_session, SessionBase):
        return token_session
    return getattr(request, "session", None)


def _is_rest(request: HttpRequest | Request) -> bool:
    return isinstance(request, Request)
