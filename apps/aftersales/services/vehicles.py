"""Whose car it is: handed over, claimed, seen at a store, passed on, given up."""

import hashlib
import secrets
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from apps.accounts.api import User
from apps.aftersales import conf
from apps.aftersales.errors import (
    AlreadyYours,
    ForeignVin,
    OwnerNotVerified,
    TooManyVehicles,
    WrongTransferCode,
)
from apps.aftersales.models import Entitlement, Ownership, TransferOffer, Vehicle
from apps.aftersales.selectors.vehicles import access_ownership
from apps.aftersales.states import Origin
from apps.inventory.api import Unit, UnitStatus
from apps.kernel.api import DomainError, attempts, random_letters
from apps.membership.api import read_vin


class Passing(NamedTuple):
    """A car that is being passed on, and the code to tell; it is kept nowhere."""

    offer: TransferOffer
    code: str


@transaction.atomic
def register_vehicle(
    *, vin: str, product_id: int, in_service_on: date, order_number: str = "", now: datetime
) -> Vehicle:
    """
    Know a car that was handed over; a VIN that is known stays as it is.

    :raises InvalidVin: if the number breaks ISO 3779 or its check digit is wrong
    """
    vehicle, _ = Vehicle.objects.get_or_create(
        vin=read_vin(vin),
        defaults={
            "product_id": product_id,
            "in_service_on": in_service_on,
            "order_number": order_number,
            "created_at": now,
        },
    )
    return vehicle


@transaction.atomic
def own_by_handover(*, vehicle: Vehicle, member: User, now: datetime) -> Ownership:
    """Note whose car it is that we handed over; repeating it changes nothing."""
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
    live = Ownership.objects.filter(vehicle=vehicle, until=None)
    known = live.filter(is_verified=True).first()
    if known is not None:
        return known
    own, _ = Ownership.objects.update_or_create(
        vehicle=vehicle,
        member=member,
        until=None,
        defaults={"origin": Origin.HANDOVER, "is_verified": True},
        create_defaults={"origin": Origin.HANDOVER, "is_verified": True, "since": now},
    )
    return own


@attempts.trailed("aftersales.claim_vehicle", subject="vin")
def claim_vehicle(*, vin: str, by: User, now: datetime) -> Ownership:
    """
    Put a car among one's own by VIN. Its history stays hidden until a store saw the papers.

    Whether somebody else owns it is not told: anybody can read a VIN through a windscreen.

    :raises InvalidVin: if the text is no VIN
    :raises ForeignVin: if it is of no car that was handed over
    :raises AlreadyYours: if the person has it
    :raises TooManyVehicles: if the person has MOST_VEHICLES
    """
    number = read_vin(vin)
    vehicle = _find_vehicle(number, now=now) if number else None
    if vehicle is None:
        raise ForeignVin(fields={"vin": [str(ForeignVin.message)]})
    _make_room(by)
    try:
        with transaction.atomic():
            return Ownership.objects.create(vehicle=vehicle, member=by, origin=Origin.CLAIM, since=now)
    except IntegrityError as error:
        raise AlreadyYours(fields={"vin": [str(AlreadyYours.message)]}) from error


@transaction.atomic
def offer_transfer(*, vehicle_id: int, by: User, now: datetime) -> Passing:
    """
    Make a code with which somebody takes one's car over, packages included; an older code stops working.

    :raises VehicleNotFound: if it is somebody else's
    :raises OwnerNotVerified: if the person is not known to be the owner
    """
    own = access_ownership(vehicle_id=vehicle_id, member=by)
    if not own.is_verified:
        raise OwnerNotVerified
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle_id)
    TransferOffer.objects.filter(vehicle=vehicle_id, ended_at=None).update(ended_at=now)
    code = random_letters(8)
    offer = TransferOffer.objects.create(
        vehicle_id=vehicle_id,
        by=by,
        digest=_digest(vehicle_id, code),
        expires_at=now + conf.TRANSFER_LIVES,
        created_at=now,
    )
    return Passing(offer, code)


def take_over(*, vin: str, code: str, by: User, now: datetime) -> Ownership:
    """
    Take a car over with the last owner's code: theirs ends, one's own begins, and its packages come along.

    Wrong codes are counted; five use the offer up.

    :raises WrongTransferCode: if number and code do not belong together, or the code no longer works
    :raises TooManyVehicles: if the person has MOST_VEHICLES
    """
    own, refusal = _try_take_over(vin=vin, code=code, by=by, now=now)
    if own is None:
        raise refusal or WrongTransferCode
    return own


@transaction.atomic
def _try_take_over(*, vin: str, code: str, by: User, now: datetime) -> tuple[Ownership | None, DomainError | None]:
    """Take over, or say why not; a wrong try is committed before the refusal is raised."""
    refusal = WrongTransferCode(fields={"code": [str(WrongTransferCode.message)]})
    vehicle = Vehicle.objects.select_for_update(no_key=True).filter(vin=vin.strip().upper()).first()
    offer = TransferOffer.objects.select_for_update().filter(vehicle=vehicle, ended_at=None).first()
    if vehicle is None or offer is None or offer.expires_at <= now or offer.attempts >= conf.TRANSFER_ATTEMPTS:
        return None, refusal
    if not secrets.compare_digest(offer.digest, _digest(vehicle.pk, code.strip().upper())):
        offer.attempts += 1
        offer.save(update_fields=["attempts"])
        return None, refusal
    if offer.by_id == by.pk:
        return None, AlreadyYours()
    _make_room(by)
    offer.ended_at = now
    offer.save(update_fields=["ended_at"])
    Ownership.objects.filter(vehicle=vehicle, member__in=(offer.by_id, by.pk), until=None).update(until=now)
    # What was bought for the car goes with it.
    Entitlement.objects.filter(vehicle=vehicle, holder=offer.by_id).update(holder=by)
    own = Ownership.objects.create(vehicle=vehicle, member=by, origin=Origin.TRANSFER, is_verified=True, since=now)
    return own, None


@transaction.atomic
def give_up(*, vehicle_id: int, by: User, now: datetime) -> None:
    """
    Take a car from among one's own. What was booked stays booked.

    :raises VehicleNotFound: if it is somebody else's
    """
    own = access_ownership(vehicle_id=vehicle_id, member=by)
    Ownership.objects.filter(pk=own.pk, until=None).update(until=now)


def _find_vehicle(vin: str, *, now: datetime) -> Vehicle | None:
    known = Vehicle.objects.filter(vin=vin).first()
    if known is not None:
        return known
    unit = Unit.objects.filter(vin=vin, status=UnitStatus.DELIVERED).first()
    if unit is None:
        return None
    return register_vehicle(vin=vin, product_id=unit.product_id, in_service_on=now.date(), now=now)


def _make_room(member: User) -> None:
    """Let one person's requests take turns, and refuse one car too many."""
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if Ownership.objects.filter(member=member, until=None).count() >= conf.MOST_VEHICLES:
        raise TooManyVehicles(most=conf.MOST_VEHICLES)


def _digest(vehicle_id: int, code: str) -> str:
    return hashlib.sha256(f"{vehicle_id}:{code}".encode()).hexdigest()
