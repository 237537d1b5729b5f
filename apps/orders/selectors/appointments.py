"""Reads of handover appointments: a buyer's own, a dealer's own, the times a store has."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from apps.orders.errors import AppointmentNotFound, FulfilmentNotFound
from apps.orders.models import AssignedVehicle, CustomerOrder, Fulfilment, FulfilmentLine, HandoverAppointment
from apps.orders.selectors.orders import access_order
from apps.orders.states import FETCHABLE, FulfilmentStatus, Method
from apps.scheduling.api import Resource, ResourceKind, Slot, by_start, find_slots, list_resources

if TYPE_CHECKING:
    from apps.accounts.api import User

PURPOSE = "handover"
DAYS_SHOWN = 14  # of times that pages show
MOST_ID = 2**63


def list_areas(store_id: int) -> QuerySet[Resource]:
    """List the handover areas of a store that can be booked."""
    return list_resources(kind=ResourceKind.HANDOVER, store_id=store_id)


def list_handover_times(*, store_id: int, first_day: date, days: int = DAYS_SHOWN, now: datetime) -> list[Slot]:
    """Return the times of a store's handover areas, one for each beginning, free where one of them is."""
    found = find_slots(resources=list_areas(store_id), first_day=first_day, days=days, now=now)
    return by_start(slot for slots in found.values() for slot in slots)


def live_appointment(fulfilment_id: int) -> HandoverAppointment:
    """
    Return the appointment ahead of a fulfilment.

    :raises AppointmentNotFound: if nothing is booked
    """
    found = _seen().filter(fulfilment=fulfilment_id, ended_at=None).first()
    if found is None:
        raise AppointmentNotFound
    return found


def find_appointment(fulfilment_id: int) -> HandoverAppointment | None:
    """Return the appointment ahead of a fulfilment, else the last one that took place; None without either."""
    known = _seen().filter(fulfilment=fulfilment_id).exclude(booking__status__in=("CANCELLED", "NO_SHOW"))
    return known.order_by("-pk").first()


def access_own_handover(
    *, number: str, fulfilment_id: int, by: "User | None" = None, token: str | None = None
) -> Fulfilment:
    """
    Return a hand-over of a car of one's own order, with its store and cars.

    :raises OrderNotFound: if the order is not the caller's
    :raises FulfilmentNotFound: if it has no such hand-over
    """
    order = access_order(number=number, by=by, token=token)
    pickups = Fulfilment.objects.filter(order=order, method=Method.PICKUP, has_vehicle=True, store__isnull=False)
    found = _with_cars(pickups).filter(pk=fulfilment_id).first() if 0 < fulfilment_id < MOST_ID else None
    if found is None:
        raise FulfilmentNotFound
    found.order = order
    return found


def list_handovers_of(order: CustomerOrder) -> list[Fulfilment]:
    """List the hand-overs of an order's cars that stand at a store, or are with the buyer."""
    shown = Fulfilment.objects.filter(
        order=order, has_vehicle=True, status__in=(*FETCHABLE, FulfilmentStatus.HANDED_OVER)
    )
    return list(_with_cars(shown.filter(store__isnull=False).select_related("order")).order_by("pk"))


def list_open_handovers(by: "User") -> list[Fulfilment]:
    """List the cars of a user's orders that can be fetched, the newest order first."""
    there = Fulfilment.objects.filter(order__user=by, has_vehicle=True, status__in=FETCHABLE, store__isnull=False)
    return list(_with_cars(there.select_related("order")).order_by("-pk"))


def list_appointments(
    organization_id: int, *, since: datetime | None = None, until: datetime | None = None, store_id: int | None = None
) -> QuerySet[HandoverAppointment]:
    """List a dealer's handover appointments in order of time, within a half-open span if one is given."""
    found = _seen().filter(organization=organization_id)
    if since is not None:
        found = found.filter(booking__starts_at__gte=since)
    if until is not None:
        found = found.filter(booking__starts_at__lt=until)
    if store_id is not None:
        found = found.filter(store=store_id)
    return found.order_by("booking__starts_at", "pk")


def list_to_arrange(organization_id: int) -> QuerySet[Fulfilment]:
    """List the cars at a dealer's stores whose buyers have no time yet, longest there first."""
    there = Fulfilment.objects.filter(receiver=organization_id, has_vehicle=True, status__in=FETCHABLE)
    waiting = there.exclude(pk__in=HandoverAppointment.objects.filter(ended_at=None).values("fulfilment"))
    return _with_cars(waiting.select_related("order")).order_by("pk")


def cars_of(fulfilment: Fulfilment) -> list[AssignedVehicle]:
    """Return the cars of a fulfilment that are assigned to it."""
    live = AssignedVehicle.objects.filter(line__fulfilment=fulfilment, released_at__isnull=True)
    return list(live.select_related("line__item__product__trim__model__series").order_by("pk"))


def local_time(fulfilment: Fulfilment, instant: datetime) -> datetime:
    """Return what the clock on the wall of the store that hands over shows at an instant, without its zone."""
    zone = fulfilment.store.time_zone if fulfilment.store else "UTC"
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _seen() -> QuerySet[HandoverAppointment]:
    lines = Prefetch("fulfilment__lines", FulfilmentLine.objects.select_related("item").order_by("pk"))
    found = HandoverAppointment.objects.select_related(
        "booking__host", "booking__resource", "store__dealer", "fulfilment__order"
    )
    return found.prefetch_related(lines)


def _with_cars(fulfilments: QuerySet[Fulfilment]) -> QuerySet[Fulfilment]:
    lines = FulfilmentLine.objects.select_related("item").prefetch_related("vehicles").order_by("pk")
    return fulfilments.select_related("store__dealer", "receiver").prefetch_related(Prefetch("lines", lines))
