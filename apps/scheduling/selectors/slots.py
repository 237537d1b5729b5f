"""Slots: what is offered and what of it is free, for many resources at once in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, F, Func, QuerySet

from apps.dealers.api import StoreDay
from apps.scheduling import conf
from apps.scheduling.models import Booking, PublicDay, Resource, ResourceDay
from apps.scheduling.policies.slots import GridSlot, Slot, Spans, busy_lanes, day_grid, is_free, is_lane_free, spans_on
from apps.scheduling.states import LIVE

Days = dict[date, Sequence[Sequence[str]]]
COUNTRY = "CN"


class Exceptions(NamedTuple):
    """What makes days differ from the week: resources' own, stores', and the public notices."""

    own: dict[int, Days]
    stores: dict[int, Days]
    public: dict[date, str]

    def spans_of(self, resource: Resource, day: date) -> Spans:
        """Return the hours of a resource on a day."""
        return spans_on(
            day,
            week=resource.week,
            own_days=self.own.get(resource.pk, {}),
            store_days=self.stores.get(resource.store_id, {}),
            public_days=self.public,
            keeps_holidays=resource.keeps_holidays,
        )


def load_exceptions(resources: Iterable[Resource], first: date, last: date) -> Exceptions:
    """Load what makes the days from ``first`` to ``last`` differ for these resources: three queries."""
    listed = list(resources)
    own: dict[int, Days] = defaultdict(dict)
    for entry in ResourceDay.objects.filter(resource__in=[one.pk for one in listed], day__range=(first, last)):
        own[entry.resource_id][entry.day] = entry.spans
    stores: dict[int, Days] = defaultdict(dict)
    for special in StoreDay.objects.filter(store__in={one.store_id for one in listed}, day__range=(first, last)):
        stores[special.store_id][special.day] = special.spans
    public = PublicDay.objects.filter(country=COUNTRY, day__range=(first, last)).values_list("day", "kind")
    return Exceptions(own, stores, dict(public))


def list_resources(
    *, kind: str, store_id: int | None = None, resource_ids: Iterable[int] | None = None
) -> QuerySet[Resource]:
    """List the bookable resources of a kind with their stores: of one store, or those named, or all."""
    found = Resource.objects.filter(kind=kind, is_active=True).select_related("store__dealer")
    if store_id is not None:
        found = found.filter(store=store_id)
    if resource_ids is not None:
        found = found.filter(pk__in=list(resource_ids))
    return found.order_by("pk")


def find_slots(
    *,
    resources: Iterable[Resource],
    first_day: date,
    days: int,
    now: datetime,
    length_minutes: int | None = None,
    is_staff: bool = False,
) -> dict[int, list[Slot]]:
    """
    Return the slots of each resource from ``first_day`` on, ``days`` days, by the calendar on each store's wall.

    Past slots are left out; so are, except for ``is_staff``, those too near or too far to be booked. Four queries
    however many resources, and one more if ``resources`` is a QuerySet.

    :raises ValueError: if more than MOST_DAYS days are asked for: a mistake in the program
    """
    if not 0 < days <= conf.MOST_DAYS:
        raise ValueError(f"From 1 to {conf.MOST_DAYS} days of slots, not {days}.")
    listed = list(resources)
    wanted = [first_day + timedelta(days=ahead) for ahead in range(days)]
    exceptions = load_exceptions(listed, wanted[0], wanted[-1])
    busy = _load_busy(listed, wanted[0], wanted[-1])
    grids: dict[tuple[object, ...], list[GridSlot]] = {}
    found = {}
    for one in listed:
        # Cars of one store mostly keep the same hours and rules: their times are worked out once.
        shared = one.opening_hours is None and one.pk not in exceptions.own
        rules = (one.slot_minutes, one.buffer_minutes, one.notice_minutes, one.horizon_days, one.keeps_holidays)
        key = (one.store_id, *rules) if shared else (one.store_id, *rules, one.pk)
        if key not in grids:
            grids[key] = _grid_of(one, wanted, exceptions, now=now, length=length_minutes, is_staff=is_staff)
        found[one.pk] = _slots_of(one, grids[key], busy.get(one.pk, []))
    return found


def is_slot_free(resource: Resource, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a resource has a lane for an appointment and the buffer after it: to show, not to decide."""
    begins, ends = int(starts_at.timestamp()), int(ends_at.timestamp()) + resource.buffer_minutes * 60
    near = starts_at - timedelta(days=1), ends_at + timedelta(days=1)
    lanes = busy_lanes(_rows(Booking.objects.filter(resource=resource, starts_at__range=near)).get(resource.pk, []))
    return is_free(lanes, resource.capacity, begins, ends)


