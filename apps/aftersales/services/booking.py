"""Book, move and cancel a visit to the workshop: a bay, the work, its price, its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.api import User
from apps.aftersales import conf
from apps.aftersales.errors import NoBay, NothingChosen, PhoneNotVerified, TooManyVisits, UnknownService
from apps.aftersales.models import EntitlementLine, RecallCar, ServiceItem, ServiceVisit, Vehicle, VisitLine
from apps.aftersales.policies.texts import clean
from apps.aftersales.policies.upkeep import round_up
from apps.aftersales.selectors.vehicles import access_ownership, get_coming, list_open_recalls
from apps.aftersales.selectors.visits import (
    access_own_visit,
    access_visit,
    count_ahead,
    list_bays,
    list_service_items,
)
from apps.aftersales.services.entitlements import (
    check_redeemable,
    check_store,
    hold_service,
    lock_entitlement,
)
from apps.aftersales.services.parts import give_back_parts, lines_of, promise_parts
from apps.aftersales.services.references import make_reference
from apps.aftersales.states import VISIT, LineKind, Payer
from apps.catalog.api import LineRequest, quote_lines, try_quote_lines
from apps.dealers.api import get_store
from apps.events.api import ServiceBooked, ServiceChanged, ServiceMoved
from apps.kernel.api import DomainError, MoveNotAllowed, attempts, outbox
from apps.scheduling import api as scheduling
from apps.scheduling.errors import ResourceNotFound


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A piece of work somebody wants, by code; ``entitlement_line_id`` pays for it with a package."""

    code: str
    entitlement_line_id: int | None = None


@attempts.trailed("aftersales.book_service", subject="vehicle_id", keeps=("store_id",))
def book_service(
    *,
    vehicle_id: int,
    store_id: int,
    starts_at: datetime,
    services: Sequence[Wish] = (),
    is_next_of_plan: bool = False,
    recall_ids: Sequence[int] = (),
    words: str = "",
    by: User,
    now: datetime,
) -> ServiceVisit:
    """
    Book a bay for one's car: the work chosen, the plan's next service, recalls; its parts are promised with it.

    ``starts_at`` is an aware time as ``list_service_times`` lists it for the minutes of all the work. Prices are
    those of now and stay; work of a package or a recall costs nothing.

    :raises VehicleNotFound: if the car is somebody else's
    :raises NothingChosen, UnknownService: if there is no work, or none that we do
    :raises UnknownStore, NoBay: if the store is closed or takes no appointments
    :raises DealerNotAuthorized: if its dealer may not service the brand there
    :raises PhoneNotVerified: if the store could not reach the person
    :raises TooManyVisits: if the person has MOST_OPEN visits ahead
    :raises EntitlementNotFound, EntitlementNotActive, EntitlementExpired, EntitlementOfOtherCar, EntitlementUsedUp:
        if a package does not pay for what it is to pay for
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if every bay is promised for that time
    """
    vehicle = access_ownership(vehicle_id=vehicle_id, member=by).vehicle
    store = get_store(store_id)
    if not (by.phone and by.is_phone_verified):
        raise PhoneNotVerified
    bays = list(list_bays(store.pk))
    if not bays or not store.has_service:
        raise NoBay
    check_store(vehicle, store=store, now=max(starts_at, now))
    today = now.astimezone(ZoneInfo(store.time_zone)).date()
    coming = get_coming(vehicle, today=today) if is_next_of_plan else None
    planned = [item.code for item in coming.step.items.all()] if coming else []
    recalls = _find_recalls(vehicle, recall_ids)
    wishes = _merge(services, planned)
    items = {item.code: item for item in list_service_items([wish.code for wish in wishes])}
    if not wishes and not recalls:
        raise NothingChosen(fields={"services": [str(NothingChosen.message)]})
    # One person's requests take turns, so that their number is counted right.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if count_ahead(by) >= conf.MOST_OPEN:
        raise TooManyVisits(most=conf.MOST_OPEN)
    minutes = sum(item.minutes for item in items.values()) + sum(car.recall.item.minutes for car in recalls)
    reference = make_reference()
    booking = scheduling.book(
        resource_ids=[bay.pk for bay in bays],
        starts_at=starts_at,
        length_minutes=round_up(minutes),
        purpose=conf.PURPOSE,
        subject=f"service:{reference}",
        title_zh=f"保养维修 {vehicle.product.title}"[:120],
        title_en=f"Service {vehicle.product.info.title_en}"[:120],
        customer=by,
        now=now,
    )
    visit = ServiceVisit.objects.create(
        reference=reference,
        booking=booking,
        organization_id=store.dealer.organization_id,
        store=store,
        vehicle=vehicle,
        member=by,
        step=coming.step if coming else None,
        wish=clean(words),
        booked_at=now,
    )
    for wish in sorted(wishes, key=lambda one: one.entitlement_line_id or 0):
        add_work(visit, items[wish.code], package=_hold(wish, visit), now=now)
    for car in recalls:
        add_work(visit, car.recall.item, recall_car=car, now=now)
    promise_parts(visit, lines_of(visit), by=by, now=now)
    fact = ServiceBooked(
        visit_id=visit.pk, organization_id=visit.organization_id, store_id=store.pk, starts_at=starts_at.isoformat()
    )
    outbox.record(fact, at=now)
    return visit


