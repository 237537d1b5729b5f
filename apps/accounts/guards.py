"""Doors: who may enter a view, as a DRF permission and as a decorator of HTML views."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.accounts.current import current_membership, current_roles
from apps.accounts.errors import RoleNotGiven, SecondFactorRequired
from apps.accounts.models import ApiKey
from apps.accounts.second_factor import gave_second_factor
from apps.accounts.selectors import needs_second_factor
from apps.accounts.states import Audience, Role

View = Callable[..., HttpResponseBase]


def check_role(request: HttpRequest | Request, *roles: Role) -> None:
    """
    Let a signed-in user pass who has one of ``roles`` where the request acts, and gave a second factor if asked.

    :raises RoleNotGiven: without any of the roles
    :raises SecondFactorRequired: if a role that opens this door needs a second factor and the session lacks it
    """
    opening = current_roles(request) & set(roles)
    if not opening:
        raise RoleNotGiven
    # Whoever made a key gave the factor then; a program has none. So did the operator who impersonates.
    is_person = not isinstance(getattr(request, "auth", None), ApiKey)
    if is_person and needs_second_factor(request.user, opening) and not gave_second_factor(request):
        raise SecondFactorRequired
    _narrow(request)


def _narrow(request: HttpRequest | Request) -> None:
    """From here on a portal's read sees the rows of the caller's organization only."""
    page: Any = getattr(request, "_request", request)
    block = getattr(page, "tenant_block", None)
    if block is not None and block.organization_id is None:
        membership = current_membership(request, page.tenant_kind)
        if membership is not None:
            block.enter(membership.organization_id)


def role_required(*roles: Role) -> type[BasePermission]:
    """
    Build the permission class of a REST view: 401 for nobody, 403 ``forbidden`` or ``second_factor_required``.

    The names of the roles stay on the class (``.roles``), where the route tests read them.
    """

    class RoleRequired(BasePermission):
        roles: ClassVar[frozenset[Role]]

        def has_permission(self, request: Request, view: Any) -> bool:
            if not request.user or not request.user.is_authenticated:
                return False
            check_role(request, *roles)
            return True

    RoleRequired.roles = frozenset(roles)
    RoleRequired.__name__ = "RoleRequired_" + "_".join(sorted(role.value for role in roles))
    return RoleRequired


def require_roles(*roles: Role) -> Callable[[View], View]:
    """
    Guard an HTML view: a visitor goes to the sign-in page, a wrong role gets the 403 page.

    Whoever has the role but still owes a second factor is sent to set one up, or to sign in with it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            try:
                check_role(request, *roles)
            except SecondFactorRequired:
                return second_factor_page(request)
            except RoleNotGiven as refusal:
                return refuse(request, refusal)
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_everyone(view: View) -> View:
    """Declare a page that visitors may see, signed in or not. What it shows of somebody, it shows by session only."""
    view.audience = Audience.EVERYONE  # type: ignore[attr-defined]
    return view


def open_to_machines(view: View) -> View:
    """Declare an address that outside systems call; it proves each caller itself (signature, token, address)."""
    view.audience = Audience.MACHINES  # type: ignore[attr-defined]
    return view


def open_to_members(view: View) -> View:
    """Guard an HTML view for whoever is signed in, in whatever role; visitors go to the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return view(request, *args, **kwargs)

    guarded.audience = Audience.MEMBERS  # type: ignore[attr-defined]
    return guarded


def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Send a user who owes a second factor to where they can give it, and back afterwards."""
    return redirect(f"{settings.SECOND_FACTOR_URL}?{urlencode({'next': request.get_full_path()})}")


def refuse(request: HttpRequest, refusal: RoleNotGiven) -> HttpResponse:
    """The 403 page, with the reason in the user's language."""
    return render(request, "account/forbidden.html", {"reason": str(refusal)}, status=403)
