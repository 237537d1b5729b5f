"""Pages that mostly explain: returns and statements."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import SUPPLIER_ROLES, Role, require_roles


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def returns(request: HttpRequest) -> HttpResponse:
    """Show what comes back, once there are cases."""
    return render(request, "portals/supplier/returns.html")


@never_cache
@require_safe
@require_roles(Role.SUPPLIER)
def statements(request: HttpRequest) -> HttpResponse:
    """Show what is owed and paid, once there is a ledger."""
    return render(request, "portals/supplier/statements.html")
