"""Who buys, as far as price lists care: where the goods go, which dealer hands them over, of which segments one is."""

from dataclasses import replace
from datetime import datetime

from apps.catalog.api import NATIONAL, PriceContext
from apps.dealers.api import Store, UnknownStore, get_store
from apps.kernel.api import ports
from apps.orders.policies.wishes import FulfilmentWish
from apps.orders.selectors.regions import find_region
from apps.orders.states import Method


def context_of(fulfilment: FulfilmentWish, store: Store | None, *, user_id: int | None, at: datetime) -> PriceContext:
    """Return whose prices count: the store's place and dealer, or where the address lies; and the buyer's segments."""
    return _with_segments(_place_of(fulfilment, store), user_id=user_id, at=at)


def guess_context(fulfilment: FulfilmentWish | None, *, user_id: int | None, at: datetime) -> PriceContext:
    """Return whose prices count for a wish that nobody has checked yet; of a place only what can be told of it."""
    return _with_segments(_guess_place(fulfilment), user_id=user_id, at=at)


def _with_segments(context: PriceContext, *, user_id: int | None, at: datetime) -> PriceContext:
    """A guest is of no segment."""
    if user_id is None:
        return context
    return replace(context, segments=ports.adapter("orders.segments").segments_of(user_id=user_id, at=at))


def _place_of(fulfilment: FulfilmentWish, store: Store | None) -> PriceContext:
    if fulfilment.method == Method.PICKUP:
        return PriceContext(region_code=store.district_code, dealer_id=store.dealer_id) if store else NATIONAL
    address = fulfilment.address
    if address is None:
        return NATIONAL
    region = find_region(province=address.province, city=address.city, district=address.district)
    return PriceContext(region_code=region.code) if region else NATIONAL


def _guess_place(fulfilment: FulfilmentWish | None) -> PriceContext:
    if fulfilment is None:
        return NATIONAL
    if fulfilment.method != Method.PICKUP:
        return _place_of(fulfilment, None)
    try:
        return _place_of(fulfilment, get_store(fulfilment.store_id or 0))
    except UnknownStore:
        return NATIONAL
