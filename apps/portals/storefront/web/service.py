"""Booking a service in three steps: what, where, when. Works without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.api import open_to_members
from apps.aftersales.api import (
    DAYS_SHOWN,
    Coming,
    Ownership,
    RecallCar,
    ServiceItem,
    Wish,
    access_ownership,
    book_service,
    get_coming,
    list_bays,
    list_open_recalls,
    list_service_items,
    list_service_times,
    list_usable_lines,
)
from apps.dealers.api import UnknownStore, find_store, list_stores
from apps.kernel.api import DomainError, Money, NotFound
from apps.portals.storefront.regions import LONGEST_PLACE, find_places
from apps.portals.storefront.test_drive_times import by_day
from apps.portals.storefront.web.own_appointments import read_posted_instant
from apps.scheduling.api import ResourceKind, list_resources

LONGEST_WORDS = 500
MOST_CHOSEN = 20


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What somebody wants done so far, as addresses carry it: ``work=CODE`` or ``CODE:line``, ``plan``, ``recall``."""

    wishes: Sequence[Wish]
    coming: Coming | None
    recalls: Sequence[RecallCar]
    values: Sequence[tuple[str, str]]

    @property
    def query(self) -> str:
        """What addresses keep."""
        return urlencode(self.values)

    @property
    def items(self) -> list[ServiceItem]:
        """The work to be done."""
        planned = list(self.coming.step.items.all()) if self.coming else []
        chosen = list_service_items([wish.code for wish in self.wishes])
        known = {item.code: item for item in [*chosen, *planned, *(car.recall.item for car in self.recalls)]}
        return list(known.values())

    @property
    def minutes(self) -> int:
        """How long a bay is needed."""
        return sum(item.minutes for item in self.items)


@never_cache
@require_safe
@open_to_members
def choose_work(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Step 1: choose what shall be done."""
    own = _open(request, vehicle_id)
    today = timezone.localdate()
    coming = get_coming(own.vehicle, today=today)
    items = list_service_items()
    bookable = {item.code for item in items}
    lines = list_usable_lines(own.vehicle, member=request.user, today=today)
    context = {
        "own": own,
        "coming": coming,
        "recalls": list_open_recalls(own.vehicle.vin),
        # Some services of packages need no bay: roadside help, for one.
        "lines": [line for line in lines if line.service in bookable],
        # What costs nothing is done for packages only: repairs under an extended warranty, for one.
        "items": [(item, Money(item.labour_price)) for item in items if item.labour_price],
        "is_plan_chosen": coming is not None and coming.due.need != "LATER",
        "steps": _steps(own, 1),
    }
    return render(request, "storefront/service_work.html", context)


@never_cache
@require_safe
@open_to_members
def choose_store(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    """Step 2: choose a store with a workshop, the nearest first where a place is known."""
    own = _open(request, vehicle_id)
    chosen = _read(request, own)
    if not chosen.items:
        messages.error(request, _("Please choose what shall be done."), extra_tags="bad")
        return redirect("shop:service", vehicle_id)
    typed = request.GET.get("near", "").strip().replace("\x00", "")[:LONGEST_PLACE]
    place = next(iter(find_places(typed)), None) if typed else None
    near = (place.latitude, place.longitude) if place else None
    workshops = set(list_resources(kind=ResourceKind.BAY).values_list("store_id", flat=True))
    context = {
        "own": own,
        "chosen": chosen,
        "stores": [store for store in list_stores(near=near, service="service") if store.pk in workshops],
        "typed": typed,
        "place": place,
        "steps": _steps(own, 2),
    }
    return render(request, "storefront/service_stores.html", context)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def choose_time(request: HttpRequest, vehicle_id: int, store: str) -> HttpResponse:
    """Step 3: choose a time; a POST books it."""
    own = _open(request, vehicle_id)
    try:
        place = find_store(store)
    except UnknownStore:
        raise Http404 from None
    if not list_bays(place.pk).exists():
        raise Http404
    chosen = _read(request, own)
    if not chosen.items:
        messages.error(request, _("Please choose what shall be done."), extra_tags="bad")
        return redirect("shop:service", vehicle_id)
    now = timezone.now()
    if request.method == "POST":
        try:
            visit = book_service(
                vehicle_id=vehicle_id,
                store_id=place.pk,
                starts_at=read_posted_instant(request),
                services=chosen.wishes,
                is_next_of_plan=chosen.coming is not None,
                recall_ids=[car.recall_id for car in chosen.recalls],
                words=request.POST.get("words", "")[:LONGEST_WORDS].replace("\x00", ""),
                by=request.user,
                now=now,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal), extra_tags="bad")
            return redirect(f"{reverse('shop:service-times', args=[vehicle_id, store])}?{chosen.query}")
        messages.success(request, _("Your appointment is booked. The store expects you."))
        return redirect("shop:my-visit", visit.reference)
    slots = list_service_times(
        store_id=place.pk,
        minutes=chosen.minutes,
        first_day=now.astimezone(ZoneInfo(place.time_zone)).date(),
        days=DAYS_SHOWN,
        now=now,
    )
    days = by_day(slots, zone=place.time_zone, shown=request.GET.get("day", ""))
    context = {
        "own": own,
        "chosen": chosen,
        "store": place,
        "days": days,
        "shown": next((day for day in days if day.is_shown), None),
        "more": f"&{chosen.query}",
        "has_phone": bool(request.user.phone and request.user.is_phone_verified),
        "steps": _steps(own, 3, chosen),
    }
    return render(request, "storefront/service_times.html", context)


def _open(request: HttpRequest, vehicle_id: int) -> Ownership:
    try:
        return access_ownership(vehicle_id=vehicle_id, member=request.user)
    except NotFound:
        raise Http404 from None


def _read(request: HttpRequest, own: Ownership) -> Chosen:
    """Read what an address says was chosen; what cannot be chosen is left out."""
    items = list_service_items()
    codes, free = {item.code for item in items}, {item.code for item in items if not item.labour_price}
    usable = {line.pk: line for line in list_usable_lines(own.vehicle, member=request.user, today=timezone.localdate())}
    wishes: dict[str, Wish] = {}
    for value in request.GET.getlist("work")[:MOST_CHOSEN]:
        code, _colon, number = value.partition(":")
        line = usable.get(int(number)) if number.isdigit() and len(number) < 19 else None
        if code not in codes or (line is None and code in free):
            continue
        if (line is None or line.service == code) and (code not in wishes or line):
            wishes[code] = Wish(code=code, entitlement_line_id=line.pk if line else None)
    coming = get_coming(own.vehicle, today=timezone.localdate()) if request.GET.get("plan") else None
    asked = set(request.GET.getlist("recall"))
    recalls = [car for car in list_open_recalls(own.vehicle.vin) if str(car.recall_id) in asked]
    values = [
        *(
            ("work", f"{wish.code}:{wish.entitlement_line_id}" if wish.entitlement_line_id else wish.code)
            for wish in wishes.values()
        ),
        *((("plan", "1"),) if coming else ()),
        *(("recall", str(car.recall_id)) for car in recalls),
    ]
    return Chosen(wishes=list(wishes.values()), coming=coming, recalls=recalls, values=values)


def _steps(own: Ownership, current: int, chosen: Chosen | None = None) -> dict[str, Any]:
    """Return the three steps with the addresses to go back to."""
    stores = reverse("shop:service-stores", args=[own.vehicle_id])
    return {
        "names": [
            (_("Work"), reverse("shop:service", args=[own.vehicle_id])),
            (_("Store"), f"{stores}?{chosen.query}" if chosen else ""),
            (_("Time"), ""),
        ],
        "current": current,
    }
