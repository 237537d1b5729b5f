"""Finance for everybody: the calculator with its comparison, and what a used car is worth."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.api import open_to_everyone
from apps.financing.api import CarTold, Energy, estimate, list_finance_products, offer_trade_in, read_car
from apps.kernel.api import DomainError, Money
from apps.kernel.web import add_to_form
from apps.portals.storefront.finance_forms import CalculatorForm, OfferForm, UsedCarForm
from apps.portals.storefront.finance_views import (
    USUAL_MONTHS,
    USUAL_PRICE,
    ask_the_law,
    compare_plans,
    usual_down,
    weigh_other_offer,
)

# What somebody may tell of another lender's offer.
OTHER_OFFER = ("rate", "fee", "is_flat")


@never_cache
@open_to_everyone
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Compare every plan for a price, a down payment and a term; tax and subsidies beside. A form by GET, no script."""
    today = timezone.localdate()
    usual = {
        "price": int(USUAL_PRICE),
        "down": int(usual_down(USUAL_PRICE)),
        "months": USUAL_MONTHS,
        "energy": Energy.NEV.value,
        "on": today.isoformat(),
    }
    asked = {name: request.GET.get(name, "")[:20] for name in (*usual, *OTHER_OFFER) if request.GET.get(name)}
    if "price" in asked and "down" not in asked and asked["price"].isdecimal():
        asked["down"] = str(int(usual_down(USUAL_PRICE.__class__(asked["price"]))))
    form = CalculatorForm({**usual, **asked})
    context = {"form": form, "plans": [], "law": None, "has_other_offer": any(asked.get(name) for name in OTHER_OFFER)}
    if form.is_valid():
        data = form.cleaned_data
        price = Money.of(data["price"])
        context |= {
            "price": price,
            "months": data["months"],
            "plans": compare_plans(
                list_finance_products(at=timezone.now()),
                price=price,
                down_payment=Money.of(data["down"]),
                months=data["months"],
            ),
            "down": data["down"],
            "other": weigh_other_offer(
                price=price,
                down_payment=Money.of(data["down"]),
                months=data["months"],
                rate=data["rate"],
                fee=data["fee"] or Decimal(0),
                is_flat=data["is_flat"],
            )
            if data["rate"] is not None
            else None,
            "law": ask_the_law(price=price, energy=Energy(data["energy"]), on=data["on"]),
        }
    return render(request, "storefront/finance/calculator.html", context, status=422 if form.errors else 200)


@never_cache
@open_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def trade_in(request: HttpRequest) -> HttpResponse:
    """Say what a used car is worth; members get an offer that holds. The estimate is a form by GET, no script."""
    if request.method == "POST":
        return _offer(request)
    asked = request.GET if request.GET.get("price_as_new") else None
    form = UsedCarForm(asked)
    valuation, car = None, None
    if asked is not None and form.is_valid():
        try:
            today = timezone.localdate()
            car = read_car(told(form.cleaned_data), on=today)
            valuation = estimate(car=car, on=today)
        except DomainError as refusal:
            add_to_form(form, refusal)
    offer = OfferForm(initial=form.cleaned_data) if valuation and valuation.value else None
    context = {"form": form, "valuation": valuation, "car": car, "offer": offer}
    return render(request, "storefront/finance/trade_in.html", context, status=422 if form.errors else 200)


def _offer(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("account_login")
    form = OfferForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = offer_trade_in(
                told=told(data), car_name=data["car"], vin=data["vin"], by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("shop:my-trade-in", made.number)
    context = {"form": UsedCarForm(), "offer": form, "valuation": None, "errors_of": "offer"}
    return render(request, "storefront/finance/trade_in.html", context, status=422)


def told(data: dict) -> CarTold:
    """What the owner said, as the service takes it."""
    return CarTold(
        price_as_new=data["price_as_new"],
        first_registered=data["first_registered"],
        mileage_km=data["mileage_km"],
        condition=data["condition"],
    )
