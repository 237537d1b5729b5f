"""Where the link of an invitation leads."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts import api
from apps.accounts.errors import InvitationForAnother, InvitationOver
from apps.accounts.services.team import is_for
from apps.accounts.services.users import renew_session_key
from apps.kernel.api import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@api.open_to_everyone
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show who invites to what; on POST, join. A visitor signs in or signs up first and comes back."""
    try:
        found = api.read_invitation(token)
        if not found.is_open(timezone.now()):
            raise InvitationOver
        if request.user.is_authenticated and not is_for(found, request.user):
            raise InvitationForAnother
        if request.method == "POST":
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            return _join(request, token)
    except DomainError as refusal:
        return render(request, "account/invitation.html", {"refusal": refusal}, status=refusal.status)
    return render(request, "account/invitation.html", {"invitation": found})


def _join(request: HttpRequest, token: str) -> HttpResponse:
    member = api.accept_invitation(
        token=token, by=request.user, now=timezone.now(), keep_session_key=request.session.session_key
    )
    renew_session_key(request.session)
    api.choose_organization(request, member.organization_id)
    messages.success(request, _("Welcome to the team of %(name)s.") % {"name": member.organization.name})
    return redirect(settings.PORTAL_HOMES[member.kind])
