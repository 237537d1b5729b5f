"""Saved configurations."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import open_to_members
from apps.membership.api import SavedConfigurationNotFound, forget_configuration, rename_configuration
from apps.portals.storefront.member_selectors import list_saved_rows


@never_cache
@open_to_members
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Show the member's configured cars with what they cost now."""
    return render(request, "storefront/saved.html", {"rows": list_saved_rows(request.user, at=timezone.now())})


@require_POST
@open_to_members
def rename(request: HttpRequest, saved_id: int) -> HttpResponse:
    """Give a configuration another name."""
    name = request.POST.get("name", "")[:200]
    try:
        rename_configuration(saved_id=saved_id, name=name, member=request.user, now=timezone.now())
    except SavedConfigurationNotFound:
        raise Http404 from None
    messages.success(request, _("Saved."))
    return redirect("shop:saved")


@require_POST
@open_to_members
def remove(request: HttpRequest, saved_id: int) -> HttpResponse:
    """Forget a configuration."""
    try:
        forget_configuration(saved_id=saved_id, member=request.user)
    except SavedConfigurationNotFound:
        raise Http404 from None
    messages.success(request, _("The configuration was removed."))
    return redirect("shop:saved")
