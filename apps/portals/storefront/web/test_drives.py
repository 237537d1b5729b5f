"""Booking a test drive in three steps: where, when, sign. Works without a script."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_everyone, open_to_members
from apps.catalog.api import Series
from apps.dealers.api import Store, UnknownStore, find_store, list_stores
from apps.kernel.api import DomainError
from apps.kernel.web import add_to_form
from apps.portals.storefront.regions import LONGEST_PLACE, find_places
from apps.portals.storefront.selectors import SeriesCard, list_series_cards
from apps.portals.storefront.test_drive_forms import DriverForm
from apps.portals.storefront.test_drive_times import by_day, read_instant
from apps.portals.storefront.web.ways_back import posted
from apps.scheduling.api import on_wall
from apps.testdrives.api import (
    DAYS_SHOWN,
    DemoCar,
    Licence,
    Place,
    book_test_drive,
    get_agreement_text,
    get_rule,
    list_demo_cars,
    list_offers,
    list_times,
    wait_for_test_drive,
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody has chosen so far: the series, the store, its cars."""

    series: Series
    store: Store
    cars: list[DemoCar]
    is_at_home: bool

    @property
    def product_id(self) -> int:
        """The car that stands for the series here."""
        return self.cars[0].trim.product_id

    @property
    def place(self) -> Place:
        """Where the drive begins."""
        return Place.HOME if self.is_at_home else Place.STORE

    @property
    def query(self) -> str:
        """What addresses keep."""
        return "?place=home" if self.is_at_home else ""


@never_cache
@require_safe
@open_to_everyone
def choose_car(request: HttpRequest) -> HttpResponse:
    """Choose a car to try."""
    return render(request, "storefront/test_drive_cars.html", {"cars": _list_cars()})


@never_cache
@require_safe
@open_to_everyone
def choose_store(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 1: choose one of the stores that have the car, the nearest first where a place is known."""
    series = _find_series(slug)
    typed = request.GET.get("near", "").strip().replace("\x00", "")[:LONGEST_PLACE]
    place = next(iter(find_places(typed)), None) if typed else None
    near = (place.latitude, place.longitude) if place else None
    now = timezone.now()
    offers = list_offers(
        series_id=series.pk, stores=list_stores(near=near, service="sales"), first_day=timezone.localdate(), now=now
    )
    context = {
        "series": series,
        "offers": [(offer, _local(offer.first.starts_at, offer.store) if offer.first else None) for offer in offers],
        "typed": typed,
        "place": place,
        "steps": _steps(series),
    }
    return render(request, "storefront/test_drive_stores.html", context)


@never_cache
@require_safe
@open_to_everyone
def choose_time(request: HttpRequest, slug: str, store: str) -> HttpResponse:
    """Step 2: choose a time."""
    wish = _read(request, slug, store)
    now = timezone.now()
    slots = list_times(
        series_id=wish.series.pk,
        store_id=wish.store.pk,
        first_day=_local(now, wish.store).date(),
        days=DAYS_SHOWN,
        place=wish.place,
        now=now,
    )
    days = by_day(slots, zone=wish.store.time_zone, shown=request.GET.get("day", ""))
    context = {
        "wish": wish,
        "days": days,
        "shown": next((day for day in days if day.is_shown), None),
        "steps": _steps(wish.series, wish.store),
    }
    return render(request, "storefront/test_drive_times.html", context)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str, store: str, at: int) -> HttpResponse:
    """Step 3: say who drives, read the agreement and sign it."""
    wish = _read(request, slug, store)
    starts_at = _instant(at)
    local = _local(starts_at, wish.store)
    try:
        rule, text = get_rule(local.date()), get_agreement_text(_local(timezone.now(), wish.store).date())
    except DomainError:
        raise Http404 from None
    form = DriverForm(posted(request), classes=rule.licence_classes, is_at_home=wish.is_at_home)
    is_taken = False
    if request.method == "POST" and form.is_valid():
        try:
            drive = _book(request, wish, starts_at, form.cleaned_data)
        except DomainError as refusal:
            add_to_form(form, refusal)
            is_taken = refusal.code == "slot_taken"
        else:
            messages.success(request, _("Your test drive is booked. The store confirms it soon."))
            return redirect("shop:test-drive", drive.reference)
    context = {
        "wish": wish,
        "local": local,
        "at": at,
        "form": form,
        "agreement": text,
        "is_taken": is_taken or request.GET.get("taken") == "1",
        "has_phone": bool(request.user.phone and request.user.is_phone_verified),
        "steps": _steps(wish.series, wish.store, is_signing=True),
    }
    return render(request, "storefront/test_drive_sign.html", context, status=422 if form.errors else 200)


@require_POST
@open_to_members
def wait(request: HttpRequest, slug: str, store: str, at: int) -> HttpResponse:
    """Wait for a time that is taken."""
    wish = _read(request, slug, store)
    try:
        wait_for_test_drive(
            product_id=wish.product_id,
            store_id=wish.store.pk,
            starts_at=_instant(at),
            member=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:test-drive-times", slug, store)
    messages.success(request, _("You are on the waitlist. We write to you as soon as the time is free."))
    return redirect("shop:test-drives-mine")


def _book(request: HttpRequest, wish: Wish, starts_at: datetime, data: dict[str, Any]) -> Any:
    return book_test_drive(
        product_id=wish.product_id,
        store_id=wish.store.pk,
        starts_at=starts_at,
        licence=Licence(licence_class=data["licence_class"], expires_on=data["expires_on"], born_on=data["born_on"]),
        agrees=data["agree"],
        place=wish.place,
        address=data.get("address", ""),
        member=request.user,
        language=get_language() or "zh-hans",
        now=timezone.now(),
    )


def _list_cars() -> list[SeriesCard]:
    """List the series that can be tried somewhere, as the shop's lists show them."""
    tried = set(Series.objects.filter(models__trims__demo_cars__resource__is_active=True).values_list("pk", flat=True))
    return [card for card in list_series_cards() if card.series.pk in tried]


def _find_series(slug: str) -> Series:
    series = Series.objects.filter(slug=slug, is_public=True).first()
    if series is None:
        raise Http404
    return series


def _read(request: HttpRequest, slug: str, code: str) -> Wish:
    series = _find_series(slug)
    try:
        store = find_store(code)
    except UnknownStore:
        raise Http404 from None
    cars = list(list_demo_cars(series_id=series.pk, store_id=store.pk))
    if not cars:
        raise Http404
    return Wish(series=series, store=store, cars=cars, is_at_home=request.GET.get("place") == "home")


def _instant(at: int) -> datetime:
    instant = read_instant(at)
    if instant is None:
        raise Http404
    return instant


def _local(instant: datetime, store: Store) -> datetime:
    return on_wall(instant, store.time_zone)


def _steps(series: Series, store: Store | None = None, *, is_signing: bool = False) -> dict[str, Any]:
    """Return the three steps with the addresses to go back to."""
    stores = reverse("shop:test-drive-stores", args=[series.slug])
    times = reverse("shop:test-drive-times", args=[series.slug, store.code.lower()]) if store else ""
    return {
        "names": [(_("Store"), stores), (_("Time"), times), (_("Driver"), "")],
        "current": 3 if is_signing else 2 if store else 1,
    }
