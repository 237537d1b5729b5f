"""Pages of sign-in that allauth does not have."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.errors import RoleNotGiven
from apps.accounts.guards import open_to_everyone, open_to_members, refuse
from apps.accounts.second_factor import gave_second_factor
from apps.accounts.services.users import sign_out_everywhere


@require_safe
@never_cache
@open_to_members
def second_factor(request: HttpRequest) -> HttpResponse:
    """Send a user to give the second factor, or to set one up first, and on to ``next`` afterwards."""
    target = _next(request)
    if gave_second_factor(request):
        return redirect(target)
    has_app = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    page = reverse("mfa_reauthenticate" if has_app else "mfa_activate_totp")
    return redirect(f"{page}?{urlencode({'next': target})}")


@require_safe
@never_cache
@open_to_everyone
def cms_door(request: HttpRequest) -> HttpResponseBase:
    """
    Where the CMS sends whoever it does not let in.

    A visitor signs in; a signed-in user without the right reads why not. Sending the latter to the sign-in page would
    bring them straight back.
    """
    if request.user.is_authenticated:
        return refuse(request, RoleNotGiven())
    return redirect_to_login(_next(request), settings.LOGIN_URL)


@require_POST
@open_to_members
def sign_out_other_devices(request: HttpRequest) -> HttpResponse:
    """End all sessions of the user but this one."""
    sign_out_everywhere(user_id=request.user.pk, except_session_key=request.session.session_key)
    return redirect("usersessions_list")


def _next(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    return target if get_adapter().is_safe_url(target) else settings.LOGIN_REDIRECT_URL
