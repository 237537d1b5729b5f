"""The waitlist: who waits for a slot gets it offered when it becomes free, for a while, in the order of asking."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.api import User
from apps.events.api import BookingMade, SlotOffered
from apps.kernel.api import outbox
from apps.scheduling import conf
from apps.scheduling.errors import AlreadyWaiting, BookingNotFound, OfferOver, SlotIsFree
from apps.scheduling.models import Booking, Resource, WaitlistEntry
from apps.scheduling.selectors.bookings import access_waiting
from apps.scheduling.selectors.slots import is_slot_free
from apps.scheduling.services.placing import check_time, lock_resource_of, lock_resources, next_reminder, place
from apps.scheduling.states import BOOKING, WAIT, BookingStatus, WaitStatus


@transaction.atomic
def join_waitlist(
    *,
    resource_ids: Sequence[int],
    starts_at: datetime,
    ends_at: datetime,
    purpose: str,
    wish: str = "",
    customer: User,
    now: datetime,
) -> WaitlistEntry:
    """
    Let a person wait for a slot that is taken, on any of some resources of one store.

    ``wish`` is the purpose's own word for what the person wants, at most 60 characters.

    :raises ResourceNotFound: if one of the resources cannot be booked
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: as for a booking
    :raises SlotIsFree: if one of them is free at that time
    :raises AlreadyWaiting: if the person waits for it already
    """
    resources = lock_resources(resource_ids)
    for resource in resources.values():
        check_time(resource, starts_at, ends_at, now=now)
        let_go_of_stale(resource, now=now)
        if is_slot_free(resource, starts_at, ends_at):
            raise SlotIsFree
    first = next(iter(resources.values()))
    try:
        with transaction.atomic():
            return WaitlistEntry.objects.create(
                organization_id=first.organization_id,
                store=first.store,
                resource_ids=sorted(resources),
                starts_at=starts_at,
                ends_at=ends_at,
                purpose=purpose,
                wish=wish,
                customer=customer,
                created_at=now,
            )
    except IntegrityError as error:
        if "scheduling_wait_once_per_slot" not in str(error):
            raise
        raise AlreadyWaiting from error


@transaction.atomic
def leave_waitlist(*, entry_id: int, customer: User, now: datetime) -> WaitlistEntry:
    """
    Give up a place on the waitlist; an offer that was made goes to the next one.

    :raises BookingNotFound: if there is none, or it is somebody else's
    :raises MoveNotAllowed: if it is over
    """
    entry = access_waiting(entry_id=entry_id, customer=customer)
    if entry.booking_id is None:
        return WAIT.move(entry, "leave", by=customer, at=now)
    return _give_back(entry, "decline", by=customer, now=now)


@transaction.atomic
def take_offer(
    *,
    entry_id: int,
    subject: str = "",
    title_zh: str = "",
    title_en: str = "",
    customer: User,
    now: datetime,
) -> Booking:
    """
    Take the slot that the waitlist offers; the held booking becomes the person's.

    :raises BookingNotFound: if there is no such place, or it is somebody else's
    :raises OfferOver: if nothing is offered, or the time to answer ran out
    """
    entry = access_waiting(entry_id=entry_id, customer=customer)
    if entry.booking is None:
        raise OfferOver
    resource = lock_resource_of(entry.booking)
    entry = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    booking = entry.booking
    if booking is None or not entry.is_offered(now):
        raise OfferOver
    BOOKING.move(booking, "take", by=customer, at=now)
    booking.subject, booking.title_zh, booking.title_en = subject, title_zh, title_en
    booking.customer, booking.held_until = customer, None
    booking.next_reminder_at, booking.changed_at = next_reminder(booking.starts_at, now=now), now
    booking.save()
    WAIT.move(entry, "take", by=customer, at=now)
    outbox.record(made(booking, resource), at=now)
    return booking


@transaction.atomic
def promote_waiting(*, resource_id: int, since: datetime, until: datetime, now: datetime) -> list[WaitlistEntry]:
    """
    Offer what became free between two instants to whoever waits for it, in the order of asking; return who got it.

    An offer holds the slot, so that nobody else takes it meanwhile.
    """
    resource = Resource.objects.select_for_update(of=("self",), no_key=True).select_related("store").get(pk=resource_id)
    if not (resource.is_active and resource.store.is_open):
        return []
    entries = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True).filter(
        status=WaitStatus.WAITING,
        resource_ids__contains=[resource_id],
        starts_at__lt=until,
        ends_at__gt=since,
        starts_at__gt=now + conf.LEAST_OFFER,
    )
    return [entry for entry in entries.order_by("pk") if _offer(entry, resource, now=now)]


def _offer(entry: WaitlistEntry, resource: Resource, *, now: datetime) -> bool:
    offered_until = min(now + conf.OFFER_LASTS, entry.starts_at)
    held = Booking(
        status=BookingStatus.HELD,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        purpose=entry.purpose,
        customer_id=entry.customer_id,
        held_until=offered_until,
        created_at=now,
        changed_at=now,
    )
    if not place(held, resource):
        return False
    entry.booking, entry.offered_until = held, offered_until
    entry.save(update_fields=["booking", "offered_until"])
    WAIT.move(entry, "offer", by=None, at=now)
    outbox.record(
        SlotOffered(
            entry_id=entry.pk,
            purpose=entry.purpose,
            starts_at=entry.starts_at.isoformat(),
            offered_until=offered_until.isoformat(),
        ),
        at=now,
    )
    return True


def expire_offers(*, now: datetime) -> int:
    """Take back offers that nobody answered, pass them on, and end the waiting for what has begun. Safe to repeat."""
    late = WaitlistEntry.objects.filter(status=WaitStatus.OFFERED, offered_until__lte=now).order_by("pk")
    ended = 0
    for entry_id in late.values_list("pk", flat=True):
        with transaction.atomic():
            entry = WaitlistEntry.objects.select_related("booking").get(pk=entry_id)
            ended += _is_given_back(entry, now=now)
    for entry in WaitlistEntry.objects.filter(status=WaitStatus.WAITING, starts_at__lte=now).order_by("pk"):
        with transaction.atomic():
            locked = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
            if locked.status == WaitStatus.WAITING:
                WAIT.move(locked, "expire", by=None, at=now)
                ended += 1
    return ended


def let_go_of_stale(resource: Resource, *, now: datetime) -> None:
    """Free what a locked resource holds for offers whose time ran out; beat would come by within a minute."""
    stale = WaitlistEntry.objects.filter(
        status=WaitStatus.OFFERED, offered_until__lte=now, booking__resource=resource.pk
    )
    for entry in stale.select_related("booking").order_by("pk"):
        _is_given_back(entry, now=now)


def _is_given_back(entry: WaitlistEntry, *, now: datetime) -> bool:
    """Whether an offer was still open a moment ago, and is over now."""
    if entry.booking is None:
        return False
    lock_resource_of(entry.booking)
    locked = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if locked.status != WaitStatus.OFFERED:
        return False
    _give_back(locked, "expire", by=None, now=now)
    return True


def _give_back(entry: WaitlistEntry, move: str, *, by: User | None, now: datetime) -> WaitlistEntry:
    """End an offer, free its slot and offer it to the next one."""
    booking = entry.booking
    if booking is None:
        raise BookingNotFound
    resource = lock_resource_of(booking)
    WAIT.move(entry, move, by=by, at=now)
    BOOKING.move(booking, "expire", by=by, at=now)
    until = booking.period.upper
    promote_waiting(resource_id=resource.pk, since=booking.starts_at, until=until, now=now)
    return entry


def made(booking: Booking, resource: Resource) -> BookingMade:
    """Return the fact that a booking was made."""
    return BookingMade(
        booking_id=booking.pk,
        organization_id=booking.organization_id,
        resource_id=resource.pk,
        purpose=booking.purpose,
        subject=booking.subject,
        starts_at=booking.starts_at.isoformat(),
    )