def add_work(
    visit: ServiceVisit,
    item: ServiceItem,
    *,
    package: EntitlementLine | None = None,
    recall_car: RecallCar | None = None,
    now: datetime,
) -> None:
    """Write a piece of work and the parts it uses up on this car into a work order, at the prices of now."""
    payer = Payer.PACKAGE if package else Payer.RECALL if recall_car else Payer.CUSTOMER
    VisitLine.objects.create(
        visit=visit,
        kind=LineKind.LABOUR,
        item=item,
        title_zh=item.name_zh,
        title_en=item.name_en,
        unit_price=item.labour_price,
        payer=payer,
        entitlement_line=package,
        recall_car=recall_car,
    )
    # Of the parts for several models the first that fits this car, and is sold, is taken.
    parts = list(item.parts.order_by("pk"))
    wanted = [
        LineRequest(product_id=part.product_id, quantity=part.quantity, vehicle_id=visit.vehicle.product_id)
        for part in parts
    ]
    answers = try_quote_lines(wanted, at=now) if wanted else []
    for part, quote in zip(parts, answers, strict=True):
        if isinstance(quote, DomainError):
            continue
        VisitLine.objects.create(
            visit=visit,
            kind=LineKind.PART,
            item=item,
            product_id=part.product_id,
            title_zh=quote.title_zh,
            title_en=quote.title_en,
            quantity=part.quantity,
            unit_price=quote.unit_price.amount,
            payer=payer,
            # A package's service includes its parts; the labour line is what is held and redeemed.
            entitlement_line=package,
            recall_car=recall_car,
        )
        break


def price_of(product_id: int, *, now: datetime) -> Decimal:
    """
    Return what a part costs in the shop now, tax included.

    :raises ProductNotFound, NotForSale: if nobody sells it
    """
    return quote_lines([LineRequest(product_id=product_id, quantity=1)], at=now)[0].unit_price.amount


@transaction.atomic
def move_own_visit(*, reference: str, starts_at: datetime, by: User, now: datetime) -> ServiceVisit:
    """
    Move one's visit to another time of the store's bays.

    :raises VisitNotFound: if it is somebody else's
    :raises MoveNotAllowed: if it has begun or is over
    :raises TooLateToChange: if the appointment is too near
    :raises EntitlementExpired: if a package that pays for it does not hold on the new day
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if every bay is promised for that time
    """
    return _move(access_own_visit(reference=reference, member=by), starts_at, is_staff=False, by=by, now=now)


@transaction.atomic
def move_visit(
    *,
    visit_id: int,
    organization_id: int,
    starts_at: datetime,
    bay_id: int | None = None,
    times_moved: int | None = None,
    by: User,
    now: datetime,
) -> ServiceVisit:
    """
    Move a customer's visit, as agreed with them: also at short notice and off the grid.

    It goes to the bay ``bay_id`` or nowhere; without one it keeps its own, or goes to the first that is free. To
    another bay at the same time is the workshop's own affair: the customer hears nothing of it. ``times_moved``: how
    often it had been moved when the workshop looked; without it, it is moved wherever it lies by now.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it has begun or is over
    :raises MovedMeanwhile: if it was moved since the workshop looked
    :raises EntitlementExpired: if a package that pays for it does not hold on the new day
    :raises ResourceNotFound: if the store has no bay to move it to, or not this one
    :raises SlotInPast, AmbiguousTime, OutsideHours: if the time is wrong
    :raises SlotTaken: if the bay, or every bay, is promised for that time
    """
    visit = access_visit(visit_id=visit_id, organization_id=organization_id)
    return _move(visit, starts_at, bay_id=bay_id, times_moved=times_moved, is_staff=True, by=by, now=now)


@transaction.atomic
def cancel_own_visit(*, reference: str, reason: str = "", by: User, now: datetime) -> ServiceVisit:
    """
    Cancel one's visit; parts and what packages held for it are free again.

    :raises VisitNotFound: if it is somebody else's
    :raises MoveNotAllowed: if it has begun or is over
    :raises TooLateToChange: if the appointment is too near
    """
    return _cancel(access_own_visit(reference=reference, member=by), reason, is_staff=False, by=by, now=now)


@transaction.atomic
def cancel_visit(*, visit_id: int, organization_id: int, reason: str = "", by: User, now: datetime) -> ServiceVisit:
    """
    Cancel a customer's visit, at any time before it begins.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it has begun or is over
    """
    visit = access_visit(visit_id=visit_id, organization_id=organization_id)
    return _cancel(visit, reason, is_staff=True, by=by, now=now)


