"""Fetching a car: choose a time, move or cancel it; on the day and afterwards the signed record and what comes next."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_everyone
from apps.aftersales.api import Coming, Ownership, get_coming, list_own_vehicles
from apps.kernel.api import NotFound
from apps.orders.api import (
    DAYS_SHOWN,
    Fulfilment,
    FulfilmentStatus,
    access_own_handover,
    book_own_handover,
    cancel_own_handover,
    cars_of,
    find_appointment,
    find_record,
    list_handover_times,
    local_time,
    move_own_handover,
)
from apps.portals.storefront.handover_cards import describe
from apps.portals.storefront.web.orders import remember_token, token_of
from apps.portals.storefront.web.own_appointments import (
    give_calendar,
    read_posted_instant,
    read_posted_reason,
    show_days,
    try_to,
)


@never_cache
@require_safe
@open_to_everyone
def show(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """Show one's handover: no time yet, a time ahead, or a car that is one's own now."""
    found = _open(request, number, fulfilment_id)
    if "token" in request.GET:
        # The link's token moves into the session, as on the order's page.
        remember_token(request, number, request.GET["token"])
        return redirect("shop:handover", number, fulfilment_id)
    card = describe(found)
    cars = cars_of(found)
    record = find_record(found.pk) if card.is_done else None
    context = {
        "order": found.order,
        "card": card,
        "store": found.store,
        "cars": cars,
        "record": record if record is not None and record.signed_at is not None else None,
        "signed_at": local_time(found, record.signed_at) if record is not None and record.signed_at else None,
        "handed_at": local_time(found, found.done_at) if card.is_done and found.done_at else None,
        "garage": _own_cars(request, [car.vin for car in cars]) if card.is_done else [],
    }
    return render(request, "storefront/handover.html", context)


@never_cache
@open_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def choose_time(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """List the store's times; a POST books one, or moves what is booked to it."""
    found = _open(request, number, fulfilment_id)
    now = timezone.now()
    card = describe(found)
    if request.method == "POST":
        is_moved = card.appointment is not None
        return try_to(
            request,
            move_own_handover if is_moved else book_own_handover,
            **_keys(request, found, now),
            starts_at=read_posted_instant(request),
            told=_("Your handover has a new time.") if is_moved else _("Booked. The store expects you."),
            page=reverse("shop:handover", args=[number, fulfilment_id]),
            refused=reverse("shop:handover-time", args=[number, fulfilment_id]),
        )
    zone = found.store.time_zone
    slots = (
        list_handover_times(
            store_id=found.store_id,
            first_day=now.astimezone(ZoneInfo(zone)).date(),
            days=DAYS_SHOWN,
            now=now,
        )
        if card.may_choose
        else []
    )
    context = {"order": found.order, "card": card, "store": found.store, **show_days(request, slots, zone=zone)}
    return render(request, "storefront/handover_time.html", context)


@require_POST
@open_to_everyone
def cancel(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """Give up one's time."""
    found = _open(request, number, fulfilment_id)
    return try_to(
        request,
        cancel_own_handover,
        **_keys(request, found, timezone.now()),
        reason=read_posted_reason(request),
        told=_("Cancelled. Your car stays at the store; choose another time when it suits you."),
        page=reverse("shop:handover", args=[number, fulfilment_id]),
    )


@never_cache
@require_safe
@open_to_everyone
def calendar(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """Give the appointment as a file for the reader's own calendar."""
    found = _open(request, number, fulfilment_id)
    appointment = find_appointment(found.pk)
    if appointment is None:
        raise Http404
    return give_calendar(
        appointment.booking,
        store=found.store,
        uid=f"handover-{appointment.booking_id}",
        title=_("Fetch the car, order %(number)s") % {"number": number},
        note=_("Please bring your identity paper and the code."),
        page=reverse("shop:handover", args=[number, found.pk]),
        name=f"handover-{number}",
    )


@never_cache
@require_safe
@open_to_everyone
def record_paper(request: HttpRequest, number: str, fulfilment_id: int) -> HttpResponse:
    """Give the signed record as it was printed; guests read it as well, so no link of the signed-in kind."""
    found = _open(request, number, fulfilment_id)
    record = find_record(found.pk)
    if record is None or record.file is None or found.status != FulfilmentStatus.HANDED_OVER:
        raise Http404
    with record.file.content.open("rb") as content:
        response = HttpResponse(content.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="handover-{number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _open(request: HttpRequest, number: str, fulfilment_id: int) -> Any:
    user = request.user if request.user.is_authenticated else None
    token = token_of(request, number)
    try:
        return access_own_handover(number=number, fulfilment_id=fulfilment_id, by=user, token=token)
    except NotFound:
        raise Http404 from None


def _keys(request: HttpRequest, found: Fulfilment, now: datetime) -> dict[str, Any]:
    number = found.order.number
    user = request.user if request.user.is_authenticated else None
    return {
        "number": number,
        "fulfilment_id": found.pk,
        "by": user,
        "token": token_of(request, number),
        "now": now,
    }


def _own_cars(request: HttpRequest, vins: list[str]) -> list[tuple[Ownership, Coming | None]]:
    """Return the reader's cars among those handed over, each with its first service; they appear within a minute."""
    if not request.user.is_authenticated:
        return []
    today = timezone.localdate()
    own = list_own_vehicles(request.user).filter(vehicle__vin__in=vins)
    return [(one, get_coming(one.vehicle, today=today)) for one in own]
