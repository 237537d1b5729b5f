"""
Times to fetch a car: booked by the buyer, or by the store on the phone; moved, cancelled, missed.

The order is locked first, as for every change of a fulfilment; the handover area comes after it. Who gets a time is
scheduling's constraint to decide.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from apps.events.api import HandoverChanged
from apps.kernel.api import MoveNotAllowed, attempts, outbox
from apps.notifications.api import UNDO_TIME, take_back
from apps.orders.errors import AlreadyAppointed, CarNotThere, NoHandoverArea, NotByAppointment
from apps.orders.models import CustomerOrder, Fulfilment, HandoverAppointment, HandoverRecord
from apps.orders.selectors.appointments import (
    PURPOSE,
    access_own_handover,
    list_areas,
    live_appointment,
    local_time,
)
from apps.orders.services.fulfilments import is_receiver, lock_fulfilment, store_names
from apps.orders.services.locks import lock_order
from apps.orders.services.timeline import add_event, handover_link, tell_buyer
from apps.orders.states import FETCHABLE, HANDOVER_RECORD
from apps.scheduling import api as scheduling

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_REASON = 200


@attempts.trailed("orders.book_own_handover", subject="number", keeps=("fulfilment_id", "starts_at"))
def book_own_handover(
    *, number: str, fulfilment_id: int, starts_at: datetime, by: "User | None", token: str | None = None, now: datetime
) -> HandoverAppointment:
    """
    Choose a time to fetch one's car; ``starts_at`` is an aware slot start, as ``list_handover_times`` lists it.

    :raises OrderNotFound, FulfilmentNotFound: if the order is not the caller's, or has no such hand-over
    :raises NotByAppointment, CarNotThere, NoHandoverArea: if there is nothing to book
    :raises AlreadyAppointed: if a time is booked
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if somebody else was faster
    """
    order, fulfilment = _lock_own(number, fulfilment_id, by=by, token=token)
    return _book(order, fulfilment, starts_at, is_staff=False, now=now)


@attempts.trailed("orders.book_handover", subject="fulfilment_id", keeps=("organization_id", "starts_at"))
def book_handover(
    *, fulfilment_id: int, organization_id: int, starts_at: datetime, by: "User", now: datetime
) -> HandoverAppointment:
    """
    Book a time for the buyer, as agreed on the phone: also at short notice and off the grid.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises NotByAppointment, CarNotThere, NoHandoverArea: if there is nothing to book
    :raises AlreadyAppointed: if a time is booked
    :raises SlotInPast, AmbiguousTime, OutsideHours: if the time is wrong
    :raises SlotTaken: if somebody else was faster
    """
    order, fulfilment = _lock(fulfilment_id, organization_id, move="appoint")
    appointment = _book(order, fulfilment, starts_at, is_staff=True, now=now)
    scheduling.assign_host(booking_id=appointment.booking_id, host=by, now=now)
    return appointment


@attempts.trailed("orders.move_own_handover", subject="number", keeps=("fulfilment_id", "starts_at"))
def move_own_handover(
    *, number: str, fulfilment_id: int, starts_at: datetime, by: "User | None", token: str | None = None, now: datetime
) -> HandoverAppointment:
    """
    Choose another time to fetch one's car.

    :raises OrderNotFound, FulfilmentNotFound, AppointmentNotFound: if it is not the caller's
    :raises TooLateToChange: if the appointment is too near
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if somebody else was faster
    """
    order, fulfilment = _lock_own(number, fulfilment_id, by=by, token=token)
    return _move(order, fulfilment, starts_at, is_staff=False, by=by, now=now)


@attempts.trailed("orders.move_handover", subject="fulfilment_id", keeps=("organization_id", "starts_at"))
def move_handover(
    *,
    fulfilment_id: int,
    organization_id: int,
    starts_at: datetime,
    times_moved: int | None = None,
    by: "User",
    now: datetime,
) -> HandoverAppointment:
    """
    Move a buyer's appointment, as agreed with them: also at short notice and off the grid.

    ``times_moved``: how often it had been moved when the store looked; without it, it is moved wherever it lies by now.

    :raises FulfilmentNotFound, AppointmentNotFound: if it is another dealer's, or nothing is booked
    :raises MovedMeanwhile: if it was moved since the store looked
    :raises SlotInPast, AmbiguousTime, OutsideHours: if the time is wrong
    :raises SlotTaken: if somebody else was faster
    """
    order, fulfilment = _lock(fulfilment_id, organization_id, move="move_appointment")
    return _move(order, fulfilment, starts_at, times_moved=times_moved, is_staff=True, by=by, now=now)


@transaction.atomic
def cancel_own_handover(
    *,
    number: str,
    fulfilment_id: int,
    reason: str = "",
    by: "User | None",
    token: str | None = None,
    now: datetime,
) -> HandoverAppointment:
    """
    Give up one's time; the car stays at the store, and another time can be chosen.

    :raises OrderNotFound, FulfilmentNotFound, AppointmentNotFound: if it is not the caller's
    :raises TooLateToChange: if the appointment is too near
    """
    order, fulfilment = _lock_own(number, fulfilment_id, by=by, token=token)
    return _cancel(order, fulfilment, reason, is_staff=False, by=by, now=now)


@attempts.trailed("orders.cancel_handover", subject="fulfilment_id", keeps=("organization_id",))
def cancel_handover(
    *, fulfilment_id: int, organization_id: int, reason: str = "", by: "User", now: datetime
) -> HandoverAppointment:
    """
    Cancel a buyer's appointment; the buyer is told and may choose another time.

    :raises FulfilmentNotFound, AppointmentNotFound: if it is another dealer's, or nothing is booked
    """
    order, fulfilment = _lock(fulfilment_id, organization_id, move="cancel_appointment")
    return _cancel(order, fulfilment, reason, is_staff=True, by=by, now=now)


@attempts.trailed("orders.miss_handover", subject="fulfilment_id", keeps=("organization_id",))
def miss_handover(*, fulfilment_id: int, organization_id: int, by: "User", now: datetime) -> HandoverAppointment:
    """
    Note that nobody came; another time can be chosen.

    :raises FulfilmentNotFound, AppointmentNotFound: if it is another dealer's, or nothing is booked
    :raises MoveNotAllowed: before the time has come
    """
    _order, fulfilment = _lock(fulfilment_id, organization_id, move="miss_appointment")
    appointment = live_appointment(fulfilment.pk)
    if appointment.booking.starts_at > now:
        raise MoveNotAllowed(lifecycle=scheduling.BOOKING.name, move="miss", status=appointment.booking.status)
    scheduling.mark_no_show(booking_id=appointment.booking_id, by=by, now=now)
    return _end(appointment, now=now)


def finish_handover(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """End the appointment and close the signed record of what was just handed over; the order is locked."""
    appointment = HandoverAppointment.objects.filter(fulfilment=fulfilment, ended_at=None).first()
    if appointment is not None:
        scheduling.finish(booking_id=appointment.booking_id, by=by, now=now)
        _end(appointment, now=now)
    record = HandoverRecord.objects.select_for_update(of=("self",), no_key=True).filter(fulfilment=fulfilment).first()
    if record is not None and HANDOVER_RECORD.can(record, "close"):
        HANDOVER_RECORD.move(record, "close", by=by, at=now)


def drop_appointment(fulfilment: Fulfilment, *, now: datetime) -> None:
    """Give up the time of a car that is not fetched any more; the order is locked, the buyer is told by the caller."""
    appointment = HandoverAppointment.objects.filter(fulfilment=fulfilment, ended_at=None).first()
    if appointment is not None:
        scheduling.cancel(booking_id=appointment.booking_id, reason="", is_staff=True, by=None, now=now)
        _end(appointment, now=now)


def _book(
    order: CustomerOrder, fulfilment: Fulfilment, starts_at: datetime, *, is_staff: bool, now: datetime
) -> HandoverAppointment:
    _require_fetchable(fulfilment)
    if HandoverAppointment.objects.filter(fulfilment=fulfilment, ended_at=None).exists():
        raise AlreadyAppointed
    booking = scheduling.book(
        resource_ids=_areas_of(fulfilment),
        starts_at=starts_at,
        purpose=PURPOSE,
        subject=f"{PURPOSE}:{fulfilment.pk}",
        title_zh=f"交车 {order.number}",
        title_en=f"Handover {order.number}",
        customer=order.user,
        is_staff=is_staff,
        now=now,
    )
    appointment = HandoverAppointment.objects.create(
        fulfilment=fulfilment,
        booking=booking,
        organization_id=fulfilment.receiver_id,
        store_id=fulfilment.store_id,
        is_by_store=is_staff,
        created_at=now,
    )
    _tell(order, fulfilment, appointment, "booked", is_by_store=is_staff, now=now)
    return appointment


def _move(
    order: CustomerOrder,
    fulfilment: Fulfilment,
    starts_at: datetime,
    *,
    times_moved: int | None = None,
    is_staff: bool,
    by: "User | None",
    now: datetime,
) -> HandoverAppointment:
    appointment = live_appointment(fulfilment.pk)
    own, before = appointment.booking.resource_id, appointment.booking.starts_at
    appointment.booking = scheduling.reschedule(
        booking_id=appointment.booking_id,
        starts_at=starts_at,
        # Its own area first: a time that moves stays in its column of the day.
        resource_ids=sorted(_areas_of(fulfilment), key=lambda pk: pk != own),
        times_moved=times_moved,
        is_staff=is_staff,
        by=by,
        now=now,
    )
    _tell(order, fulfilment, appointment, "moved", before=before, is_by_store=is_staff, now=now)
    return appointment


def _cancel(
    order: CustomerOrder,
    fulfilment: Fulfilment,
    reason: str,
    *,
    is_staff: bool,
    by: "User | None",
    now: datetime,
) -> HandoverAppointment:
    appointment = live_appointment(fulfilment.pk)
    scheduling.cancel(
        booking_id=appointment.booking_id, reason=reason.strip()[:LONGEST_REASON], is_staff=is_staff, by=by, now=now
    )
    _end(appointment, now=now)
    _tell(order, fulfilment, appointment, "cancelled", is_by_store=is_staff, now=now)
    return appointment


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _end(appointment: HandoverAppointment, *, now: datetime) -> HandoverAppointment:
    appointment.ended_at = now
    appointment.save(update_fields=["ended_at"])
    return appointment


def _lock_own(
    number: str, fulfilment_id: int, *, by: "User | None", token: str | None
) -> tuple[CustomerOrder, Fulfilment]:
    """Lock a buyer's own order, and return it with one of its hand-overs."""
    fulfilment = access_own_handover(number=number, fulfilment_id=fulfilment_id, by=by, token=token)
    order = lock_order(number)
    fulfilment.refresh_from_db(fields=["status"])
    fulfilment.order = order
    return order, fulfilment


