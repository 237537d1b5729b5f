"""Count the cars of an order against the quotas of the dealers who sell them. Quotas are locked after stock levels."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from apps.dealers.api import Dealer, QuotaDemand, Store, release_quota, take_quota
from apps.inventory.api import Promise, Site
from apps.orders.models import CustomerOrder, FulfilmentLine, OrderItem
from apps.orders.policies.freight import VEHICLE_KIND
from apps.orders.selectors.sites import model_codes


def take_quotas(
    order: CustomerOrder, items: Sequence[OrderItem], promises: Sequence[Promise], store: Store | None, *, now: datetime
) -> None:
    """
    Count the cars of an order: for the dealer who hands them over, else for those out of whose sites they come.

    :raises QuotaUsedUp: if one has sold as many as it may
    """
    cars = {item.pk: item for item in items if item.kind == VEHICLE_KIND}
    if not cars:
        return
    pieces: dict[tuple[int, int], int] = defaultdict(int)
    if store is not None:
        for item in cars.values():
            pieces[item.pk, store.dealer_id] += item.quantity
    else:
        mine = [promise for promise in promises if int(promise.line_ref) in cars]
        dealer_at = _dealers_of_sites({promise.site_id for promise in mine})
        for promise in mine:
            if promise.site_id in dealer_at:
                pieces[int(promise.line_ref), dealer_at[promise.site_id]] += promise.quantity
    _take(order, cars, pieces, now=now)


def move_quotas(order: CustomerOrder, lines: Sequence[FulfilmentLine], *, site_id: int, now: datetime) -> None:
    """
    Count the cars of a rerouted delivery for the dealer out of whose site they come now.

    Quotas of the dealer that lost them are given back.

    :raises QuotaUsedUp: if the new one has sold as many as it may; nothing changes then
    """
    if order.store_id is not None:
        # The store's dealer sells, wherever the car comes from.
        return
    cars = {line.item_id: line.item for line in lines if line.item.kind == VEHICLE_KIND}
    if not cars:
        return
    dealer_at = _dealers_of_sites({site_id})
    pieces = {
        (line.item_id, dealer_at[site_id]): line.quantity
        for line in lines
        if line.item_id in cars and site_id in dealer_at
    }
    lost = {line.fulfilment.source_id for line in lines}
    before = Dealer.objects.filter(organization__in=lost).values_list("pk", flat=True)
    refs = [_line_ref(item_id, dealer_id) for item_id in cars for dealer_id in before]
    _take(order, cars, pieces, now=now)
    release_quota(cause=order.number, line_refs=refs, now=now)


def release_quotas(order: CustomerOrder, *, now: datetime) -> None:
    """Give back what an order took."""
    release_quota(cause=order.number, now=now)


def _take(
    order: CustomerOrder, cars: dict[int, OrderItem], pieces: dict[tuple[int, int], int], *, now: datetime
) -> None:
    codes = model_codes({item.product_id for item in cars.values() if item.product_id is not None})
    demands = []
    for (item_id, dealer_id), vehicles in pieces.items():
        series_code, model_code = codes.get(cars[item_id].product_id or 0, ("", ""))
        demands.append(
            QuotaDemand(
                line_ref=_line_ref(item_id, dealer_id),
                dealer_id=dealer_id,
                series_code=series_code,
                model_code=model_code,
                vehicles=vehicles,
            )
        )
    if demands:
        take_quota(cause=order.number, demands=demands, on=timezone.localdate(now), now=now)


def _line_ref(item_id: int, dealer_id: int) -> str:
    return f"{item_id}:{dealer_id}"


def _dealers_of_sites(site_ids: set[int]) -> dict[int, int]:
    rows = Site.objects.filter(pk__in=site_ids, organization__dealer__isnull=False)
    return dict(rows.values_list("pk", "organization__dealer__pk"))
