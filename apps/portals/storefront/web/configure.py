"""The configurator: step by step, into the cart, into the account, beside another car."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.api import open_to_everyone
from apps.catalog.api import (
    CarOnStage,
    ProductNotFound,
    Showroom,
    configure,
    list_trims_on_sale,
    open_showroom,
    put_on_stage,
)
from apps.financing.api import FinanceProductView, list_finance_products
from apps.kernel.api import DomainError
from apps.membership.api import save_configuration
from apps.orders.api import add_line, deposit_for
from apps.portals.storefront import configurator, seo
from apps.portals.storefront.car_views import look_at, show_side
from apps.portals.storefront.car_wish import Car, Chosen, Place, Wish, choose, read_wish, remember
from apps.portals.storefront.instalments import Calculator, calculate
from apps.portals.storefront.pictures import COVER_VIEW, VIEWS
from apps.portals.storefront.web.carts import cart_ref, remember_cart
from apps.portals.storefront.web.numbers import read_number

SIDES = ("a", "b")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One look at the configurator: the showroom, the wish, and the car it comes to."""

    showroom: Showroom
    stage: CarOnStage
    wish: Wish
    chosen: Chosen
    is_reduced: bool


def open_visit(slug: str, data: QueryDict) -> Visit:
    """
    Read what a request asks of a series; an unknown trim becomes the first one, and the page says so.

    :raises Http404: if there is no such series on sale
    """
    try:
        showroom = open_showroom(slug)
    except ProductNotFound as refusal:
        raise Http404 from refusal
    wish = read_wish(data)
    shown = showroom.find(wish.trim) or showroom.trims[0]
    stage = put_on_stage([shown])[shown.code]
    chosen = choose(stage, wish, trim=shown.code)
    is_lost = bool(wish.trim) and shown.code != wish.trim
    return Visit(showroom=showroom, stage=stage, wish=wish, chosen=chosen, is_reduced=chosen.is_reduced or is_lost)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@open_to_everyone
def configurator_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the step in view; htmx gets the configurator alone, and the short address to show for it."""
    visit = open_visit(slug, request.GET)
    now = timezone.now()
    context = build_context(visit, before=request.GET.get("is", ""), now=now)
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "storefront/configure.html", context)
    answer = render(request, "storefront/_configurator.html", context)
    answer["HX-Push-Url"] = context["place"].address()
    return answer


def build_context(visit: Visit, *, before: str, now: datetime) -> dict:
    """Return everything the configurator's page shows."""
    series, stage, wish, chosen = visit.showroom.series, visit.stage, visit.wish, visit.chosen
    groups = stage.groups
    finance = _calculate(list_finance_products(at=now), chosen, wish)
    steps = configurator.list_steps(groups, wish.step, is_financed=finance is not None)
    current = next(step for step in steps if step.is_current)
    place = _place(visit, current, finance)
    past = remember(wish, before, chosen.car)
    return {
        "series": series,
        "trims": visit.showroom.trims,
        "chosen": stage.shown,
        "car": chosen.car,
        "view": chosen.view,
        "is_reduced": visit.is_reduced,
        "steps": steps,
        "current": current,
        "next_step": next((step for step in steps if step.number == current.number + 1), None),
        "breakdown": configurator.list_breakdown(chosen.view),
        "deposit": deposit_for(chosen.view.price, at=now),
        "finance": finance,
        "sight": look_at(series, stage.shown, groups, chosen.view, view_code=wish.view, step=current.code),
        "place": place,
        "past": past,
        **_form(current.code, groups, chosen),
        **_ways(visit, place, past),
    }


def _place(visit: Visit, current: configurator.Step, finance: Calculator | None) -> Place:
    """Where the visitor stands, with nothing in the address that is usual anyway."""
    wish = visit.wish
    return Place(
        base=reverse("shop:configure", args=[visit.showroom.series.slug]),
        car=visit.chosen.car,
        step=current.code if current.number > 1 else "",
        view=wish.view if wish.view in VIEWS and wish.view != COVER_VIEW else "",
        plan=finance.product.code if finance and wish.plan else "",
        months=str(finance.quote.months) if finance and wish.months else "",
        down=f"{finance.quote.down_payment.amount:.0f}" if finance and wish.down else "",
        rival=wish.rival,
    )


def _form(step: str, groups, chosen: Chosen) -> dict:
    """What the form of a step asks, and what it carries along: see ``car_wish``."""
    group = next((group for group in groups if group.code.lower() == step), None)
    asked = {option.code for option in group.options} if group else set()
    return {
        "question": configurator.ask(group, groups, chosen) if group else None,
        "carried": [code for code in chosen.car.options if code not in asked],
        "came": sorted(chosen.inclusions),
        "shown": sorted(code for code in chosen.view.selected if code not in chosen.car.options),
    }


def _ways(visit: Visit, place: Place, past: tuple[Car, ...]) -> dict:
    """Where one may go from here: out of a conflict, back, into the account, to a friend, beside another car."""
    chosen = visit.chosen
    plain = Place(base=place.base, car=chosen.car)
    remedies = configurator.list_remedies(visit.stage.groups, chosen.view)
    save_at = reverse("shop:save-configuration", args=[visit.showroom.series.slug])
    return {
        "remedies": [
            (remedy, place.address(past=(chosen.car, *past), car=_car_after(visit.stage, chosen, remedy)))
            for remedy in remedies
        ],
        "undo_url": place.address(past=past[1:], car=past[0]) if past else "",
        "share_link": seo.absolute(plain.address()),
        "save_url": Place(base=save_at, car=chosen.car).address(),
        "talk_url": Place(base=reverse("shop:talk", args=[visit.showroom.series.slug]), car=chosen.car).address(),
        "rival": place.rival,
        "is_rival_here": place.rival == chosen.car,
        "compare_url": _compare_address(place.rival, chosen.car),
    }


