"""The one place that locks stock levels and writes their figures, and Oscar's shadow of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Sum

from apps.inventory.models import Reservation, StockLevel
from apps.inventory.states import LIVE
from apps.kernel.api import forget_pages


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
    sold_out_or_back = [pk for record_id in sorted(shadows) for pk in _apply_to_record(record_id, shadows[record_id])]
    if sold_out_or_back:
        forget_pages(*(f"product:{pk}" for pk in sold_out_or_back))


def _apply_to_record(record_id: int, change: Change) -> list[int]:
    """Write one stock record; return its product if that is sold out now, or back, which every page says."""
    with connection.cursor() as cursor:
        # Oscar leaves its figures empty until somebody counts.
        cursor.execute(
            "UPDATE partner_stockrecord SET num_in_stock = coalesce(num_in_stock, 0) + %s,"
            " num_allocated = coalesce(num_allocated, 0) + %s WHERE id = %s"
            " RETURNING product_id, num_in_stock - num_allocated",
            [change.on_hand, change.allocated, record_id],
        )
        rows = cursor.fetchall()
    gain = change.on_hand - change.allocated
    return [product_id for product_id, free in rows if (free > 0) != (free - gain > 0)]


def add_on_hand(levels: Mapping[int, StockLevel], changes: Mapping[int, int]) -> None:
    """
    Add pieces (by level id; negative to take away) to many locked ``levels`` at once, and to their stock records.

    The same as ``apply_changes``, in three statements whatever their number.
    """
    if not changes:
        return
    ids = sorted(changes)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_stocklevel AS level SET on_hand = level.on_hand + new.change"
            " FROM unnest(%s::bigint[], %s::integer[]) AS new (id, change) WHERE level.id = new.id",
            [ids, [changes[pk] for pk in ids]],
        )
        shadows: dict[int, int] = {}
        for pk in ids:
            record_id = levels[pk].stock_record_id
            if record_id is not None:
                shadows[record_id] = shadows.get(record_id, 0) + changes[pk]
        records = sorted(shadows)
        # In key order, as one by one above: two transactions wait for each other in a line, never in a circle.
        cursor.execute("SELECT id FROM partner_stockrecord WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [records])
        cursor.execute(
            "UPDATE partner_stockrecord AS record SET num_in_stock = coalesce(record.num_in_stock, 0) + new.change"
            " FROM unnest(%s::bigint[], %s::integer[]) AS new (id, change) WHERE record.id = new.id"
            " RETURNING record.product_id, record.num_in_stock - coalesce(record.num_allocated, 0), new.change",
            [records, [shadows[pk] for pk in records]],
        )
        turned = [product for product, free, gain in cursor.fetchall() if (free > 0) != (free - gain > 0)]
    if turned:
        forget_pages(*(f"product:{pk}" for pk in turned))
