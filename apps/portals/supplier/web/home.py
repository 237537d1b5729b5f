"""Where a supplier begins: what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import SUPPLIER_ROLES, OrganizationKind, current_organization, require_roles
from apps.portals.supplier.blocks import BLOCKS
from apps.portals.todo import collect


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the caller's supplier."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    blocks = collect(BLOCKS, organization=organization, now=timezone.now())
    return render(request, "portals/home.html", {"blocks": blocks})
