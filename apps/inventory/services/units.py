"""Vehicles: received by VIN, assigned to an order, walked to their buyer."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.inventory import policies
from apps.inventory.errors import InvalidVin, NoFreeUnit, UnitNotFound, UnknownSite
from apps.inventory.models import Site, Unit, UnitHold
from apps.inventory.services.stock import receive
from apps.inventory.states import UNIT, SiteKind, UnitStatus

if TYPE_CHECKING:
    from apps.accounts.api import User

FREE = (UnitStatus.BUILT, UnitStatus.IN_TRANSIT, UnitStatus.AT_DEALER)


@transaction.atomic
def receive_unit(*, vin: str, product_id: int, site_code: str, by: "User | None", now: datetime) -> Unit:
    """
    Take one vehicle into stock and count it in the figures of its trim; a known VIN changes nothing.

    :raises InvalidVin: if the number breaks ISO 3779 or its check digit is wrong
    :raises UnknownSite: if no site has this code
    """
    if not policies.is_valid_vin(vin):
        raise InvalidVin(vin=vin)
    site = Site.objects.filter(code=site_code).first()
    if site is None:
        raise UnknownSite(site=site_code)
    status = UnitStatus.AT_DEALER if site.kind == SiteKind.DEALER_WAREHOUSE else UnitStatus.BUILT
    unit, is_new = Unit.objects.get_or_create(
        vin=vin, defaults={"product_id": product_id, "site": site, "status": status, "received_at": now}
    )
    if is_new:
        receive(product_id=product_id, site_code=site_code, quantity=1, cause=vin, by=by, now=now)
    return unit


@transaction.atomic
def assign_unit(
    *,
    product_id: int,
    cause: str,
    option_codes: list[str],
    by: "User | None",
    now: datetime,
    site_id: int | None = None,
) -> Unit:
    """
    Assign the oldest free vehicle of a trim to ``cause`` and fix its options; repeating it returns the same vehicle.

    ``site_id`` limits it to the vehicles of one site: the one whose stock was promised. Vehicles that another order is
    taking at this moment are skipped, not waited for.

    :raises NoFreeUnit: if every vehicle of the trim is taken
    """
    hold = UnitHold.objects.select_related("unit").filter(cause=cause, is_live=True).first()
    if hold is not None:
        return hold.unit
    unit = (
        Unit.objects.select_for_update(skip_locked=True)
        .filter(product_id=product_id, status__in=FREE, **({} if site_id is None else {"site_id": site_id}))
        .order_by("received_at", "pk")
        .first()
    )
    if unit is None:
        raise NoFreeUnit(product_id=product_id)
    UnitHold.objects.create(unit=unit, cause=cause, created_at=now)
    UNIT.move(unit, "allocate", by=by, at=now)
    unit.option_codes = option_codes
    unit.save(update_fields=["option_codes"])
    return unit


@transaction.atomic
def move_unit(*, cause: str, move: str, by: "User | None", now: datetime) -> Unit:
    """
    Make one move of ``states.UNIT`` with the vehicle assigned to ``cause``.

    :raises UnitNotFound: if no vehicle is assigned
    :raises MoveNotAllowed: if the vehicle is not in a state the move starts from
    """
    return UNIT.move(_held(cause).unit, move, by=by, at=now)


@transaction.atomic
def place_unit(*, cause: str, site_id: int, by: "User | None", now: datetime) -> Unit:
    """
    Record that the vehicle assigned to ``cause`` now stands at another site.

    :raises UnitNotFound: if no vehicle is assigned
    """
    unit = _held(cause).unit
    Unit.objects.filter(pk=unit.pk).update(site_id=site_id)
    unit.site_id = site_id
    return unit


@transaction.atomic
def unassign_unit(*, cause: str, by: "User | None", now: datetime) -> None:
    """Free the vehicle assigned to ``cause``; without one nothing changes."""
    hold = UnitHold.objects.select_for_update().select_related("unit__site").filter(cause=cause, is_live=True).first()
    if hold is None:
        return
    at_dealer = hold.unit.site.kind == SiteKind.DEALER_WAREHOUSE
    UNIT.move(hold.unit, "release_at_dealer" if at_dealer else "release_at_plant", by=by, at=now)
    UnitHold.objects.filter(pk=hold.pk).update(is_live=False, ended_at=now)
    Unit.objects.filter(pk=hold.unit_id).update(option_codes=[])


def _held(cause: str) -> UnitHold:
    hold = UnitHold.objects.select_related("unit").filter(cause=cause, is_live=True).first()
    if hold is None:
        raise UnitNotFound(cause=cause)
    return hold
