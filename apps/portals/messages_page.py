"""The page of messages that both portals share: notices of the suite, and the thread with headquarters."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.api import OrganizationKind, current_organization
from apps.kernel.api import DomainError, tenancy
from apps.notifications.api import list_notices, list_thread, mark_read, say_to_headquarters


def show_messages(request: HttpRequest, *, kind: OrganizationKind, route: str) -> HttpResponse:
    """Show notices and thread, or take a message to headquarters; what is shown counts as read."""
    organization = current_organization(request, kind)
    error, text = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            say_to_headquarters(organization_id=organization.pk, text=text, by=request.user, now=timezone.now())
        except DomainError as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("Sent to headquarters."))
            return redirect(route)
    context = {
        "notices": list_notices(organization_id=organization.pk, user_id=request.user.pk),
        "thread": list_thread(organization_id=organization.pk),
        "organization": organization,
        "text": text[:2000],
        "error": error,
        "route": route,
    }
    response = render(request, "portals/messages.html", context, status=422 if error else 200)
    # To look is to have read: a write, though the page is only shown.
    with tenancy.as_platform():
        mark_read(organization_id=organization.pk, user_id=request.user.pk, now=timezone.now())
    return response
