"""Putting a booking onto a resource: the lock, the rules of time, and the constraint that decides."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from apps.kernel.api import Refused
from apps.scheduling import conf
from apps.scheduling.errors import (
    AmbiguousTime,
    NoticeTooShort,
    OutsideHours,
    ResourceNotFound,
    SlotInPast,
    SlotNotOffered,
    TooFarAhead,
)
from apps.scheduling.models import Booking, Resource
from apps.scheduling.policies.slots import contains, day_grid, is_ambiguous
from apps.scheduling.selectors.slots import bookable_between, load_exceptions

OVERLAP = "scheduling_no_overlap_per_resource"
MOST_ID = 2**63


def lock_resources(resource_ids: Iterable[int]) -> dict[int, Resource]:
    """
    Lock resources in primary-key order, so that two bookings of one resource come one after the other.

    The lock only keeps inserts from waiting for each other in a circle, as they do inside an exclusion constraint; who
    gets the slot is the constraint's word.

    :raises ResourceNotFound: if one is not there, cannot be booked, or its store is closed
    """
    wanted = set(resource_ids)
    known = [one for one in wanted if 0 < one < MOST_ID]
    rows = Resource.objects.select_for_update(of=("self",), no_key=True).select_related("store__dealer")
    found = {one.pk: one for one in rows.filter(pk__in=known).order_by("pk")}
    bookable = {pk: one for pk, one in found.items() if one.is_active and one.store.is_open}
    if not wanted or bookable.keys() != wanted:
        raise ResourceNotFound
    return bookable


def lock_resource_of(booking: Booking) -> Resource:
    """Lock a booking's resource, bookable or not: what is booked can always be given back."""
    rows = Resource.objects.select_for_update(of=("self",), no_key=True).select_related("store__dealer")
    return rows.get(pk=booking.resource_id)


def check_time(
    resource: Resource, starts_at: datetime, ends_at: datetime, *, is_staff: bool = False, now: datetime
) -> None:
    """
    Refuse an appointment that the resource does not offer. Staff may book at short notice and off the grid.

    :raises SlotInPast: if it has begun
    :raises AmbiguousTime: if it begins or ends at a time that the store's clock shows twice or never
    :raises NoticeTooShort: if it begins sooner than the resource's notice
    :raises TooFarAhead: if it begins after the days that can be booked
    :raises OutsideHours: if the resource rests at that time
    :raises SlotNotOffered: if no slot begins at that time
    """
    if starts_at <= now:
        raise SlotInPast
    zone = ZoneInfo(resource.zone)
    if is_ambiguous(starts_at.astimezone(zone)) or is_ambiguous(ends_at.astimezone(zone)):
        raise AmbiguousTime
    earliest, latest = bookable_between(resource, now=now, is_staff=is_staff)
    if starts_at.timestamp() < earliest:
        raise NoticeTooShort(minutes=resource.notice_minutes)
    if starts_at.timestamp() >= latest:
        raise TooFarAhead(days=resource.horizon_days)
    day = starts_at.astimezone(zone).date()
    spans = load_exceptions([resource], day, day).spans_of(resource, day)
    if not contains(spans, day, resource.zone, starts_at, ends_at):
        raise OutsideHours
    length = int((ends_at - starts_at).total_seconds()) // 60
    grid = day_grid(spans, day, resource.zone, length, resource.slot_minutes + resource.buffer_minutes)
    if not is_staff and all(slot.starts_at != starts_at for slot in grid):
        raise SlotNotOffered


def list_offering(
    resources: Iterable[Resource],
    starts_at: datetime,
    length: timedelta | None,
    *,
    is_staff: bool = False,
    now: datetime,
) -> list[tuple[Resource, datetime]]:
    """
    Return which of some interchangeable resources offer an appointment at a time, each with when it would end.

    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if none does
    """
    offering, refusals = [], []
    for resource in resources:
        ends_at = starts_at + (length or timedelta(minutes=resource.slot_minutes))
        try:
            check_time(resource, starts_at, ends_at, is_staff=is_staff, now=now)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            offering.append((resource, ends_at))
    if not offering:
        raise refusals[0]
    return offering


def place(booking: Booking, resource: Resource) -> bool:
    """Write a booking onto the first lane of a resource that the constraint gives it; False if it gives none."""
    booking.resource, booking.organization_id = resource, resource.organization_id
    booking.period = DateTimeTZRange(booking.starts_at, booking.ends_at + timedelta(minutes=resource.buffer_minutes))
    for lane in range(resource.capacity):
        booking.lane = lane
        try:
            with transaction.atomic():
                booking.save()
        except IntegrityError as error:
            if OVERLAP not in str(error):
                raise
        else:
            return True
    return False


def next_reminder(starts_at: datetime, *, now: datetime) -> datetime | None:
    """Return when a customer is reminded next of an appointment, None if that is behind us."""
    moments = (starts_at - before for before in conf.REMIND_BEFORE)
    return min((moment for moment in moments if moment > now), default=None)
