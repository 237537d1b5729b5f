"""One's own appointments, whatever they are for: another time, none at all, a file for one's own calendar."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.dealers.api import Store
from apps.kernel.api import DomainError
from apps.portals.storefront.test_drive_times import by_day, read_instant
from apps.scheduling.api import Booking, Event, Slot, write_calendar

MOST_REASON = 200


def show_days(request: HttpRequest, slots: Iterable[Slot], *, zone: str) -> dict[str, Any]:
    """Return the days of a store's times, and the one that ``?day=`` asks for, else the first with a free time."""
    days = by_day(slots, zone=zone, shown=request.GET.get("day", ""))
    return {"days": days, "shown": next((day for day in days if day.is_shown), None)}


def read_posted_instant(request: HttpRequest) -> datetime:
    """Return the time that was chosen; what is none is not found."""
    value = request.POST.get("at", "")
    instant = read_instant(int(value)) if value.isdigit() and len(value) < 12 else None
    if instant is None:
        raise Http404
    return instant


def read_posted_reason(request: HttpRequest) -> str:
    """Return why somebody cancels, if it was said."""
    return request.POST.get("reason", "")[:MOST_REASON].replace("\x00", "")


def try_to(
    request: HttpRequest,
    service: Callable[..., object],
    *,
    told: str,
    page: str,
    refused: str = "",
    **keys: Any,
) -> HttpResponse:
    """Call a service with these keys and lead to ``page``, told so; if it refuses, to ``refused``, told why."""
    try:
        service(**keys)
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(refused or page)
    messages.success(request, told)
    return redirect(page)


def give_calendar(
    booking: Booking, *, store: Store, uid: str, title: str, note: str, page: str, name: str
) -> HttpResponse:
    """Give an appointment as a file for the reader's own calendar; ``page`` is the path of its page."""
    site = settings.SITE_URL.rstrip("/")
    event = Event(
        uid=f"{uid}@{site.partition('://')[2] or site}",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        changed_at=booking.changed_at,
        title=title,
        place=f"{store.name}, {store.address}",
        note=note,
        url=f"{site}{page}",
        sequence=booking.times_moved,
        is_cancelled=booking.status == "CANCELLED",
    )
    response = HttpResponse(write_calendar([event]), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
