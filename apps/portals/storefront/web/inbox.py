"""What a member was told, in one place: the same words as went out by e-mail and SMS."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_members
from apps.notifications.api import list_inbox


@never_cache
@open_to_members
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the member's messages, the newest first."""
    return render(request, "storefront/inbox.html", {"messages_told": list_inbox(request.user)})
