"""A buyer's orders: one order with its timeline, and the account's list."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import User, open_to_everyone, open_to_members
from apps.kernel.api import DomainError
from apps.orders.api import (
    CustomerOrder,
    OrderStatus,
    access_order,
    balance_until,
    cancel_order,
    confirm_delivery,
    get_order_view,
    list_handovers_of,
    list_open_handovers,
    list_orders,
    reorder,
    summarize_order,
)
from apps.orders.errors import OrderNotFound
from apps.payments.api import PaymentStatus, Provider, Tender
from apps.portals.storefront.forms import CancelForm
from apps.portals.storefront.handover_cards import describe
from apps.portals.storefront.progress import is_settling, list_stages
from apps.portals.storefront.selectors import show_lines
from apps.portals.storefront.web.carts import cart_ref, remember_cart

TOKENS = "order_tokens"
MOST_TOKENS = 20
ORDERS_SHOWN = 20
# What may be paid on an order of this status.
PAYABLE = {
    OrderStatus.AWAITING_PAYMENT: Tender.FULL.value,
    OrderStatus.DEPOSIT_PAID: Tender.BALANCE.value,
    OrderStatus.AWAITING_BALANCE: Tender.BALANCE.value,
}


def remember_token(request: HttpRequest, number: str, token: str) -> None:
    """Let this visitor open the order for the rest of the session."""
    tokens = {**request.session.get(TOKENS, {}), number: token}
    request.session[TOKENS] = dict(list(tokens.items())[-MOST_TOKENS:])


def token_of(request: HttpRequest, number: str) -> str | None:
    """Return the token this visitor holds of an order, if any."""
    return request.GET.get("token") or request.session.get(TOKENS, {}).get(number)


def open_order(request: HttpRequest, number: str) -> CustomerOrder:
    """Return the caller's order: by account, by the session's token, or by the signed link's; 404 otherwise."""
    try:
        return access_order(number=number, by=_user(request), token=token_of(request, number))
    except OrderNotFound:
        raise Http404 from None


def _user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


@never_cache
@require_safe
@open_to_everyone
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order: what, how much, where it is, and what can be done next."""
    found = open_order(request, number)
    if "token" in request.GET:
        # The link's token moves into the session, out of the address bar and of what is shared by accident.
        remember_token(request, number, request.GET["token"])
        return redirect("shop:order", number=number)
    return _show(request, found, CancelForm())


def _show(request: HttpRequest, found: CustomerOrder, cancel_form: CancelForm) -> HttpResponse:
    view = get_order_view(found, now=timezone.now())
    has_car = any(one.vins for seller in view.seller_orders for one in seller.fulfilments)
    handovers = [describe(one) for one in list_handovers_of(found)] if has_car else []
    context = {
        "order": view,
        "stages": list_stages(view),
        "handovers": [card for card in handovers if card.may_choose or card.appointment or card.is_done],
        "is_settling": is_settling(view),
        "lines": show_lines(view.lines),
        "balance_until": balance_until(found),
        "tender": PAYABLE.get(view.status, ""),
        "providers": Provider.choices,
        "waits_at": next((p for p in view.payments if p.status == PaymentStatus.PENDING and p.action), None),
        "cancel_form": cancel_form,
    }
    return render(request, "storefront/order.html", context)


@require_POST
@open_to_everyone
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call the order off; what was paid is refunded."""
    found = open_order(request, number)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    try:
        cancel_order(
            number=found.number,
            reason=form.cleaned_data["reason"],
            by=_user(request),
            token=token_of(request, number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("shop:order", number=number)


@require_POST
@open_to_everyone
def received(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """Let the buyer say that a shipment arrived."""
    found = open_order(request, number)
    try:
        confirm_delivery(
            number=found.number,
            fulfilment_id=fulfilment_id,
            by=_user(request),
            token=token_of(request, number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("shop:order", number=number)


@require_POST
@open_to_everyone
def buy_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put the lines of an order into the cart again."""
    open_order(request, number)
    try:
        cart = reorder(
            number=number,
            cart_ref=cart_ref(request),
            by=_user(request),
            token=token_of(request, number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:order", number=number)
    return remember_cart(request, redirect("shop:cart"), cart.id)


@never_cache
@open_to_members
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the signed-in buyer's orders and the way to its settings."""
    orders = [summarize_order(row) for row in list_orders(request.user)[:ORDERS_SHOWN]]
    cards = [describe(one) for one in list_open_handovers(request.user)]
    handovers = [card for card in cards if card.may_choose or card.appointment]
    return render(request, "storefront/account.html", {"orders": orders, "handovers": handovers})
