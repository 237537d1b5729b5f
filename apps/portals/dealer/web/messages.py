"""Messages: what the suite tells, and what headquarters says."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.api import DEALER_ROLES, OrganizationKind, require_roles
from apps.portals.messages_page import show_messages


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(*DEALER_ROLES)
def message_list(request: HttpRequest) -> HttpResponse:
    """Show messages, or take one to headquarters."""
    return show_messages(request, kind=OrganizationKind.DEALER, route="dealer-messages")
