"""One's own cars: what they need, what covers them, their packages; passing them on."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_members
from apps.aftersales.api import (
    OPEN,
    Ownership,
    access_ownership,
    bind_package,
    check_warranty,
    claim_vehicle,
    get_coming,
    give_up,
    list_coming,
    list_history,
    list_open_recalls,
    list_own_entitlements,
    list_own_vehicles,
    list_own_visits,
    offer_transfer,
    refund_package,
    take_over,
    view_package,
)
from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form
from apps.portals.storefront.service_forms import ClaimForm, TakeOverForm
from apps.portals.storefront.web.own_visits import at_store
from apps.portals.storefront.web.ways_back import posted


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """List one's cars and packages; a POST adds a car by its VIN."""
    form = ClaimForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            own = claim_vehicle(vin=form.cleaned_data["vin"], by=request.user, now=timezone.now())
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("The car is among yours now."))
            return redirect("shop:my-vehicle", own.vehicle_id)
    today = timezone.localdate()
    own_cars = list(list_own_vehicles(request.user))
    coming = list_coming([own.vehicle for own in own_cars], today=today)
    context = {
        "rows": [(own, coming.get(own.vehicle_id), list_open_recalls(own.vehicle.vin)) for own in own_cars],
        "packages": [view_package(one, today=today) for one in list_own_entitlements(request.user)],
        "cars": own_cars,
        "form": form,
    }
    return render(request, "storefront/my_vehicles.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@open_to_members
def show(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Show one of one's cars. Its history, warranty and packages wait until a store saw the papers."""
    own = _open(request, vehicle_id)
    context = _describe(request, own, today=timezone.localdate())
    return render(request, "storefront/my_vehicle.html", context)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def take_car_over(request: HttpRequest) -> HttpResponse:
    """Take a car over with the code of its last owner."""
    form = TakeOverForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            own = take_over(**form.cleaned_data, by=request.user, now=timezone.now())
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("The car is yours now, and its packages came along."))
            return redirect("shop:my-vehicle", own.vehicle_id)
    return render(request, "storefront/vehicle_take_over.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_POST
@open_to_members
def pass_on(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Make a code for whoever takes the car over, and show it once."""
    own = _open(request, vehicle_id)
    try:
        passing = offer_transfer(vehicle_id=vehicle_id, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:my-vehicle", vehicle_id)
    address = request.build_absolute_uri(reverse("shop:vehicle-take-over"))
    context = {"own": own, "passing": passing, "address": address}
    return render(request, "storefront/vehicle_transfer.html", context)


@require_POST
@open_to_members
def remove(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Take a car from among one's own."""
    _open(request, vehicle_id)
    give_up(vehicle_id=vehicle_id, by=request.user, now=timezone.now())
    messages.success(request, _("The car is no longer among yours."))
    return redirect("shop:my-vehicles")


@require_POST
@open_to_members
def bind(request: HttpRequest, reference: str) -> HttpResponse:
    """Say for which of one's cars a package is."""
    value = request.POST.get("vehicle", "")
    vehicle_id = int(value) if value.isdigit() and len(value) < 19 else 0
    return _with_package(
        request,
        lambda: bind_package(reference=reference, vehicle_id=vehicle_id, by=request.user, now=timezone.now()),
        _("The package belongs to this car now."),
    )


@require_POST
@open_to_members
def refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a package back."""
    return _with_package(
        request,
        lambda: refund_package(reference=reference, by=request.user, now=timezone.now()),
        _("The package is given back. The money goes the way it came."),
    )


def _with_package(request: HttpRequest, work, told: str) -> HttpResponse:
    """Do something with a package and go back to the list; somebody else's is not found."""
    try:
        work()
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        messages.success(request, told)
    return redirect(f"{reverse('shop:my-vehicles')}#packages")


def _open(request: HttpRequest, vehicle_id: int) -> Ownership:
    try:
        return access_ownership(vehicle_id=vehicle_id, member=request.user)
    except NotFound:
        raise Http404 from None


def _describe(request: HttpRequest, own: Ownership, *, today: date) -> dict[str, object]:
    vehicle = own.vehicle
    found = list_own_entitlements(request.user).filter(vehicle=vehicle) if own.is_verified else []
    ahead = list_own_visits(request.user).filter(vehicle=vehicle, status__in=OPEN)
    done = list_history(vehicle.pk) if own.is_verified else []
    return {
        "own": own,
        "vehicle": vehicle,
        "coming": get_coming(vehicle, today=today),
        "recalls": list_open_recalls(vehicle.vin),
        "ahead": [(visit, at_store(visit)) for visit in ahead],
        "covers": check_warranty(vehicle, today=today) if own.is_verified else [],
        "packages": [view_package(one, today=today) for one in found],
        "history": [(visit, at_store(visit, visit.done_at)) for visit in done],
    }