def _lock(fulfilment_id: int, organization_id: int, *, move: str) -> tuple[CustomerOrder, Fulfilment]:
    return lock_fulfilment(fulfilment_id, organization_id=organization_id, move=move, may=is_receiver)


def _require_fetchable(fulfilment: Fulfilment) -> None:
    """
    Refuse a time for goods that need none, or for a car that is not there.

    :raises NotByAppointment, CarNotThere: if so
    """
    if not fulfilment.has_vehicle or fulfilment.store_id is None:
        raise NotByAppointment
    if fulfilment.status not in FETCHABLE:
        raise CarNotThere(status=fulfilment.status)


def _areas_of(fulfilment: Fulfilment) -> list[int]:
    found = list(list_areas(fulfilment.store_id or 0).values_list("pk", flat=True))
    if not found:
        raise NoHandoverArea
    return found


def _tell(
    order: CustomerOrder,
    fulfilment: Fulfilment,
    appointment: HandoverAppointment,
    what: str,
    *,
    before: datetime | None = None,
    is_by_store: bool,
    now: datetime,
) -> None:
    """
    Write it into the order's story, and tell the buyer and whoever listens.

    What the store moved (from ``before``) the buyer hears a minute later, and not at all if it is undone by then.
    """
    booking, names = appointment.booking, store_names(fulfilment)
    words = {"time": f"{local_time(fulfilment, booking.starts_at):%Y-%m-%d %H:%M}"}
    add_event(order, f"handover_{what}", at=now, fulfilment=fulfilment.pk, store=names, **words)
    thread = f"orders:{order.number}:handover_moved:{booking.pk}:"
    known = take_back(thread=thread, before=_instant(before), now=now)
    if what != "moved" or not is_by_store or known != _instant(booking.starts_at):
        tell_buyer(
            order,
            f"handover_{what}",
            cause=f"{booking.pk}:{booking.times_moved}",
            wait=UNDO_TIME if what == "moved" and is_by_store else timedelta(0),
            now=now,
            store=names["en"] if order.language.startswith("en") else names["zh"],
            link=handover_link(order, fulfilment.pk),
            before=known,
            **words,
        )
    fact = HandoverChanged(
        order_number=order.number,
        fulfilment_id=fulfilment.pk,
        organization_id=appointment.organization_id,
        what=what,
        starts_at=booking.starts_at.isoformat(),
        is_by_store=is_by_store,
    )
    outbox.record(fact, at=now)