def _grid_of(
    resource: Resource,
    days: list[date],
    exceptions: Exceptions,
    *,
    now: datetime,
    length: int | None,
    is_staff: bool,
) -> list[GridSlot]:
    """Return the times a resource offers on some days, free or not."""
    minutes = length or resource.slot_minutes
    step = resource.slot_minutes + resource.buffer_minutes
    earliest, latest = bookable_between(resource, now=now, is_staff=is_staff)
    return [
        slot
        for day in days
        for slot in day_grid(exceptions.spans_of(resource, day), day, resource.zone, minutes, step)
        if earliest <= slot.starts < latest
    ]


def _slots_of(resource: Resource, grid: list[GridSlot], busy: list[tuple[int, int, int]]) -> list[Slot]:
    """Return the times with whether each is free for the resource."""
    pk, buffer, capacity = resource.pk, resource.buffer_minutes * 60, resource.capacity
    if not busy:
        return [Slot(pk, slot.starts_at, slot.ends_at, True) for slot in grid]
    lanes = busy_lanes(busy)
    if capacity == 1 and 0 in lanes:
        only = lanes[0]
        return [
            Slot(pk, slot.starts_at, slot.ends_at, is_lane_free(only, slot.starts, slot.ends + buffer)) for slot in grid
        ]
    return [
        Slot(pk, slot.starts_at, slot.ends_at, is_free(lanes, capacity, slot.starts, slot.ends + buffer))
        for slot in grid
    ]


def bookable_between(resource: Resource, *, now: datetime, is_staff: bool) -> tuple[float, float]:
    """Return between which instants appointments may begin, in seconds since 1970: from the first, before the last."""
    if is_staff:
        return now.timestamp(), float("inf")
    notice = timedelta(minutes=resource.notice_minutes)
    last_day = now.astimezone(ZoneInfo(resource.zone)).date() + timedelta(days=resource.horizon_days)
    closes = datetime(last_day.year, last_day.month, last_day.day, tzinfo=ZoneInfo(resource.zone)) + timedelta(days=1)
    return (now + notice).timestamp(), closes.timestamp()


def _load_busy(resources: list[Resource], first: date, last: date) -> dict[int, list[tuple[int, int, int]]]:
    """Load what is taken around some days: one query. A day more on each side covers every zone."""
    around = (
        datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("UTC")) - timedelta(days=2),
        datetime(last.year, last.month, last.day, tzinfo=ZoneInfo("UTC")) + timedelta(days=2),
    )
    return _rows(Booking.objects.filter(resource__in=[one.pk for one in resources], starts_at__range=around))


def _rows(bookings: QuerySet[Booking]) -> dict[int, list[tuple[int, int, int]]]:
    """Return (lane, begins, ends) by resource, in seconds since 1970: numbers are read ten times as fast as ranges."""
    rows = bookings.filter(status__in=LIVE).values_list("resource_id", "lane", _seconds("lower"), _seconds("upper"))
    busy: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for resource_id, lane, begins, ends in rows:
        busy[resource_id].append((lane, begins, ends))
    return busy


def _seconds(bound: str) -> Func:
    template = f"extract(epoch from {bound}(%(expressions)s))::bigint"
    return Func(F("period"), template=template, output_field=BigIntegerField())


def first_free(slots: Iterable[Slot]) -> Slot | None:
    """Return the earliest free slot, None if there is none."""
    return min((slot for slot in slots if slot.is_free), key=lambda slot: slot.starts_at, default=None)


def by_start(slots: Iterable[Slot]) -> list[Slot]:
    """
    Return one slot for each beginning, in order: a free one where any of the resources has one.

    So interchangeable cars read as one list of times.
    """
    ordered = sorted(slots, key=lambda slot: (slot.starts_at, not slot.is_free, slot.resource_id))
    if not ordered:
        return []
    return [ordered[0], *(here for before, here in pairwise(ordered) if here.starts_at != before.starts_at)]
