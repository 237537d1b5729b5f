"""One day at one of a dealer's stores, by the clock on its wall: the calendars of drives, handovers and visits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.accounts.api import OrganizationKind, current_organization
from apps.dealers.api import Store
from apps.scheduling.api import Resource, on_wall

USUAL_HOURS = (9, 18)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is booked: a car, an area, a bay. ``pk`` is what its cards name."""

    pk: int
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An appointment as the calendar shows it; without ``move_url`` it lies where it lies."""

    pk: int
    column: int
    starts_at: datetime
    ends_at: datetime
    title: str
    is_person: bool = False
    state: str
    tone: str
    url: str
    move_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    The cards that begin in a column within an hour, each with its beginning and end by the clock at the store.

    ``local`` is when the hour begins, as the form to move a card takes it.
    """

    column: Column
    local: str
    cards: list[tuple[Card, datetime, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One hour by the clock at the store."""

    hour: str
    cells: list[Cell]


def make_columns(resources: Iterable[Resource]) -> list[Column]:
    """Return a column for each area, or bay."""
    return [Column(pk=resource.pk, name=resource.name) for resource in resources]


def lay_out(columns: Sequence[Column], cards: Iterable[Card], *, shown: StoreDay) -> list[Row]:
    """Lay the cards of a day out by hour and column; nine to six, and longer where there are cards."""
    zone = shown.store.time_zone
    timed = [(card, on_wall(card.starts_at, zone), on_wall(card.ends_at, zone)) for card in cards]
    hours = [begins.hour for _card, begins, _ends in timed]
    first, last = min([USUAL_HOURS[0], *hours]), max([USUAL_HOURS[1], *(hour + 1 for hour in hours)])
    return [
        Row(
            hour=f"{hour:02}:00",
            cells=[
                Cell(
                    column=column,
                    local=f"{shown.day.isoformat()}T{hour:02}:00",
                    cards=[one for one in timed if (one[0].column, one[1].hour) == (column.pk, hour)],
                )
                for column in columns
            ],
        )
        for hour in range(first, last)
    ]


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


def answer_day(
    request: HttpRequest,
    template: str,
    *,
    stores: dict[str, bool],
    columns: Callable[[Store], list[Column]],
    cards: Callable[[int, StoreDay], list[Card]],
) -> HttpResponse:
    """
    Answer with the calendar of a day at one of the caller's stores.

    ``stores`` says which of the dealer's stores have such a calendar; ``columns`` are those of a store; ``cards`` are
    those of an organization's number and a day.
    """
    organization = current_organization(request, OrganizationKind.DEALER)
    own = list(Store.objects.filter(dealer__organization=organization, **stores).order_by("code"))
    shown = open_day(request, own)
    context = show_day(shown, own)
    if shown is not None:
        of_store, of_day = columns(shown.store), cards(organization.pk, shown)
        context |= {"columns": of_store, "rows": lay_out(of_store, of_day, shown=shown), "is_free": not of_day}
    return render(request, template, context)


def at_store(typed: datetime, zone: str) -> datetime:
    """Return a time that was typed as the time at the store, whatever zone the page is shown in."""
    return typed.replace(tzinfo=ZoneInfo(zone))


def _read_day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
