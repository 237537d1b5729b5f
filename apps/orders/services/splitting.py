"""Split a paid order by seller, then by site; every amount of the children sums to the order's."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from apps.inventory.api import Promise, Site
from apps.kernel.api import Money, sum_money
from apps.orders import conf
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine, OrderItem, SellerOrder
from apps.orders.models.fields import columns_of
from apps.orders.policies.freight import VEHICLE_KIND
from apps.orders.policies.money import Amounts, divide, split_by_quantity, sum_amounts, with_freight
from apps.orders.policies.numbers import seller_order_number
from apps.orders.states import FulfilmentStatus, Method


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Pieces of one item out of one site (None: out of nowhere), and what they cost."""

    item: OrderItem
    site_id: int | None
    quantity: int
    reservation_id: int | None
    amounts: Amounts


def create_seller_orders(
    order: CustomerOrder, promises: Sequence[Promise], *, stock_cause: str, now: datetime
) -> list[Fulfilment]:
    """
    Write the seller orders and fulfilments of an order whose stock was just allocated, and return the fulfilments.

    Freight divides over sellers, then over their fulfilments, by what their goods cost (largest remainder).
    """
    items = list(order.items.order_by("position"))
    parts = _parts(items, promises, order.currency)
    sellers = _write_seller_orders(order, items, now=now)
    sites = {site.pk: site for site in Site.objects.filter(pk__in={part.site_id for part in parts} - {None})}
    fulfilments = []
    for seller_order in sellers:
        own = [part for part in parts if part.item.seller_id == seller_order.seller_id]
        fulfilments += _write_fulfilments(order, seller_order, own, sites, stock_cause=stock_cause, now=now)
    return fulfilments


def _parts(items: Sequence[OrderItem], promises: Sequence[Promise], currency: str) -> list[_Part]:
    by_item: dict[int, list[Promise]] = defaultdict(list)
    for promise in promises:
        by_item[int(promise.line_ref)].append(promise)
    parts = []
    for item in items:
        served = by_item.get(item.pk, [])
        if not served:
            parts.append(
                _Part(
                    item=item, site_id=None, quantity=item.quantity, reservation_id=None, amounts=item.amounts(currency)
                )
            )
            continue
        shares = split_by_quantity(item.amounts(currency), [promise.quantity for promise in served])
        parts += [
            _Part(
                item=item,
                site_id=promise.site_id,
                quantity=promise.quantity,
                reservation_id=promise.reservation_id,
                amounts=share,
            )
            for promise, share in zip(served, shares, strict=True)
        ]
    return parts


def _write_seller_orders(order: CustomerOrder, items: Sequence[OrderItem], *, now: datetime) -> list[SellerOrder]:
    of_seller: dict[int, list[OrderItem]] = defaultdict(list)
    for item in items:
        of_seller[item.seller_id].append(item)
    goods = [
        sum_amounts([item.amounts(order.currency) for item in group], order.currency) for group in of_seller.values()
    ]
    tax_of_items = sum_money((part.tax for part in goods), order.currency)
    amounts = with_freight(goods, freight=order.money("freight"), freight_tax=order.money("tax") - tax_of_items)
    sellers = SellerOrder.objects.bulk_create(
        SellerOrder(
            order=order,
            number=seller_order_number(order.number, index),
            seller_id=seller_id,
            created_at=now,
            **columns_of(share),
        )
        for index, (seller_id, share) in enumerate(zip(of_seller, amounts, strict=True), start=1)
    )
    for seller_order in sellers:
        OrderItem.objects.filter(order=order, seller_id=seller_order.seller_id).update(seller_order=seller_order)
    return sellers


