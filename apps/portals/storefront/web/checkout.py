"""Checkout and cashier: two screens between the cart and the provider."""

import uuid
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.dealers.api import list_stores
from apps.kernel.api import DomainError, Money
from apps.orders.api import (
    Address,
    Contact,
    FulfilmentWish,
    Method,
    PaymentWish,
    Plan,
    checkout,
    get_cart,
    get_order_view,
    pay_order,
)
from apps.orders.errors import PriceChanged
from apps.payments.api import Provider
from apps.payments.errors import ProviderUnavailable
from apps.portals.storefront.forms import CheckoutForm
from apps.portals.storefront.web.carts import cart_ref
from apps.portals.storefront.web.orders import open_order, remember_token
from apps.portals.storefront.qr import draw_qr

CURRENCY = "CNY"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_out(request: HttpRequest) -> HttpResponse:
    """Ask how to reach the buyer, where the goods go and how they are paid; then order."""
    cart = get_cart(cart_ref(request), now=timezone.now())
    if not cart.lines:
        messages.info(request, _("Your cart is empty."))
        return redirect("cart")
    stores = list(list_stores(service="sales" if cart.has_vehicle else None))
    if request.method != "POST":
        return _ask(request, CheckoutForm(initial=_initial(request, cart), stores=stores), cart, stores)
    form = CheckoutForm(request.POST, stores=stores)
    if not form.is_valid():
        return _ask(request, form, cart, stores)
    data = form.cleaned_data
    try:
        result = checkout(
            cart_ref=cart_ref(request),
            contact=Contact(email=data["email"], phone=data["phone"]),
            fulfilment=_fulfilment(data),
            payment=PaymentWish(provider=data["provider"], plan=data["plan"] or Plan.FULL),
            expected_total=_expected(data, cart),
            checkout_key=str(data["key"]),
            by=request.user if request.user.is_authenticated else None,
            language=get_language(),
            return_url=_return_url(request),
            now=timezone.now(),
        )
    except ProviderUnavailable as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("account" if request.user.is_authenticated else "cart")
    except PriceChanged as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("check-out")
    except DomainError as refusal:
        form.explain(refusal.fields or {"": [str(refusal)]})
        return _ask(request, form, get_cart(cart_ref(request), now=timezone.now()), stores)
    remember_token(request, result.order_number, result.order_token)
    return redirect("cashier", number=result.order_number)


def _ask(request: HttpRequest, form: CheckoutForm, cart, stores) -> HttpResponse:
    context = {"form": form, "cart": cart, "stores": stores, "Method": Method, "Plan": Plan}
    return render(request, "storefront/checkout.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, cart) -> dict:
    user = request.user
    known = {"email": user.email or "", "phone": user.phone or ""} if user.is_authenticated else {}
    return {
        **known,
        "method": Method.PICKUP if cart.has_vehicle else Method.DELIVERY,
        "provider": Provider.WECHATPAY,
        "plan": Plan.DEPOSIT if cart.has_vehicle else Plan.FULL,
        "expected_total": cart.total.amount,
        "key": uuid.uuid4(),
    }


def _fulfilment(data: dict) -> FulfilmentWish:
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


def _expected(data: dict, cart) -> Money:
    """Return the total the page showed for the chosen method; the page shows delivery, and pickup saves the freight."""
    seen: Decimal = data["expected_total"]
    if data["method"] == Method.PICKUP:
        seen -= cart.shipping.amount
    return Money(seen, CURRENCY)


def _return_url(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("order", args=["NUMBER"])).replace("NUMBER", "{number}")


@never_cache
@require_safe
def cashier(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is to be paid and the way to the provider; htmx asks for the status alone."""
    order = open_order(request, number)
    view = get_order_view(order)
    payment = next((p for p in reversed(view.payments) if p.status == "PENDING"), None)
    if payment is None:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": reverse("order", args=[number])})
        return redirect("order", number=number)
    if request.htmx:
        return render(request, "storefront/_waiting.html", {"order": view, "payment": payment})
    context = {
        "order": view,
        "payment": payment,
        "providers": Provider.choices,
        "qr": draw_qr(payment.action["url"]) if payment.action and payment.action["type"] == "qr" else "",
    }
    return render(request, "storefront/cashier.html", context)


@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Open a payment through the chosen provider: the balance, or the whole again by another provider."""
    order = open_order(request, number)
    try:
        pay_order(
            number=order.number,
            provider=request.POST.get("provider", ""),
            tender=request.POST.get("tender", ""),
            return_url=_return_url(request),
            by=request.user if request.user.is_authenticated else None,
            token=request.session.get("order_tokens", {}).get(number),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("order", number=number)
    return redirect("cashier", number=number)
