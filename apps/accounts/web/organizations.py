"""Switching between the organizations of one person."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.api import choose_organization, open_to_members
from apps.accounts.errors import NotAMember


@require_POST
@open_to_members
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another of the person's organizations, from its portal's first page on; a foreign one reads as absent."""
    wanted = request.POST.get("organization", "")
    try:
        chosen = choose_organization(request, int(wanted) if wanted.isascii() and wanted.isdigit() else 0)
    except NotAMember:
        raise Http404 from None
    return redirect(settings.PORTAL_HOMES[chosen.kind])