def _write_fulfilments(
    order: CustomerOrder,
    seller_order: SellerOrder,
    parts: Sequence[_Part],
    sites: dict[int, Site],
    *,
    stock_cause: str,
    now: datetime,
) -> list[Fulfilment]:
    of_site: dict[int | None, list[_Part]] = defaultdict(list)
    for part in parts:
        of_site[part.site_id].append(part)
    goods = [sum_amounts([part.amounts for part in group], order.currency) for group in of_site.values()]
    whole = seller_order.amounts(order.currency)
    freight_tax = whole.tax - sum_money((part.tax for part in goods), order.currency)
    amounts = with_freight(goods, freight=whole.freight, freight_tax=freight_tax)
    fulfilments = []
    for (site_id, group), share in zip(of_site.items(), amounts, strict=True):
        site = sites.get(site_id) if site_id is not None else None
        fulfilments.append(_fulfilment(order, seller_order, site, group, share, now=now))
    Fulfilment.objects.bulk_create(fulfilments)
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(
            fulfilment=fulfilment,
            item=part.item,
            quantity=part.quantity,
            reservation_id=part.reservation_id,
            stock_cause=stock_cause if part.reservation_id is not None else "",
            **columns_of(part.amounts),
        )
        for fulfilment, group in zip(fulfilments, of_site.values(), strict=True)
        for part in group
    )
    return fulfilments


def _fulfilment(
    order: CustomerOrder,
    seller_order: SellerOrder,
    site: Site | None,
    group: Sequence[_Part],
    amounts: Amounts,
    *,
    now: datetime,
) -> Fulfilment:
    is_pickup = order.method == Method.PICKUP
    return Fulfilment(
        order=order,
        seller_order=seller_order,
        method=order.method,
        site=site,
        source_id=site.organization_id if site is not None else seller_order.seller_id,
        store=order.store if is_pickup else None,
        receiver_id=order.store.dealer.organization_id if is_pickup and order.store else None,
        has_vehicle=any(part.item.kind == VEHICLE_KIND for part in group),
        created_at=now,
        sla_due_at=now + conf.acceptance_time() if site is not None else None,
        **columns_of(amounts),
    )


def share_out(order: CustomerOrder, sellers: Sequence[SellerOrder]) -> None:
    """
    Bring the sellers' paid and refunded amounts up to the order's.

    Each new payment or refund divides by what is still open at each seller; what was paid beyond the total is nobody's.
    """
    currency = order.currency
    total, paid, refunded = order.money("total"), order.money("paid"), order.money("refunded")
    surplus = max(paid - total, Money.zero(currency))
    new_paid = min(paid, total) - sum_money((Money(s.paid, currency) for s in sellers), currency)
    new_refunded = max(refunded - surplus, Money.zero(currency)) - sum_money(
        (Money(s.refunded, currency) for s in sellers), currency
    )
    for seller, share in zip(
        sellers, divide(new_paid, [Money(s.total - s.paid, currency) for s in sellers]), strict=True
    ):
        seller.paid += share.amount
    # A part that was called off is given back by the seller whose part it was; the rest by all alike.
    for caps in (_called_off_by(sellers, currency), lambda seller: Money(seller.paid - seller.refunded, currency)):
        shares = divide(new_refunded, [caps(seller) for seller in sellers])
        new_refunded -= sum_money(shares, currency)
        for seller, share in zip(sellers, shares, strict=True):
            seller.refunded += share.amount
    SellerOrder.objects.bulk_update(sellers, ["paid", "refunded"])


def _called_off_by(sellers: Sequence[SellerOrder], currency: str) -> Callable[[SellerOrder], Money]:
    """Return a function: what a seller still has to give back of the parts it called off."""
    cancelled = Fulfilment.objects.filter(seller_order__in=sellers, status=FulfilmentStatus.CANCELLED)
    totals = dict(cancelled.values_list("seller_order").annotate(Sum("total")).order_by("seller_order"))
    zero = Money.zero(currency)

    def left(seller: SellerOrder) -> Money:
        owed = Money(totals.get(seller.pk, Decimal(0)), currency) - Money(seller.refunded, currency)
        return min(max(owed, zero), Money(seller.paid - seller.refunded, currency))

    return left