def _calculate(products: list[FinanceProductView], chosen: Chosen, wish: Wish) -> Calculator | None:
    return calculate(
        products, chosen.view.price, plan=wish.plan, months=read_number(wish.months), down=read_number(wish.down)
    )


def _car_after(stage: CarOnStage, chosen: Chosen, remedy: configurator.Remedy) -> Car:
    """The car a remedy leads to, in its shortest form."""
    standard = {option.code for group in stage.groups for option in group.options if option.is_default}
    wished = Wish(options=tuple(code for code in remedy.codes if code not in standard))
    return choose(stage, wished, trim=chosen.car.trim).car


def _compare_address(rival: Car | None, car: Car) -> str:
    pairs = (("a", rival), ("b", car))
    return f"{reverse('shop:compare-cars')}?" + "&".join(f"{side}={each}" for side, each in pairs if each)


@require_POST
@open_to_everyone
def order_vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the car as configured into the cart."""
    visit = open_visit(slug, request.POST)
    if visit.stage.shown.code != visit.wish.trim:
        raise Http404
    now = timezone.now()
    try:
        configuration = configure(
            product_id=visit.stage.shown.trim.product_id,
            option_codes=visit.chosen.car.options,
            by=_member(request),
            now=now,
        )
        cart = add_line(
            cart_ref=cart_ref(request),
            product_id=configuration.product_id,
            quantity=1,
            configuration_id=configuration.pk,
            now=now,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(_back_to(visit))
    return remember_cart(request, redirect("shop:cart"), cart.id)


@never_cache
@open_to_everyone
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a name and keep the car in the account; whoever is signed out signs in first and comes back with it."""
    visit = open_visit(slug, request.POST if request.method == "POST" else request.GET)
    if not request.user.is_authenticated:
        here = Place(base=reverse("shop:save-configuration", args=[slug]), car=visit.chosen.car).address()
        return redirect_to_login(here)
    if request.method != "POST":
        sight = look_at(visit.showroom.series, visit.stage.shown, visit.stage.groups, visit.chosen.view)
        context = {
            "series": visit.showroom.series,
            "chosen": visit.stage.shown,
            "car": visit.chosen.car,
            "view": visit.chosen.view,
            "sight": sight,
            "back_url": _back_to(visit),
        }
        return render(request, "storefront/save_configuration.html", context)
    now = timezone.now()
    try:
        configuration = configure(
            product_id=visit.stage.shown.trim.product_id,
            option_codes=visit.chosen.car.options,
            by=request.user,
            now=now,
        )
        save_configuration(
            member=request.user, configuration_id=configuration.pk, name=request.POST.get("name", "")[:200], now=now
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(_back_to(visit))
    return redirect("shop:saved")


@require_safe
@never_cache
@open_to_everyone
def compare(request: HttpRequest) -> HttpResponse:
    """Show two configured cars side by side, what differs marked."""
    asked = [Car.read(word) for side in SIDES if (word := request.GET.get(side, ""))]
    on_sale = {shown.code: shown for shown in list_trims_on_sale({car.trim for car in asked})}
    stages = put_on_stage(list(on_sale.values()))
    now = timezone.now()
    products = list_finance_products(at=now)
    sides = [show_side(stages[car.trim], car, products) for car in asked if car.trim in stages]
    rows = configurator.compare_options([(side.groups, side.chosen.view) for side in sides])
    context = {
        "sides": sides,
        "options": rows,
        "facts": _compare_facts(sides),
        "is_short": len(sides) < len(asked) or any(side.chosen.is_reduced for side in sides),
        "difference": _difference(sides),
        "is_only_different": request.GET.get("only") == "different",
        "swap_url": _compare_address(sides[1].chosen.car, sides[0].chosen.car) if len(sides) == len(SIDES) else "",
        "here": _compare_address(*(side.chosen.car for side in sides)) if len(sides) == len(SIDES) else "",
    }
    return render(request, "storefront/compare_cars.html", context)


def _difference(sides):
    """What one car of two costs more than the other; None where they cost the same."""
    prices = [side.chosen.view.price for side in sides]
    return (abs(prices[0] - prices[1]) or None) if len(prices) == len(SIDES) else None


def _compare_facts(sides) -> list[configurator.Difference]:
    """The specifications of the cars, line by line, in the order of the first one."""
    names: dict[str, str] = {}
    for side in sides:
        names |= {code: fact.name for code, fact in side.stage.shown.specs.items() if code not in names}
    rows = []
    for code, name in names.items():
        facts = [side.stage.shown.specs.get(code) for side in sides]
        rows.append(
            configurator.Difference(
                name=name, values=tuple(f"{fact.value} {fact.unit}".strip() if fact else "–" for fact in facts)
            )
        )
    return rows


def _back_to(visit: Visit) -> str:
    """The configurator with the car of a visit."""
    return Place(base=reverse("shop:configure", args=[visit.showroom.series.slug]), car=visit.chosen.car).address()


def _member(request: HttpRequest):
    return request.user if request.user.is_authenticated else None
