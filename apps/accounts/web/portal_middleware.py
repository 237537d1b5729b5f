"""What surrounds every request to a portal: whose rows it may read, and whether somebody else sits at the keyboard."""

import re
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from apps.accounts.errors import ForbiddenWhileImpersonating
from apps.accounts.models import Impersonation
from apps.accounts.services.impersonation import get_live_impersonation, note_step
from apps.kernel.api import tenancy

SAFE = ("GET", "HEAD")
SESSION_KEY = "impersonation"
# "Last seen" is told to five minutes: a busy page does not write a row with every request.
_TELL_ACTIVITY_EVERY = timedelta(minutes=5)
_BODY = re.compile(rb"<body[^>]*>")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ImpersonationMiddleware:
    """
    Puts the impersonated user in the operator's place on portal pages, says so on every page, and writes it down.

    Elsewhere the operator stays who they are. Team, keys, papers and whatever else ``IMPERSONATION_FORBIDS`` names are
    not changed in another's name.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the impersonated user would be answered."""
        found = _impersonation_of(request)
        if found is None:
            return self.get_response(request)
        if not request.path.startswith(tuple(settings.PORTAL_HOMES.values())):
            return _with_banner(request, self.get_response(request), found)
        request.impersonation = found  # type: ignore[attr-defined]
        request.impersonator = found.operator  # type: ignore[attr-defined]
        request.user = found.user
        response = self._refused(request) or self.get_response(request)
        note_step(
            impersonation=found,
            method=str(request.method),
            path=request.path,
            status=response.status_code,
            now=timezone.now(),
        )
        return _with_banner(request, response, found)

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        if request.method in SAFE or not re.match(settings.IMPERSONATION_FORBIDS, request.path):
            return None
        refusal = ForbiddenWhileImpersonating()
        return render(request, "account/forbidden.html", {"reason": str(refusal)}, status=refusal.status)


class TenantMiddleware:
    """
    Lets reads of a portal, by page or by API, run in a block that becomes the tenant's once a guard knows whose it is.

    Changes load their objects by ``access_…`` and run as the platform.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within the block."""
        kind = next(
            (kind for prefix, kind in settings.TENANT_PREFIXES.items() if request.path.startswith(prefix)), None
        )
        if kind is None:
            return self.get_response(request)
        _note_activity(request)
        if request.method not in SAFE:
            return self.get_response(request)
        with tenancy.tenant_block() as block:
            request.tenant_block, request.tenant_kind = block, kind  # type: ignore[attr-defined]
            return self.get_response(request)


def _impersonation_of(request: HttpRequest) -> Impersonation | None:
    impersonation_id = request.session.get(SESSION_KEY)
    if impersonation_id is None:
        return None
    found = (
        get_live_impersonation(impersonation_id=impersonation_id, operator=request.user, now=timezone.now())
        if request.user.is_authenticated
        else None
    )
    if found is None:
        del request.session[SESSION_KEY]
    return found


def _with_banner(request: HttpRequest, response: HttpResponseBase, found: Impersonation) -> HttpResponseBase:
    """Say on a whole page who acts as whom. Put in here, because a template could forget it."""
    is_page = isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html")
    body = _BODY.search(response.content) if is_page else None
    if body is None:
        return response
    banner = render_to_string(
        "account/_impersonation.html", {"impersonation": found, "csrf_token": get_token(request)}, request=request
    )
    content = response.content  # type: ignore[attr-defined]
    response.content = content[: body.end()] + banner.encode() + content[body.end() :]  # type: ignore[attr-defined]
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    return response


def _note_activity(request: HttpRequest) -> None:
    if request.user.is_authenticated and not hasattr(request, "impersonation") and request.session.session_key:
        now = timezone.now()
        UserSession.objects.filter(
            session_key=request.session.session_key, last_seen_at__lt=now - _TELL_ACTIVITY_EVERY
        ).update(last_seen_at=now)
