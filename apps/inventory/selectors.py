"""Reads of inventory."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, QuerySet

from apps.dealers.api import DealerStatus, Store
from apps.inventory.models import Site, StockLevel, Unit, UnitHold


def availability_by_site(product_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the pieces free to promise per product id and site code; sites without any are left out."""
    free: dict[int, dict[str, int]] = defaultdict(dict)
    rows = StockLevel.objects.filter(product_id__in=list(product_ids)).values_list(
        "product_id", "site__code", F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")
    )
    for product_id, site_code, pieces in rows:
        if pieces > 0:
            free[product_id][site_code] = pieces
    return dict(free)


def stock_at_stores(product_id: int) -> list[tuple[Store, int]]:
    """Return the open stores that have pieces of a product free to promise, and how many, most first; one query."""
    free = F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")
    rows = (
        StockLevel.objects.filter(
            product_id=product_id, site__store__is_open=True, site__store__dealer__status=DealerStatus.APPROVED
        )
        .annotate(free=free)
        .filter(free__gt=0)
        .select_related("site__store__dealer")
        .order_by("-free", "site__code")
    )
    return [(level.site.store, level.free) for level in rows]


def availability(product_ids: Iterable[int]) -> dict[int, int]:
    """Return the pieces free to promise per product id over all sites; products without any are left out."""
    return {product_id: sum(sites.values()) for product_id, sites in availability_by_site(product_ids).items()}


def list_sites() -> QuerySet[Site]:
    """Return all sites with their organization."""
    return Site.objects.select_related("organization", "store")


def get_unit(cause: str) -> Unit | None:
    """Return the vehicle assigned to ``cause``, if one is."""
    hold = UnitHold.objects.select_related("unit").filter(cause=cause, is_live=True).first()
    return hold.unit if hold else None
