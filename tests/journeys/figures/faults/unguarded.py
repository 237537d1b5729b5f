"""What stands in for the guards of stock while they are taken away."""

import threading

# As many as one web process works on at once (WEB_THREADS): they all look before any of them leaps.
LOOKERS = 4
PATIENCE = 0.5
_gate = threading.Barrier(LOOKERS)


def lock_levels(level_ids):
    """Return the levels by id as they stand, locked by nobody."""
    from apps.inventory.models import StockLevel

    levels = StockLevel.objects.select_related("site").filter(pk__in=level_ids).order_by("pk")
    return {level.pk: level for level in levels}


def promised_by_rows(level_ids):
    """Count the live rows as the product does, then let the others count as well: the race that a lock prevents."""
    from django.db.models import Sum

    from apps.inventory.models import Reservation
    from apps.inventory.states import LIVE

    rows = Reservation.objects.filter(level_id__in=level_ids, status__in=LIVE).values_list("level_id")
    counted = dict(rows.annotate(promised=Sum("quantity")).order_by("level_id"))
    try:
        _gate.wait(timeout=PATIENCE)
    except threading.BrokenBarrierError:
        # Nobody came in time; those who come next meet anew.
        _gate.reset()
    return counted
