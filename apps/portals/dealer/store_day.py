"""One day at one of a dealer's stores, by the clock on its wall: what the calendars of the day begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from apps.dealers.api import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDay:
    """The store and the day that ``?store=`` and ``?day=`` ask for, else the first store and today."""

    store: Store
    day: date

    @property
    def begins(self) -> datetime:
        """Midnight at the store."""
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=ZoneInfo(self.store.time_zone))

    @property
    def ends(self) -> datetime:
        """The next midnight at the store."""
        return self.begins + timedelta(days=1)


def open_day(request: HttpRequest, stores: Sequence[Store]) -> StoreDay | None:
    """Return the day at the store that a calendar is asked for; None if the dealer has no such store."""
    asked = request.GET.get("store", "")
    store = next((one for one in stores if one.code == asked), stores[0] if stores else None)
    if store is None:
        return None
    today = timezone.now().astimezone(ZoneInfo(store.time_zone)).date()
    return StoreDay(store=store, day=_read_day(request.GET.get("day", "")) or today)


def show_day(shown: StoreDay | None, stores: Sequence[Store]) -> dict[str, Any]:
    """Return what the heading of a calendar shows: the stores, the day and the ways to its neighbors."""
    if shown is None:
        return {"stores": stores, "store": None}
    return {
        "stores": stores,
        "store": shown.store,
        "day": shown.day,
        "before": (shown.day - timedelta(days=1)).isoformat(),
        "after": (shown.day + timedelta(days=1)).isoformat(),
    }


def at_store(typed: datetime, zone: str) -> datetime:
    """Return a time that was typed as the time at the store, whatever zone the page is shown in."""
    return typed.replace(tzinfo=ZoneInfo(zone))


def _read_day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
