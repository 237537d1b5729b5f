"""Parts of a work order: promised out of the store's own stockroom, given back, used up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.accounts.api import User
from apps.aftersales.models import Finding, ServiceVisit, VisitLine
from apps.aftersales.states import LineKind
from apps.inventory.api import Demand, Reservation, Site, allocate, release, reserve, ship
from apps.inventory.errors import OutOfStock

# Promises are made without an end at once; this is only what a reservation asks for.
A_MOMENT = timedelta(minutes=5)


def promise_parts(
    visit: ServiceVisit, lines: Iterable[VisitLine], *, by: User | None, now: datetime
) -> list[VisitLine]:
    """
    Promise each part of these lines that the store's stockroom has; return the lines it has too little for.

    A part that is missing holds up no appointment: the store orders it, and sees which ones.
    """
    sites = tuple(
        Site.objects.filter(store=visit.store_id, closed_at=None).order_by("code").values_list("code", flat=True)
    )
    missing = []
    for line in sorted(lines, key=lambda one: (one.product_id or 0, one.pk)):
        if line.kind != LineKind.PART or line.is_reserved:
            continue
        demand = Demand(
            line_ref=f"line:{line.pk}", product_id=line.product_id or 0, quantity=line.quantity, site_codes=sites
        )
        try:
            reserve(cause=cause_of(line), demands=[demand], expires_at=now + A_MOMENT, by=by, now=now)
        except OutOfStock:
            missing.append(line)
            continue
        allocate(cause=cause_of(line), by=by, now=now)
        line.is_reserved = True
        line.save(update_fields=["is_reserved"])
    return missing


def give_back_parts(lines: Iterable[VisitLine], *, by: User | None, now: datetime) -> None:
    """Give back what is promised to these lines."""
    for line in sorted(lines, key=lambda one: (one.product_id or 0, one.pk)):
        if line.is_reserved:
            release(cause=cause_of(line), by=by, now=now)
            line.is_reserved = False
            line.save(update_fields=["is_reserved"])


def use_parts(lines: Iterable[VisitLine], *, by: User | None, now: datetime) -> None:
    """
    Take the parts of these lines off the shelf.

    :raises ReservationLapsed: if one of them was given back
    """
    causes = [cause_of(line) for line in lines if line.is_reserved]
    ids = Reservation.objects.filter(cause__in=causes, status="ALLOCATED").order_by("pk").values_list("pk", flat=True)
    ship(reservation_ids=list(ids), by=by, now=now)


def lines_of(visit: ServiceVisit, finding: Finding | None = None) -> list[VisitLine]:
    """Return the lines of a work order, or those of one finding, as they are now."""
    lines = VisitLine.objects.filter(visit=visit).select_related("finding", "entitlement_line", "recall_car")
    return list((lines.filter(finding=finding) if finding else lines).order_by("pk"))


def cause_of(line: VisitLine) -> str:
    """Name a line to inventory."""
    return f"aftersales.line:{line.pk}"
