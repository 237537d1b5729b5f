"""The cart."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.kernel.api import DomainError
from apps.orders.api import add_voucher, change_line, get_cart, remove_line
from apps.portals.storefront.selectors import show_lines
from apps.portals.storefront.web.carts import cart_ref, remember_cart
from apps.portals.storefront.web.numbers import read_number


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """Show the cart at today's prices."""
    found = get_cart(cart_ref(request), now=timezone.now())
    return render(request, "storefront/cart.html", {"cart": found, "lines": show_lines(found.lines)})


@require_POST
def change(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set a line's quantity, or take it out."""
    ref, now = cart_ref(request), timezone.now()
    try:
        if "remove" in request.POST:
            remove_line(cart_ref=ref, line_id=line_id, now=now)
        else:
            quantity = read_number(request.POST.get("quantity")) or 0
            change_line(cart_ref=ref, line_id=line_id, quantity=quantity, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("shop:cart")


@require_POST
def voucher(request: HttpRequest) -> HttpResponse:
    """Enter a voucher's code."""
    try:
        found = add_voucher(cart_ref=cart_ref(request), code=request.POST.get("code", ""), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:cart")
    return remember_cart(request, redirect("shop:cart"), found.id)
