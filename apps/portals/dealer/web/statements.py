"""The dealer's statements: a page that says what will stand here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import Role, require_roles


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER)
def statements(request: HttpRequest) -> HttpResponse:
    """Explain what a statement will be; there is none yet."""
    return render(request, "portals/dealer/statements.html")
