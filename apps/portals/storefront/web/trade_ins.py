"""A member's cars in part exchange."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import open_to_members
from apps.dealers.api import list_stores
from apps.financing.api import (
    TRADE_IN,
    TradeIn,
    accept_trade_in,
    access_trade_in,
    credit_trade_in,
    list_financeable_orders,
    withdraw_trade_in,
)
from apps.kernel.api import DomainError, NotFound, private_files
from apps.kernel.web import add_to_form
from apps.portals.storefront.finance_forms import CreditForm, StoreForm

ACTS = ("accept", "credit", "withdraw")


@never_cache
@open_to_members
@require_safe
def trade_in(request: HttpRequest, number: str) -> HttpResponse:
    """Show a car in part exchange and what is next."""
    return _show(request, _find(request, number), {})


@require_POST
@open_to_members
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Accept the offer, agree to the store's figure, or keep the car."""
    _find(request, number)
    if name not in ACTS:
        raise Http404
    form = _form(request, name, request.POST)
    if form.is_valid():
        about = {"number": number, "by": request.user, "now": timezone.now()}
        try:
            if name == "accept":
                accept_trade_in(store_id=form.cleaned_data["store"], **about)
                said = _("Bring the car to the store with its papers and all keys.")
            elif name == "credit":
                credit_trade_in(order_number=form.cleaned_data["order"], **about)
                said = _("The value of your car counts towards your order.")
            else:
                withdraw_trade_in(**about)
                said = _("You keep your car.")
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, said)
            return redirect("shop:my-trade-in", number)
    return _show(request, _find(request, number), {name: form}, status=422)


def _find(request: HttpRequest, number: str) -> TradeIn:
    try:
        return access_trade_in(number=number, by=request.user)
    except NotFound:
        raise Http404 from None


def _form(request: HttpRequest, name: str, data: object = None) -> forms.Form:
    if name == "accept":
        return StoreForm(data, stores=list_stores(service="sales"))
    if name == "credit":
        return CreditForm(data, orders=list_financeable_orders(by=request.user))
    return forms.Form(data)


def _show(request: HttpRequest, found: TradeIn, bound: dict[str, forms.Form], *, status: int = 200) -> HttpResponse:
    may = {name: TRADE_IN.can(found, name) for name in ACTS}
    context = {
        "trade_in": found,
        "offered": found.money("offered"),
        "price_as_new": found.money("price_as_new"),
        "value": found.money("value") if found.value is not None else None,
        "deduction": found.money("deduction"),
        "photos": [
            (photo, private_files.signed_url(file=photo.file, viewer=request.user, now=timezone.now()))
            for photo in found.photos.select_related("file").order_by("pk")
        ],
        "may": may,
        "forms": {name: bound.get(name) or _form(request, name) for name in ACTS if may[name]},
        "errors": [form for form in bound.values() if form.errors],
    }
    return render(request, "storefront/finance/my_trade_in.html", context, status=status)
