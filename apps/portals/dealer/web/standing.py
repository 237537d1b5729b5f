"""What this dealer may do: level, authorizations, territories, quotas, stores; headquarters decides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.portals.dealer.standing import stand


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def standing(request: HttpRequest) -> HttpResponse:
    """Show what the caller's dealer may do, where, and until when."""
    organization = current_organization(request, OrganizationKind.DEALER)
    return render(request, "portals/dealer/standing.html", {"standing": stand(organization.pk, now=timezone.now())})
