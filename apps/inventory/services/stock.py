"""Stock that comes in or is counted, and the nightly proof of the figures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Sum, Value, When

from apps.events.api import StockChanged
from apps.inventory.errors import SiteClosed, StockBelowPromised, UnknownSite
from apps.inventory.models import Movement, Reservation, Site, StockLevel
from apps.inventory.services.levels import Change, apply_changes, lock_levels, promised_by_rows
from apps.inventory.states import MovementKind, ReservationStatus
from apps.kernel.api import outbox
from apps.shop.api import StockRecord

if TYPE_CHECKING:
    from apps.accounts.api import User

M = MovementKind


@dataclass(frozen=True, kw_only=True)
class StockView:
    """The figures of one product at one site, in pieces."""

    product_id: int
    site_code: str
    on_hand: int
    reserved: int
    allocated: int
    available: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure that does not match the rows it is projected from."""

    level_id: int
    figure: str
    stored: int
    derived: int


@transaction.atomic
def receive(
    *, product_id: int, site_code: str, quantity: int, cause: str, by: "User | None", now: datetime
) -> StockView:
    """
    Put ``quantity`` pieces on the shelf of a site.

    :raises UnknownSite: if no site has this code
    :raises SiteClosed: if it was closed
    """
    level = _lock_level(product_id, site_code)
    return _change_on_hand(level, quantity, kind=M.RECEIVED, cause=cause, by=by, now=now)


@transaction.atomic
def set_on_hand(
    *, product_id: int, site_code: str, on_hand: int, by: "User | None", now: datetime, cause: str = "count"
) -> StockView:
    """
    Record a count: ``on_hand`` pieces lie at the site now. Counting the same again changes nothing.

    :raises UnknownSite: if no site has this code
    :raises SiteClosed: if it was closed
    :raises StockBelowPromised: if fewer pieces would lie there than are promised to buyers
    """
    level = _lock_level(product_id, site_code)
    promised = promised_by_rows([level.pk]).get(level.pk, 0)
    if on_hand < promised:
        raise StockBelowPromised(promised=promised)
    if on_hand == level.on_hand:
        return _view(level)
    return _change_on_hand(level, on_hand - level.on_hand, kind=M.ADJUSTED, cause=cause, by=by, now=now)


@transaction.atomic
def take_off(
    *, product_id: int, site_code: str, quantity: int, cause: str, by: "User | None", now: datetime
) -> StockView:
    """
    Take ``quantity`` pieces off the shelf of a site: they stay there and are not for sale any more.

    :raises UnknownSite: if no site has this code
    :raises SiteClosed: if it was closed
    :raises StockBelowPromised: if fewer pieces would be left than are promised to buyers
    """
    level = _lock_level(product_id, site_code)
    promised = promised_by_rows([level.pk]).get(level.pk, 0)
    if level.on_hand - quantity < promised:
        raise StockBelowPromised(promised=promised)
    return _change_on_hand(level, -quantity, kind=M.ADJUSTED, cause=cause, by=by, now=now)


def _change_on_hand(
    level: StockLevel, quantity: int, *, kind: MovementKind, cause: str, by: "User | None", now: datetime
) -> StockView:
    Movement.objects.create(level=level, kind=kind, quantity=quantity, cause=cause, by=by, at=now)
    apply_changes({level.pk: level}, {level.pk: Change(on_hand=quantity)})
    outbox.record(StockChanged(product_id=level.product_id, site_code=level.site.code), at=now)
    level.refresh_from_db(fields=["on_hand", "reserved", "allocated"])
    return _view(level)


def _view(level: StockLevel) -> StockView:
    return StockView(
        product_id=level.product_id,
        site_code=level.site.code,
        on_hand=level.on_hand,
        reserved=level.reserved,
        allocated=level.allocated,
        available=max(level.on_hand - level.safety_stock - level.reserved - level.allocated, 0),
    )


def _lock_level(product_id: int, site_code: str) -> StockLevel:
    site = Site.objects.filter(code=site_code).first()
    if site is None:
        raise UnknownSite(site=site_code)
    record = (
        StockRecord.objects.filter(product_id=product_id, partner__seller__organization_id=site.organization_id)
        .order_by("pk")
        .first()
    )
    level, _ = StockLevel.objects.get_or_create(product_id=product_id, site=site, defaults={"stock_record": record})
    locked = lock_levels([level.pk])[level.pk]
    # Asked under the level's lock, which closing takes as well: before it the answer may already be old.
    if not Site.objects.filter(pk=site.pk, closed_at=None).exists():
        raise SiteClosed(site=site_code)
    return locked


@transaction.atomic
def check_levels(*, repair: bool = False) -> list[Difference]:
    """
    Rebuild every figure from movements and reservations and return what differs; an empty list is the proof.

    With ``repair`` the stored figures are set to the derived ones, each under its level's lock.
    """
    differences = []
    levels = lock_levels(StockLevel.objects.values_list("pk", flat=True))
    derived = _derive()
    for level in levels.values():
        for figure, value in zip(("on_hand", "reserved", "allocated"), derived[level.pk], strict=True):
            stored = getattr(level, figure)
            if stored != value:
                differences.append(Difference(level_id=level.pk, figure=figure, stored=stored, derived=value))
    if repair:
        for difference in differences:
            apply_changes(
                levels,
                {difference.level_id: Change(**{difference.figure: difference.derived - difference.stored})},
            )
    return differences


def _derive() -> dict[int, tuple[int, int, int]]:
    """Return (on hand, reserved, allocated) by level id, as the rows say."""
    sign = {M.RECEIVED: 1, M.ADJUSTED: 1, M.TRANSFERRED_IN: 1, M.SHIPPED: -1, M.TRANSFERRED_OUT: -1}
    on_hand = Case(
        *[When(kind=kind, then=F("quantity") * Value(factor)) for kind, factor in sign.items()],
        default=Value(0),
        output_field=IntegerField(),
    )
    allocated = Case(
        When(kind=M.ALLOCATED, then=F("quantity")),
        When(kind__in=[M.RELEASED, M.SHIPPED], then=-F("quantity")),
        default=Value(0),
        output_field=IntegerField(),
    )
    figures: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    held = dict(
        Reservation.objects.filter(status=ReservationStatus.HELD)
        .values_list("level_id")
        .annotate(held=Sum("quantity", filter=Q(quantity__gt=0)))
    )
    moved = Movement.objects.values("level_id").annotate(on_hand=Sum(on_hand), allocated=Sum(allocated))
    for row in moved:
        figures[row["level_id"]] = (row["on_hand"], held.get(row["level_id"], 0), row["allocated"])
    return figures
