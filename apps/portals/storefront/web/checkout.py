"""Checkout and cashier: two screens between the cart and the provider."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.api import open_to_everyone
from apps.kernel.api import DomainError, Money
from apps.orders.api import (
    Address,
    CartView,
    Contact,
    FulfilmentWish,
    Method,
    PaymentWish,
    PickupStore,
    Plan,
    checkout,
    deposit_for,
    get_cart,
    get_order_view,
    list_pickup_stores,
    pay_order,
)
from apps.orders.errors import CartAlreadyOrdered, CartEmpty, PriceChanged
from apps.payments.api import PaymentStatus, PaymentView, Provider, Tender
from apps.payments.errors import ProviderRefused, ProviderUnavailable
from apps.portals.storefront.forms import CheckoutForm
from apps.portals.storefront.progress import is_settling
from apps.portals.storefront.qr import draw_qr
from apps.portals.storefront.regions import list_provinces
from apps.portals.storefront.selectors import show_lines
from apps.portals.storefront.web.carts import cart_ref
from apps.portals.storefront.web.orders import open_order, remember_token, token_of

CURRENCY = "CNY"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def check_out(request: HttpRequest) -> HttpResponse:
    """Ask how to reach the buyer, where the goods go and how they are paid; then order."""
    cart = get_cart(cart_ref(request), now=timezone.now())
    pickup = list_pickup_stores(cart, at=timezone.now())
    # Whoever sends a refused store all the same reads which rule refuses it.
    stores = [one.store for one in pickup if request.method == "POST" or one.failed_rule is None]
    is_guest = not request.user.is_authenticated
    if request.method == "POST":
        return _order(request, CheckoutForm(request.POST, stores=stores, is_guest=is_guest), cart, pickup)
    return _ask(request, CheckoutForm(initial=_initial(request, cart), stores=stores, is_guest=is_guest), cart, pickup)


def _order(request: HttpRequest, form: CheckoutForm, cart: CartView, pickup: Sequence[PickupStore]) -> HttpResponse:
    """Order. The cart may be gone already: the same form sent again finds the order it made."""
    if not form.is_valid():
        return _ask(request, form, cart, pickup)
    data = form.cleaned_data
    try:
        result = checkout(
            cart_ref=cart_ref(request),
            contact=Contact(email=data["email"], phone=data["phone"]),
            fulfilment=_fulfilment(data),
            payment=PaymentWish(provider=data["provider"], plan=data["plan"] or Plan.FULL),
            expected_total=Money(data["expected_total"], CURRENCY),
            checkout_key=str(data["key"]),
            by=request.user if request.user.is_authenticated else None,
            language=get_language(),
            return_url=return_url(request),
            now=timezone.now(),
        )
    except (ProviderUnavailable, ProviderRefused) as refusal:
        # The order stands and waits for its payment; the same form sent again presents it.
        return render(request, "storefront/try_again.html", {"form": form, "refusal": refusal}, status=refusal.status)
    except PriceChanged as refusal:
        return _ask_again(request, form, pickup, str(refusal))
    except CartAlreadyOrdered as refusal:
        return redirect("shop:order", number=refusal.context["order_number"])
    except CartEmpty as refusal:
        messages.info(request, str(refusal))
        return redirect("shop:cart")
    except DomainError as refusal:
        form.explain(refusal.fields, str(refusal))
        return _ask(request, form, get_cart(cart_ref(request), now=timezone.now()), pickup)
    remember_token(request, result.order_number, result.order_token)
    return redirect("shop:cashier", number=result.order_number)


def _ask_again(request: HttpRequest, form: CheckoutForm, pickup: Sequence[PickupStore], told: str) -> HttpResponse:
    """Show the prices of now, and of where the goods go, with everything the buyer filled in."""
    cart = get_cart(cart_ref(request), now=timezone.now(), fulfilment=_fulfilment(form.cleaned_data))
    body = request.POST.copy()
    body["expected_total"] = str(cart.total.amount)
    again = CheckoutForm(body, stores=form.stores, is_guest=form.is_guest)
    again.is_valid()
    again.add_error(None, told)
    return _ask(request, again, cart, pickup)


def _ask(request: HttpRequest, form: CheckoutForm, cart: CartView, pickup: Sequence[PickupStore]) -> HttpResponse:
    if not cart.lines:
        messages.info(request, _("Your cart is empty."))
        return redirect("shop:cart")
    context = {
        "form": form,
        "cart": cart,
        "lines": show_lines(cart.lines),
        "deposit": deposit_for(cart.total, at=timezone.now()) if cart.has_vehicle else None,
        "pickup_deposit": deposit_for(cart.pickup_total, at=timezone.now()) if cart.has_vehicle else None,
        "provinces": list_provinces(),
        "refused_stores": [one for one in pickup if one.failed_rule is not None],
        **_hints(),
    }
    return render(request, "storefront/checkout.html", context)


def _hints() -> dict[str, dict[str, str]]:
    """Return a line on each choice, by question and value."""
    return {
        "method_hints": {
            Method.PICKUP.value: _("Free. We tell you when it is ready."),
            Method.DELIVERY.value: _("Brought to your door."),
        },
        "plan_hints": {
            Plan.DEPOSIT.value: _("Refundable. The balance is due before hand-over."),
            Plan.FULL.value: _("Everything at once."),
        },
        "provider_hints": {
            Provider.WECHATPAY.value: _("Scan a code, or open WeChat."),
            Provider.ALIPAY.value: _("In the app or with your account."),
            Provider.STRIPE.value: _("Visa, Mastercard and other cards."),
        },
    }


def _initial(request: HttpRequest, cart: CartView) -> dict[str, Any]:
    user = request.user
    known = {}
    if user.is_authenticated:
        phone = user.phone or ""
        known = {"email": user.email or "", "phone": phone, "recipient_phone": phone, "name": user.display_name}
    return {
        **known,
        "method": Method.PICKUP if cart.has_vehicle else Method.DELIVERY,
        "provider": Provider.WECHATPAY,
        "plan": Plan.DEPOSIT if cart.has_vehicle else Plan.FULL,
        "expected_total": cart.total.amount,
        "key": uuid.uuid4(),
    }


def _fulfilment(data: dict[str, Any]) -> FulfilmentWish:
    if data["method"] == Method.PICKUP:
        return FulfilmentWish(method=Method.PICKUP, store_id=data["store_id"])
    address = Address(
        name=data["name"],
        phone=data["recipient_phone"],
        province=data["province"],
        city=data["city"],
        district=data["district"],
        line=data["line"],
    )
    return FulfilmentWish(method=Method.DELIVERY, address=address)


def return_url(request: HttpRequest) -> str:
    """
    Return where a provider's cashier sends the buyer back to; ``{number}`` stands for the order's number.

    Our cashier waits there for the provider's news and leads on to the order: coming back proves no payment.
    """
    return request.build_absolute_uri(reverse("shop:cashier", args=["NUMBER"])).replace("NUMBER", "{number}")


@never_cache
@require_safe
@vary_on_headers("HX-Request")
@open_to_everyone
def cashier(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is to be paid and the way to the provider; htmx asks whether it is paid."""
    order = open_order(request, number)
    view = get_order_view(order, now=timezone.now())
    payment = find_open_payment(view.payments)
    settling = is_settling(view)
    if payment is None and not settling:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": reverse("shop:order", args=[number])})
        return redirect("shop:order", number=number)
    if request.htmx:
        return render(request, "storefront/_waiting.html", {"order": view, "is_settling": settling})
    action = payment.action if payment else None
    context = {
        "order": view,
        "payment": payment,
        "is_settling": settling,
        "tender": tender_of(payment) if payment else "",
        "providers": Provider.choices,
        "qr": draw_qr(action.url) if action is not None and action.type == "qr" else "",
    }
    return render(request, "storefront/cashier.html", context)


def find_open_payment(payments: Sequence[PaymentView]) -> PaymentView | None:
    """Return the newest payment that still waits for the buyer, if there is one."""
    return next((payment for payment in reversed(payments) if payment.status == PaymentStatus.PENDING), None)


def tender_of(payment: PaymentView) -> str:
    """Return what to ask for to pay the same by another provider: the balance, or the first payment ("full")."""
    return Tender.BALANCE.value if payment.tender == Tender.BALANCE else Tender.FULL.value


@require_POST
@open_to_everyone
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Open a payment through the chosen provider: the balance, or the first payment again by another provider."""
    order = open_order(request, number)
    try:
        pay_order(
            number=order.number,
            provider=request.POST.get("provider", ""),
            tender=request.POST.get("tender", ""),
            return_url=return_url(request),
            by=request.user if request.user.is_authenticated else None,
            token=token_of(request, number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:order", number=number)
    return redirect("shop:cashier", number=number)
