"""Who buys, as far as price lists care: where the goods go, and which dealer hands them over."""

from apps.catalog.api import NATIONAL, PriceContext
from apps.dealers.api import Store, UnknownStore, get_store
from apps.orders.policies.wishes import FulfilmentWish
from apps.orders.selectors.regions import find_region
from apps.orders.states import Method


def context_of(fulfilment: FulfilmentWish, store: Store | None) -> PriceContext:
    """Return whose prices count: the store's place and dealer, or where the address lies; else everybody's."""
    if fulfilment.method == Method.PICKUP:
        return PriceContext(region_code=store.district_code, dealer_id=store.dealer_id) if store else NATIONAL
    address = fulfilment.address
    if address is None:
        return NATIONAL
    region = find_region(province=address.province, city=address.city, district=address.district)
    return PriceContext(region_code=region.code) if region else NATIONAL


def guess_context(fulfilment: FulfilmentWish | None) -> PriceContext:
    """Return whose prices count for a wish that nobody has checked yet; everybody's, where it cannot be."""
    if fulfilment is None:
        return NATIONAL
    if fulfilment.method != Method.PICKUP:
        return context_of(fulfilment, None)
    try:
        return context_of(fulfilment, get_store(fulfilment.store_id or 0))
    except UnknownStore:
        return NATIONAL
