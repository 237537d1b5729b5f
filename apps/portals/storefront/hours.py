"""A store's week in a few lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.dealers.api import Store, is_open_at, next_change_at, special_days_of

DAYS = {
    "mon": gettext_lazy("Mon"),
    "tue": gettext_lazy("Tue"),
    "wed": gettext_lazy("Wed"),
    "thu": gettext_lazy("Thu"),
    "fri": gettext_lazy("Fri"),
    "sat": gettext_lazy("Sat"),
    "sun": gettext_lazy("Sun"),
}


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Days that follow each other with the same opening hours."""

    days: str
    times: str


@dataclass(frozen=True, kw_only=True)
class StoreCard:
    """A store as the list shows it."""

    store: Store
    hours: list[Hours]
    is_open: bool
    # "until 18:30", "opens at 09:00", "opens Mon at 09:00"; "" for a store without hours.
    changes: str
    distance_km: float | None = None
    stock: int | None = None


def show_store(store: Store, *, at: datetime, stock: int | None = None, with_distance: bool = True) -> StoreCard:
    """Return a store with its week and whether it is open at an instant, by the clock on its wall."""
    is_open = is_open_at(store.opening_hours, time_zone=store.time_zone, at=at, special_days=special_days_of(store))
    return StoreCard(
        store=store,
        hours=list_hours(store.opening_hours),
        is_open=is_open,
        changes=_say_change(store, is_open=is_open, at=at),
        distance_km=getattr(store, "distance_km", None) if with_distance else None,
        stock=stock,
    )


def _say_change(store: Store, *, is_open: bool, at: datetime) -> str:
    moment = next_change_at(store.opening_hours, time_zone=store.time_zone, at=at, special_days=special_days_of(store))
    if moment is None:
        return ""
    words = {"time": f"{moment:%H:%M}", "day": str(list(DAYS.values())[moment.weekday()])}
    if is_open:
        return _("until %(time)s") % words
    if moment.date() == at.astimezone(moment.tzinfo).date():
        return _("opens at %(time)s") % words
    return _("opens %(day)s at %(time)s") % words


def list_hours(week: Mapping[str, Sequence[Sequence[str]]]) -> list[Hours]:
    """Return the week from Monday, days in a row with the same hours as one line."""
    lines = []
    for times, group in groupby(DAYS, key=lambda day: _times(week.get(day, []))):
        days = list(group)
        first, last = str(DAYS[days[0]]), str(DAYS[days[-1]])
        lines.append(Hours(days=first if first == last else f"{first}–{last}", times=times))
    return lines


def _times(spans: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in spans) if spans else pgettext("store", "Closed")
