"""The one place that locks stock levels and writes their figures, and Oscar's shadow of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from apps.inventory.models import Reservation, StockLevel
from apps.inventory.states import LIVE
from apps.shop.api import StockRecord


@dataclass(kw_only=True)
class Change:
    """What to add to the figures of one level, in pieces; negative to take away."""

    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0

    @property
    def promised(self) -> int:
        """Return the change of reserved and allocated together, which is what Oscar calls allocated."""
        return self.reserved + self.allocated


def lock_levels(level_ids: Iterable[int]) -> dict[int, StockLevel]:
    """Lock the levels in primary-key order, so that two orders never wait for each other, and return them by id."""
    levels = (
        StockLevel.objects.select_for_update(of=("self",))
        .select_related("site")
        .filter(pk__in=level_ids)
        .order_by("pk")
    )
    return {level.pk: level for level in levels}


def promised_by_rows(level_ids: Iterable[int]) -> dict[int, int]:
    """Return the pieces promised per level by counting live reservation rows: the figure that decides."""
    rows = (
        Reservation.objects.filter(level_id__in=level_ids, status__in=LIVE)
        .values_list("level_id")
        .annotate(promised=Sum("quantity"))
        .order_by("level_id")
    )
    return dict(rows)


def apply_changes(levels: Mapping[int, StockLevel], changes: Mapping[int, Change]) -> None:
    """
    Add ``changes`` (by level id) to the figures of locked ``levels`` and to Oscar's stock records, in key order.

    The CHECK constraints have the last word: a change they refuse raises IntegrityError and the transaction is lost.
    """
    for level_id in sorted(changes):
        change = changes[level_id]
        StockLevel.objects.filter(pk=level_id).update(
            on_hand=F("on_hand") + change.on_hand,
            reserved=F("reserved") + change.reserved,
            allocated=F("allocated") + change.allocated,
        )
    shadows: dict[int, Change] = {}
    for level_id, change in changes.items():
        record_id = levels[level_id].stock_record_id
        if record_id is not None:
            shadow = shadows.setdefault(record_id, Change())
            shadow.on_hand += change.on_hand
            shadow.allocated += change.promised
    for record_id in sorted(shadows):
        StockRecord.objects.filter(pk=record_id).update(
            # Oscar leaves its figures empty until somebody counts.
            num_in_stock=Coalesce("num_in_stock", 0) + shadows[record_id].on_hand,
            num_allocated=Coalesce("num_allocated", 0) + shadows[record_id].allocated,
        )