@transaction.atomic
def mark_visit_missed(*, visit_id: int, organization_id: int, by: User, now: datetime) -> ServiceVisit:
    """
    Note that nobody came; parts and what packages held for it are free again.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it has begun or is over
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    VISIT.move(visit, "no_show", by=by, at=now)
    scheduling.mark_no_show(booking_id=visit.booking_id, by=by, now=now)
    give_back_parts(lines_of(visit), by=by, now=now)
    tell_changed(visit, is_by_store=True, now=now)
    return access_visit(visit_id=visit_id, organization_id=organization_id)


def lock_visit(visit: ServiceVisit) -> ServiceVisit:
    """Lock a visit that the caller may touch, and read it again."""
    return (
        ServiceVisit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("store__dealer", "vehicle__product__info", "member", "booking")
        .get(pk=visit.pk)
    )


def tell_changed(visit: ServiceVisit, *, is_by_store: bool, now: datetime) -> None:
    """Tell that a visit's status is another one now."""
    fact = ServiceChanged(
        visit_id=visit.pk, organization_id=visit.organization_id, status=visit.status, is_by_store=is_by_store
    )
    outbox.record(fact, at=now)


def _move(
    visit: ServiceVisit,
    starts_at: datetime,
    *,
    bay_id: int | None = None,
    times_moved: int | None = None,
    is_staff: bool,
    by: User,
    now: datetime,
) -> ServiceVisit:
    locked = lock_visit(visit)
    if not locked.is_ahead:
        raise MoveNotAllowed(lifecycle=VISIT.name, move="reschedule", status=locked.status)
    # What packages pay for, they must pay for on the new day too.
    for line in lines_of(locked):
        if line.payer == Payer.PACKAGE and line.entitlement_line is not None:
            package = lock_entitlement(line.entitlement_line.entitlement_id)
            check_redeemable(package, locked.vehicle, store=locked.store, now=starts_at)
    own, before = locked.booking.resource_id, locked.starts_at
    bays = [pk for pk in list_bays(visit.store_id).values_list("pk", flat=True) if bay_id in (None, pk)]
    if not bays:
        raise ResourceNotFound
    # Its own bay first: what is in no one's way stays where the workshop's day has it.
    bays.sort(key=lambda pk: pk != own)
    scheduling.reschedule(
        booking_id=visit.booking_id,
        starts_at=starts_at,
        resource_ids=bays,
        times_moved=times_moved,
        is_staff=is_staff,
        by=by,
        now=now,
    )
    if starts_at != before:
        fact = ServiceMoved(
            visit_id=visit.pk,
            starts_at=starts_at.isoformat(),
            is_by_store=is_staff,
            from_starts_at=before.isoformat(),
        )
        outbox.record(fact, at=now)
    return access_visit(visit_id=visit.pk, organization_id=visit.organization_id)


def _cancel(visit: ServiceVisit, reason: str, *, is_staff: bool, by: User, now: datetime) -> ServiceVisit:
    locked = lock_visit(visit)
    words = clean(reason, most=200)
    VISIT.move(locked, "cancel", by=by, at=now, reason=words)
    scheduling.cancel(booking_id=visit.booking_id, reason=words, is_staff=is_staff, by=by, now=now)
    locked.cancel_reason = words
    locked.save(update_fields=["cancel_reason"])
    give_back_parts(lines_of(locked), by=by, now=now)
    tell_changed(locked, is_by_store=is_staff, now=now)
    return access_visit(visit_id=visit.pk, organization_id=visit.organization_id)


def _merge(services: Sequence[Wish], planned: Sequence[str]) -> list[Wish]:
    """Put the plan's work and the chosen work together; what was chosen with a package stays with it."""
    chosen = {wish.code: wish for wish in services}
    return [*chosen.values(), *(Wish(code=code) for code in planned if code not in chosen)]


def _hold(wish: Wish, visit: ServiceVisit) -> EntitlementLine | None:
    if wish.entitlement_line_id is None:
        return None
    line = hold_service(
        line_id=wish.entitlement_line_id,
        vehicle=visit.vehicle,
        store=visit.store,
        member=visit.member,
        on=visit.starts_at,
    )
    if line.service != wish.code:
        raise UnknownService(fields={"services": [str(UnknownService.message)]})
    return line


def _find_recalls(vehicle: Vehicle, recall_ids: Sequence[int]) -> list[RecallCar]:
    found = {car.recall_id: car for car in list_open_recalls(vehicle.vin)}
    if set(recall_ids) - set(found):
        raise UnknownService(fields={"services": [str(UnknownService.message)]})
    return [found[recall_id] for recall_id in dict.fromkeys(recall_ids)]
