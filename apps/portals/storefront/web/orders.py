"""A buyer's orders: one order with its timeline, and the account's list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.kernel.api import DomainError
from apps.orders.api import (
    CustomerOrder,
    access_order,
    can_cancel,
    cancel_order,
    confirm_delivery,
    get_order_view,
    list_orders,
    reorder,
)
from apps.orders.errors import OrderNotFound
from apps.payments.api import Provider
from apps.portals.storefront.forms import CancelForm
from apps.portals.storefront.web.carts import cart_ref, remember_cart

TOKENS = "order_tokens"
MOST_TOKENS = 20


def remember_token(request: HttpRequest, number: str, token: str) -> None:
    """Let this visitor open the order for the rest of the session."""
    tokens = {**request.session.get(TOKENS, {}), number: token}
    request.session[TOKENS] = dict(list(tokens.items())[-MOST_TOKENS:])


def open_order(request: HttpRequest, number: str) -> CustomerOrder:
    """Return the caller's order: by account, by the session's token, or by the signed link's; 404 otherwise."""
    by = request.user if request.user.is_authenticated else None
    token = request.GET.get("token") or request.session.get(TOKENS, {}).get(number)
    try:
        return access_order(number=number, by=by, token=token)
    except OrderNotFound:
        raise Http404 from None


@never_cache
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order: what, how much, where it is, and what can be done next."""
    found = open_order(request, number)
    if "token" in request.GET:
        # The link's token moves into the session, out of the address bar and of what is shared by accident.
        remember_token(request, number, request.GET["token"])
        return redirect("order", number=number)
    context = {
        "order": get_order_view(found),
        "providers": Provider.choices,
        "can_cancel": can_cancel(found),
        "cancel_form": CancelForm(),
    }
    return render(request, "storefront/order.html", context)


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call the order off; what was paid is refunded."""
    found = open_order(request, number)
    form = CancelForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0], extra_tags="bad")
        return redirect("order", number=number)
    by = request.user if request.user.is_authenticated else None
    try:
        cancel_order(
            number=found.number,
            reason=form.cleaned_data["reason"],
            by=by,
            token=request.session.get(TOKENS, {}).get(number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("order", number=number)


@require_POST
def received(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """Let the buyer say that a shipment arrived."""
    found = open_order(request, number)
    by = request.user if request.user.is_authenticated else None
    try:
        confirm_delivery(order=found, fulfilment_id=fulfilment_id, by=by, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("order", number=number)


@require_POST
def buy_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put the lines of an order into the cart again."""
    open_order(request, number)
    by = request.user if request.user.is_authenticated else None
    try:
        cart = reorder(
            number=number,
            cart_ref=cart_ref(request),
            by=by,
            token=request.session.get(TOKENS, {}).get(number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("order", number=number)
    return remember_cart(request, redirect("cart"), cart.id)


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the signed-in buyer's orders and the way to its settings."""
    orders = [get_order_view(row) for row in list_orders(by=request.user)[:20]]
    return render(request, "storefront/account.html", {"orders": orders})
