"""The supplier's portal: its work list."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import SUPPLIER_ROLES, OrganizationKind, require_roles
from apps.portals import worklist

ROUTE = "supplier-home"


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the caller's supplier."""
    return worklist.show_worklist(request, kind=OrganizationKind.SUPPLIER, route=ROUTE, title=_("Supplier portal"))


@require_POST
@require_roles(*SUPPLIER_ROLES)
def move(request: HttpRequest, fulfilment_id: int, name: str) -> HttpResponse:
    """Make one move of a fulfilment."""
    return worklist.make_move(
        request,
        kind=OrganizationKind.SUPPLIER,
        route=ROUTE,
        fulfilment_id=fulfilment_id,
        name=name,
        now=timezone.now(),
    )
