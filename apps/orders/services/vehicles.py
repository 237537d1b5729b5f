"""Assign vehicles to pieces of an order and walk them along with their fulfilment."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.inventory.api import UnitStatus, assign_unit, get_unit, move_unit, place_unit, unassign_unit
from apps.inventory.errors import NoFreeUnit
from apps.orders.errors import UnknownVin
from apps.orders.models import AssignedVehicle, Fulfilment, FulfilmentLine
from apps.orders.policies.freight import VEHICLE_KIND
from apps.orders.states import Reason

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_VIN = 40


def piece_cause(line: FulfilmentLine, piece: int) -> str:
    """Name one piece of a fulfilment line to inventory."""
    return f"orders.line:{line.pk}:{piece}"


def assign_vehicles(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """
    Assign a vehicle to every piece of a car in a fulfilment; their options are fixed from now on.

    A car that was sold from stock but has no unit is for HQ to look at; the money is taken, so nothing is refused.
    """
    lines = FulfilmentLine.objects.filter(fulfilment=fulfilment, item__kind=VEHICLE_KIND).select_related("item")
    for line in lines:
        for piece in range(1, line.quantity + 1):
            cause = piece_cause(line, piece)
            try:
                unit = assign_unit(
                    product_id=line.item.product_id,
                    cause=cause,
                    option_codes=line.item.option_codes,
                    site_id=fulfilment.site_id,
                    by=by,
                    now=now,
                )
            except NoFreeUnit:
                fulfilment.attention = Reason.UNIT_MISSING
                fulfilment.save(update_fields=["attention"])
                continue
            AssignedVehicle.objects.create(line=line, cause=cause, vin=unit.vin, assigned_at=now)


def live_causes(fulfilment: Fulfilment) -> list[str]:
    """Return the causes of the vehicles that a fulfilment has."""
    vehicles = AssignedVehicle.objects.filter(line__fulfilment=fulfilment, released_at__isnull=True)
    return list(vehicles.order_by("pk").values_list("cause", flat=True))


def require_assigned(fulfilment: Fulfilment, *, vin: str) -> None:
    """
    Refuse a car that was not assigned to a fulfilment.

    :raises UnknownVin: if so
    """
    written = "".join(vin.split()).upper()[:LONGEST_VIN]
    live = AssignedVehicle.objects.filter(line__fulfilment=fulfilment, released_at__isnull=True)
    if not live.filter(vin=written).exists():
        refusal = UnknownVin(vin=written)
        raise UnknownVin(vin=written, fields={"vin": [str(refusal)]})


def invoice_vehicles(fulfilments: list[Fulfilment], *, by: "User | None", now: datetime) -> None:
    """Note that the cars of an order are paid in full; one that was inspected already stays so."""
    for fulfilment in fulfilments:
        for cause in live_causes(fulfilment):
            unit = get_unit(cause)
            if unit is not None and unit.status == UnitStatus.ALLOCATED:
                move_unit(cause=cause, move="invoice", by=by, now=now)


def inspect_vehicles(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """Note that the cars of a fulfilment passed their inspection before delivery."""
    for cause in live_causes(fulfilment):
        unit = get_unit(cause)
        if unit is not None and unit.status in (UnitStatus.ALLOCATED, UnitStatus.INVOICED):
            move_unit(cause=cause, move="inspect", by=by, now=now)


def deliver_vehicles(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """Note that the buyer has the cars of a fulfilment."""
    for cause in live_causes(fulfilment):
        move_unit(cause=cause, move="deliver", by=by, now=now)


def place_vehicles(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """Note that the cars of a fulfilment stand at the store that hands them over, if the store is a site."""
    site = getattr(fulfilment.store, "site", None)
    if site is None:
        return
    for cause in live_causes(fulfilment):
        place_unit(cause=cause, site_id=site.pk, by=by, now=now)


def release_vehicles(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """Free the cars of a fulfilment."""
    for cause in live_causes(fulfilment):
        unassign_unit(cause=cause, by=by, now=now)
    AssignedVehicle.objects.filter(line__fulfilment=fulfilment, released_at__isnull=True).update(released_at=now)
