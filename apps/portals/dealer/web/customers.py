"""The people this dealer has something to do for now: their names and masked numbers, no more and no longer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.portals.dealer.customers import list_customers


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def customers(request: HttpRequest) -> HttpResponse:
    """List whoever has an open lead or fulfilment here."""
    organization = current_organization(request, OrganizationKind.DEALER)
    return render(request, "portals/dealer/customers.html", {"customers": list_customers(organization.pk)})
