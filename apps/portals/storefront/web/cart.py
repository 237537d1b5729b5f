"""The cart."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import open_to_everyone
from apps.kernel.api import DomainError
from apps.orders.api import CartLineView, add_line, add_voucher, change_line, get_cart, remove_line, remove_voucher
from apps.portals.storefront.selectors import show_lines
from apps.portals.storefront.web.carts import cart_ref, remember_cart
from apps.portals.storefront.web.numbers import read_number

REMOVED = "removed_line"
# How long a line that was taken out can be put back with one tap.
UNDO_TIME = timedelta(minutes=30)


@never_cache
@require_safe
@open_to_everyone
def cart(request: HttpRequest) -> HttpResponse:
    """Show the cart at today's prices, and the way back for what was just taken out."""
    now = timezone.now()
    found = get_cart(cart_ref(request), now=now)
    context = {"cart": found, "lines": show_lines(found.lines), "removed": _removed(request, now)}
    return render(request, "storefront/cart.html", context)


@require_POST
@open_to_everyone
def change(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set a line's quantity, or take it out."""
    ref, now = cart_ref(request), timezone.now()
    try:
        if "remove" in request.POST:
            line = next((row for row in get_cart(ref, now=now).lines if row.id == line_id), None)
            remove_line(cart_ref=ref, line_id=line_id, now=now)
            _remember(request, line, now)
        else:
            quantity = read_number(request.POST.get("quantity")) or 0
            change_line(cart_ref=ref, line_id=line_id, quantity=quantity, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("shop:cart")


@require_POST
@open_to_everyone
def undo(request: HttpRequest) -> HttpResponse:
    """Put back the line that was taken out last, at today's price."""
    now = timezone.now()
    removed = _removed(request, now)
    request.session.pop(REMOVED, None)
    if removed is None:
        return redirect("shop:cart")
    try:
        found = add_line(
            cart_ref=cart_ref(request),
            product_id=removed["product_id"],
            quantity=removed["quantity"],
            configuration_id=removed["configuration_id"],
            vehicle_id=removed["vehicle_id"],
            now=now,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:cart")
    return remember_cart(request, redirect("shop:cart"), found.id)


@require_POST
@open_to_everyone
def voucher(request: HttpRequest) -> HttpResponse:
    """Enter a voucher's code, or take one out."""
    ref, code, now = cart_ref(request), request.POST.get("code", ""), timezone.now()
    try:
        if "remove" in request.POST:
            found = remove_voucher(cart_ref=ref, code=code, now=now)
        else:
            found = add_voucher(cart_ref=ref, code=code, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:cart")
    return remember_cart(request, redirect("shop:cart"), found.id)


def _remember(request: HttpRequest, line: CartLineView | None, now: datetime) -> None:
    """Keep what was taken out for as long as it can be put back."""
    if line is not None:
        request.session[REMOVED] = {
            "product_id": line.product_id,
            "quantity": line.quantity,
            "configuration_id": str(line.configuration_id) if line.configuration_id else None,
            "vehicle_id": line.vehicle_id,
            "title_zh": line.title_zh,
            "title_en": line.title_en,
            "at": now.isoformat(),
        }


def _removed(request: HttpRequest, now: datetime) -> dict[str, Any] | None:
    removed = request.session.get(REMOVED)
    if removed is None or now - datetime.fromisoformat(removed["at"]) > UNDO_TIME:
        return None
    return removed
