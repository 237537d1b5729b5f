"""Promises of stock: hold, allocate, release, ship, expire."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.inventory import policies
from apps.inventory.errors import OutOfStock, ReservationLapsed
from apps.inventory.models import Movement, Reservation, StockLevel
from apps.inventory.services.levels import Change, apply_changes, lock_levels, promised_by_rows
from apps.inventory.states import LIVE, MovementKind, ReservationStatus

if TYPE_CHECKING:
    from apps.accounts.api import User


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What one order line asks for: pieces of a product, from these sites in order of preference."""

    line_ref: str
    product_id: int
    quantity: int
    site_codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Pieces promised at one site for one order line."""

    reservation_id: int
    line_ref: str
    product_id: int
    site_id: int
    site_code: str
    quantity: int


@transaction.atomic
def reserve(
    *, cause: str, demands: Sequence[Demand], expires_at: datetime, by: "User | None", now: datetime
) -> list[Promise]:
    """
    Hold every demanded piece until ``expires_at``, or nothing at all.

    A quantity may spill from the first site to the next. What decides is the count of live reservation rows under the
    lock of each level, taken in primary-key order; the counters follow it and the CHECK constraint guards them.

    :raises OutOfStock: naming every line that cannot be served and how much could be
    """
    wanted = {demand.product_id for demand in demands}
    codes = {code for demand in demands for code in demand.site_codes}
    level_ids = StockLevel.objects.filter(product_id__in=wanted, site__code__in=codes).values_list("pk", flat=True)
    levels = lock_levels(list(level_ids))
    promised = promised_by_rows(levels)
    free: dict[int, dict[str, int]] = defaultdict(dict)
    level_at = {}
    for level in levels.values():
        free[level.product_id][level.site.code] = level.on_hand - level.safety_stock - promised.get(level.pk, 0)
        level_at[level.product_id, level.site.code] = level
    rows, missing = [], []
    for demand in demands:
        at_sites = free[demand.product_id]
        shares = policies.spread(demand.quantity, at_sites, demand.site_codes)
        if shares is None:
            available = sum(max(at_sites.get(code, 0), 0) for code in demand.site_codes)
            missing.append(
                {
                    "line_ref": demand.line_ref,
                    "product_id": demand.product_id,
                    "requested": demand.quantity,
                    "available": available,
                }
            )
            continue
        for code, quantity in shares.items():
            at_sites[code] -= quantity
            rows.append(
                Reservation(
                    level=level_at[demand.product_id, code],
                    cause=cause,
                    line_ref=demand.line_ref,
                    quantity=quantity,
                    expires_at=expires_at,
                    created_at=now,
                )
            )
    if missing:
        raise OutOfStock(lines=missing)
    Reservation.objects.bulk_create(rows)
    changes: dict[int, Change] = defaultdict(Change)
    for row in rows:
        changes[row.level_id].reserved += row.quantity
    apply_changes(levels, changes)
    return [_promise(row, levels[row.level_id]) for row in rows]


@transaction.atomic
def allocate(*, cause: str, by: "User | None", now: datetime) -> list[Promise]:
    """
    Turn the holds of ``cause`` into promises without an end; doing it twice changes nothing.

    :raises ReservationLapsed: if any hold was given back before (nothing is allocated then)
    """
    levels, rows = _lock_rows(cause=cause)
    if not rows or any(row.status not in (*LIVE, ReservationStatus.SHIPPED) for row in _latest(rows)):
        raise ReservationLapsed(cause=cause)
    held = [row for row in rows if row.status == ReservationStatus.HELD]
    changes: dict[int, Change] = defaultdict(Change)
    for row in held:
        changes[row.level_id].reserved -= row.quantity
        changes[row.level_id].allocated += row.quantity
    _end(held, ReservationStatus.ALLOCATED, at=None)
    _record(held, MovementKind.ALLOCATED, cause=cause, by=by, at=now)
    apply_changes(levels, changes)
    live = [row for row in rows if row.status in LIVE]
    return [_promise(row, levels[row.level_id]) for row in live]


@transaction.atomic
def release(*, cause: str, by: "User | None", now: datetime, reservation_ids: Iterable[int] | None = None) -> int:
    """
    Give back everything still promised to ``cause`` and return the pieces given back; 0 if nothing was.

    ``reservation_ids`` limits it to some of the cause's promises.
    """
    some = {} if reservation_ids is None else {"pk__in": list(reservation_ids)}
    levels, rows = _lock_rows(cause=cause, **some)
    return _give_back(levels, [row for row in rows if row.status in LIVE], ReservationStatus.RELEASED, by=by, now=now)


@transaction.atomic
def ship(*, reservation_ids: Iterable[int], by: "User | None", now: datetime) -> None:
    """
    Take allocated pieces off the shelf: they left the site. Repeating it changes nothing.

    :raises ReservationLapsed: if one of them is not allocated
    """
    levels, rows = _lock_rows(pk__in=list(reservation_ids))
    leaving = [row for row in rows if row.status != ReservationStatus.SHIPPED]
    if any(row.status != ReservationStatus.ALLOCATED for row in leaving):
        raise ReservationLapsed(cause=leaving[0].cause)
    changes: dict[int, Change] = defaultdict(Change)
    for row in leaving:
        changes[row.level_id].on_hand -= row.quantity
        changes[row.level_id].allocated -= row.quantity
    _end(leaving, ReservationStatus.SHIPPED, at=now)
    for row in leaving:
        _record([row], MovementKind.SHIPPED, cause=row.cause, by=by, at=now)
    apply_changes(levels, changes)


@transaction.atomic
def divide_promise(
    *, reservation_id: int, parts: Sequence[tuple[str, int]], by: "User | None", now: datetime
) -> list[Promise]:
    """
    Divide an allocated promise into ``parts``, each (cause, pieces), at the same site; nobody else can get in between.

    The old promise is given back and the new ones are written under one lock, so the figures never move.

    :raises ReservationLapsed: if it is not allocated, or has not as many pieces as the parts
    """
    levels, rows = _lock_rows(pk=reservation_id)
    whole = next((row for row in rows if row.status == ReservationStatus.ALLOCATED), None)
    if whole is None or sum(pieces for _cause, pieces in parts) != whole.quantity:
        raise ReservationLapsed(reservation=reservation_id)
    _give_back(levels, [whole], ReservationStatus.RELEASED, by=by, now=now)
    new = Reservation.objects.bulk_create(
        Reservation(
            level_id=whole.level_id,
            cause=cause,
            line_ref=whole.line_ref,
            quantity=pieces,
            status=ReservationStatus.ALLOCATED,
            expires_at=whole.expires_at,
            created_at=now,
        )
        for cause, pieces in parts
    )
    for row in new:
        _record([row], MovementKind.ALLOCATED, cause=row.cause, by=by, at=now)
    apply_changes(levels, {whole.level_id: Change(allocated=whole.quantity)})
    return [_promise(row, levels[row.level_id]) for row in new]


@transaction.atomic
def expire_reservations(*, now: datetime, limit: int = 500) -> list[str]:
    """
    Give back holds whose time is over and return the causes they were held for.

    Orders release their own holds when they expire; this is the net under them, so that no hold outlives its expiry
    whatever happened to its order.
    """
    due = (
        Reservation.objects.filter(status=ReservationStatus.HELD, expires_at__lte=now)
        .order_by("expires_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    levels, rows = _lock_rows(pk__in=list(due))
    lapsed = [row for row in rows if row.status == ReservationStatus.HELD]
    _give_back(levels, lapsed, ReservationStatus.EXPIRED, by=None, now=now)
    return sorted({row.cause for row in lapsed})


def _lock_rows(**which) -> tuple[dict[int, StockLevel], list[Reservation]]:
    """Lock the levels that ``which`` reservations sit on, then read the rows anew, oldest first."""
    levels = lock_levels(list(Reservation.objects.filter(**which).values_list("level_id", flat=True)))
    # A row added on another level meanwhile belongs to a later call; its level is not locked here.
    rows = Reservation.objects.filter(**which, level_id__in=levels).order_by("pk")
    return levels, list(rows)


def _latest(rows: Sequence[Reservation]) -> list[Reservation]:
    """Return the newest row of each line and level: an older, released one may have been held again."""
    newest = {(row.line_ref, row.level_id): row for row in rows}
    return list(newest.values())


def _give_back(
    levels: dict[int, StockLevel],
    rows: list[Reservation],
    status: ReservationStatus,
    *,
    by: "User | None",
    now: datetime,
) -> int:
    changes: dict[int, Change] = defaultdict(Change)
    for row in rows:
        if row.status == ReservationStatus.ALLOCATED:
            changes[row.level_id].allocated -= row.quantity
            _record([row], MovementKind.RELEASED, cause=row.cause, by=by, at=now)
        else:
            changes[row.level_id].reserved -= row.quantity
    _end(rows, status, at=now)
    apply_changes(levels, changes)
    return sum(row.quantity for row in rows)


def _end(rows: list[Reservation], status: ReservationStatus, *, at: datetime | None) -> None:
    Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(status=status, ended_at=at)
    for row in rows:
        row.status = status


def _record(rows: list[Reservation], kind: MovementKind, *, cause: str, by: "User | None", at: datetime) -> None:
    Movement.objects.bulk_create(
        Movement(level_id=row.level_id, kind=kind, quantity=row.quantity, cause=cause, reservation=row, by=by, at=at)
        for row in rows
    )


def _promise(row: Reservation, level: StockLevel) -> Promise:
    return Promise(
        reservation_id=row.pk,
        line_ref=row.line_ref,
        product_id=level.product_id,
        site_id=level.site_id,
        site_code=level.site.code,
        quantity=row.quantity,
    )
