"""The dealer's home: what waits, with the shortest way to do it; and the moves of orders."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.portals import worklist
from apps.portals.dealer.todo import BLOCKS
from apps.portals.notices_todo import unread_notices
from apps.portals.todo import collect

ROUTE = "dealer-home"


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the caller's dealer."""
    organization = current_organization(request, OrganizationKind.DEALER)
    unread = partial(unread_notices, reader_id=request.user.pk, route="dealer-messages")
    blocks = collect((*BLOCKS, unread), organization=organization, now=timezone.now())
    return render(request, "portals/home.html", {"blocks": blocks})


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def move(request: HttpRequest, fulfilment_id: int, name: str) -> HttpResponse:
    """Make one move of a fulfilment."""
    return worklist.make_move(
        request,
        kind=OrganizationKind.DEALER,
        route=ROUTE,
        fulfilment_id=fulfilment_id,
        name=name,
        now=timezone.now(),
    )
