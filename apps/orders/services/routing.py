"""Ask the rules which sites serve a line, and keep what they said."""

from datetime import datetime

from apps.inventory.api import Demand
from apps.orders.models import OrderItem
from apps.orders.policies import routing as rules
from apps.orders.policies.wishes import Address
from apps.orders.selectors.carts import QuotedLine
from apps.orders.selectors.regions import Region, find_region
from apps.orders.selectors.sites import as_options


def region_of(address: Address | None) -> Region | None:
    """Return where an address lies, as far as we know it."""
    if address is None:
        return None
    return find_region(province=address.province, city=address.city, district=address.district)


def plan_demands(
    items: list[OrderItem],
    lines: list[QuotedLine],
    *,
    method: str,
    store_id: int | None,
    store_place: tuple[float, float] | None,
    region: Region | None,
    at: datetime,
) -> tuple[list[Demand], dict[int, dict]]:
    """
    Return what to ask of inventory, sites best first, and the routing record of every item that needs stock.

    The order of sites is advice: inventory decides under its locks how many pieces each of them still has.
    """
    demands, records = [], {}
    for item, line in zip(items, lines, strict=True):
        if line.quote is None or not line.quote.needs_stock:
            continue
        wish = rules.Wish(
            product_id=line.product_id,
            quantity=line.quantity,
            method=method,
            brand_code=line.quote.brand_code or "",
            region_codes=(region.code,) if region else (),
            store_id=store_id,
            place=store_place or (region.place if region else None),
        )
        options = as_options(line.sites, line.quote, region=region, at=at)
        records[item.pk] = rules.record(wish, options)
        demands.append(
            Demand(
                line_ref=str(item.pk),
                product_id=line.product_id,
                quantity=line.quantity,
                site_codes=rules.preference(rules.rank_sites(wish, options)),
            )
        )
    return demands, records
