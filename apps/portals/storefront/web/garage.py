"""The garage: which car a visitor drives."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.api import open_to_everyone, open_to_members
from apps.kernel.api import DomainError
from apps.kernel.web import add_to_form
from apps.membership.api import (
    CarNotFound,
    access_car,
    add_car,
    describe_car,
    find_car,
    read_vin,
    remove_car,
)
from apps.membership.api import make_current as choose_car
from apps.portals.storefront.member_forms import CarDetailsForm, CarForm
from apps.portals.storefront.member_selectors import list_car_choices, show_cars
from apps.portals.storefront.web.cars import (
    forget_guest_car,
    remember_guest_car,
    visitor_cars,
)
from apps.portals.storefront.web.ways_back import go_back, posted, way_back


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def garage(request: HttpRequest) -> HttpResponse:
    """Show the visitor's cars and the form to add one; a guest has one, for the length of the visit."""
    form = CarForm(posted(request), choices=list_car_choices(), is_guest=not request.user.is_authenticated)
    if request.method == "POST" and form.is_valid():
        try:
            product_id = _add(request, form)
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("This is your car now. We show you what fits it."))
            return redirect(_back_with_car(request, product_id))
    context = {"cars": show_cars(visitor_cars(request)), "form": form, "next": way_back(request, "")}
    return render(request, "storefront/garage.html", context)


def _add(request: HttpRequest, form: CarForm) -> int:
    data = form.cleaned_data
    if request.user.is_authenticated:
        car = add_car(
            member=request.user,
            product_id=data["product_id"],
            vin=data["vin"],
            nickname=data["nickname"],
            plate=data["plate"],
            now=timezone.now(),
        )
        return car.product_id
    product_id = find_car(product_id=data["product_id"], vin=read_vin(data["vin"]))
    remember_guest_car(request, product_id)
    return product_id


def _back_with_car(request: HttpRequest, product_id: int) -> str:
    """A page that asked for the car gets it as ``fits``; otherwise the garage is shown."""
    asked = way_back(request, "")
    if not asked:
        return reverse("shop:garage")
    path = asked.partition("#")[0].partition("?")[0]
    return f"{path}?{urlencode({'fits': product_id})}"


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, car_id: int) -> HttpResponse:
    """Let a member name a car and note its number plate."""
    try:
        car = access_car(car_id=car_id, by=request.user)
    except CarNotFound:
        raise Http404 from None
    known = {"nickname": car.nickname, "plate": car.plate or ""}
    form = CarDetailsForm(posted(request), initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            describe_car(car_id=car_id, member=request.user, **form.cleaned_data)
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("shop:garage")
    cars = [row for row in visitor_cars(request) if row.id == car_id]
    return render(request, "storefront/garage_car.html", {"form": form, "car": cars[0] if cars else None})


@require_POST
@open_to_members
def make_current(request: HttpRequest, car_id: int) -> HttpResponse:
    """Choose the car that parts are to fit."""
    try:
        choose_car(car_id=car_id, member=request.user)
    except CarNotFound:
        raise Http404 from None
    return go_back(request, reverse("shop:garage"))


@require_POST
@open_to_members
def remove(request: HttpRequest, car_id: int) -> HttpResponse:
    """Take a car out of the garage."""
    try:
        remove_car(car_id=car_id, member=request.user)
    except CarNotFound:
        raise Http404 from None
    messages.success(request, _("The car is no longer in your garage."))
    return redirect("shop:garage")


@require_POST
@open_to_everyone
def forget(request: HttpRequest) -> HttpResponse:
    """Forget a guest's car."""
    forget_guest_car(request)
    return go_back(request, reverse("shop:garage"))
