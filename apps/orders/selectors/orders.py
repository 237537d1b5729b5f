"""Reads of orders: whose they are, and how one looks to its buyer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from apps.kernel.api import Money, in_language
from apps.orders.errors import OrderNotFound
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine, OrderEvent, OrderItem, SellerOrder
from apps.orders.policies.links import opens
from apps.orders.policies.numbers import hash_token, same_secret
from apps.orders.selectors.timeline import event_text
from apps.orders.states import CALLABLE_OFF, LIVE_ORDERS, OrderStatus
from apps.payments.api import PaymentView, RefundView, list_payments_by_order, list_refunds_by_order

if TYPE_CHECKING:
    from apps.accounts.api import User


@dataclass(frozen=True, kw_only=True)
class OrderLineView:
    """One line as it was sold."""

    id: int
    product_id: int | None
    kind: str
    sku: str
    title: str
    slug: str
    image: str
    quantity: int
    unit_price: Money
    discount: Money
    tax_rate: str
    tax: Money
    total: Money
    configuration_id: str | None
    options: list[dict[str, Any]]
    seller: str


@dataclass(frozen=True, kw_only=True)
class FulfilmentView:
    """One shipment or hand-over as the buyer sees it."""

    id: int
    method: str
    status: str
    status_text: str
    site: str | None
    store: dict[str, Any] | None
    tracking: dict[str, str] | None
    vins: list[str]
    lines: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class SellerOrderView:
    """The part of one seller as the buyer sees it."""

    number: str
    seller: str
    status: str
    status_text: str
    total: Money
    freight: Money
    fulfilments: list[FulfilmentView]


@dataclass(frozen=True, kw_only=True)
class OrderSummary:
    """An order in a list; ``lines`` are its items where they were asked for."""

    number: str
    status: str
    status_text: str
    plan: str
    method: str
    created_at: datetime
    placed_at: datetime | None
    expires_at: datetime | None
    total: Money
    deposit: Money
    paid: Money
    refunded: Money
    balance_due: Money
    lines: list[OrderItem]


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """An order as its buyer sees it, in the reader's language."""

    number: str
    status: str
    status_text: str
    plan: str
    method: str
    created_at: datetime
    placed_at: datetime | None
    expires_at: datetime | None
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    deposit: Money
    paid: Money
    refunded: Money
    balance_due: Money
    balance_due_at: datetime | None
    contact: dict[str, str]
    address: dict[str, str] | None
    store: dict[str, Any] | None
    lines: list[OrderLineView]
    seller_orders: list[SellerOrderView]
    payments: list[PaymentView]
    refunds: list[RefundView]
    timeline: list[dict[str, Any]]
    is_cancellable: bool


def access_order(*, number: str, by: "User | None" = None, token: str | None = None) -> CustomerOrder:
    """
    Return an order of the caller: of the user ``by``, or of whoever holds its token or the link we sent.

    :raises OrderNotFound: if there is none, or it is somebody else's
    """
    order = CustomerOrder.objects.select_related("store__dealer").filter(number=number).first()
    if order is None:
        raise OrderNotFound
    if by is not None and by.is_authenticated and order.user_id == by.pk:
        return order
    if token and (same_secret(hash_token(token), order.token_hash) or opens(token, order.number)):
        return order
    raise OrderNotFound


def list_orders(by: "User") -> QuerySet[CustomerOrder]:
    """List the orders of a user, newest first, with what a list shows."""
    return (
        CustomerOrder.objects.filter(user=by)
        .select_related("store__dealer")
        .exclude(status=OrderStatus.DRAFT)
        .prefetch_related(Prefetch("items", OrderItem.objects.order_by("position")))
        .order_by("-created_at", "-pk")
    )


def summarize_order(order: CustomerOrder) -> OrderSummary:
    """Return an order as a list shows it; its lines are read only if they were prefetched (``list_orders``)."""
    has_items = "items" in getattr(order, "_prefetched_objects_cache", {})
    return OrderSummary(
        number=order.number,
        status=order.status,
        status_text=order.get_status_display(),
        plan=order.plan,
        method=order.method,
        created_at=order.created_at,
        placed_at=order.placed_at,
        expires_at=order.expires_at if order.status == OrderStatus.AWAITING_PAYMENT else None,
        total=order.money("total"),
        deposit=order.money("deposit"),
        paid=order.money("paid"),
        refunded=order.money("refunded"),
        balance_due=order.balance_due,
        lines=list(order.items.all()) if has_items else [],
    )


def get_order_view(order: CustomerOrder, *, now: datetime | None = None) -> OrderView:
    """Return an order as its buyer sees it; a constant number of queries. ``now`` hides actions that are over."""
    return list_order_views([order], now=now)[0]


def get_new_order_view(order: CustomerOrder, payment: PaymentView) -> OrderView:
    """Return an order that was just written, with its first payment. Two queries: checkout is in a hurry."""
    items, events = _items([order]), _events([order])
    return _compose(order, items[order.pk], [], [payment], [], events[order.pk])


def list_order_views(orders: Sequence[CustomerOrder], *, now: datetime | None = None) -> list[OrderView]:
    """Return orders as their buyer sees them, in the given sequence and a constant number of queries."""
    numbers = [order.number for order in orders]
    items, events, sellers = _items(orders), _events(orders), _sellers(orders)
    payments, refunds = list_payments_by_order(numbers, now=now), list_refunds_by_order(numbers)
    return [
        _compose(
            order,
            items[order.pk],
            sellers[order.pk],
            payments[order.number],
            refunds[order.number],
            events[order.pk],
        )
        for order in orders
    ]


def _items(orders: Sequence[CustomerOrder]) -> dict[int, list[OrderItem]]:
    return _by_order(OrderItem.objects.filter(order__in=orders).select_related("seller").order_by("position"))


def _events(orders: Sequence[CustomerOrder]) -> dict[int, list[OrderEvent]]:
    return _by_order(OrderEvent.objects.filter(order__in=orders).order_by("pk"))


def _sellers(orders: Sequence[CustomerOrder]) -> dict[int, list[SellerOrder]]:
    lines = FulfilmentLine.objects.select_related("item").prefetch_related("vehicles").order_by("pk")
    fulfilments = (
        Fulfilment.objects.select_related("site", "store__dealer")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("pk")
    )
    return _by_order(
        SellerOrder.objects.filter(order__in=orders)
        .select_related("seller")
        .prefetch_related(Prefetch("fulfilments", fulfilments))
        .order_by("pk")
    )


def _by_order(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(row)
    return found


def _compose(
    order: CustomerOrder,
    items: list[OrderItem],
    sellers: list[SellerOrder],
    payments: list[PaymentView],
    refunds: list[RefundView],
    events: list[OrderEvent],
) -> OrderView:
    return OrderView(
        number=order.number,
        status=order.status,
        status_text=order.get_status_display(),
        plan=order.plan,
        method=order.method,
        created_at=order.created_at,
        placed_at=order.placed_at,
        expires_at=order.expires_at if order.status == OrderStatus.AWAITING_PAYMENT else None,
        subtotal=order.money("goods"),
        discount=order.money("discount"),
        shipping=order.money("freight"),
        tax=order.money("tax"),
        total=order.money("total"),
        deposit=order.money("deposit"),
        paid=order.money("paid"),
        refunded=order.money("refunded"),
        balance_due=order.balance_due,
        balance_due_at=order.balance_due_at if order.status == OrderStatus.AWAITING_BALANCE else None,
        contact={"email": order.email, "phone": order.phone},
        address=_address(order),
        store=_store(order.store),
        lines=[_line(order, item) for item in items],
        seller_orders=[_seller_order(order, seller) for seller in sellers],
        payments=payments,
        refunds=refunds,
        timeline=[
            {"at": event.at, "code": event.code, "text": event_text(event.code, event.context)} for event in events
        ],
        is_cancellable=is_cancellable(order, [one for seller in sellers for one in seller.fulfilments.all()]),
    )


def is_cancellable(order: CustomerOrder, fulfilments: list[Fulfilment]) -> bool:
    """Tell whether a cancel button makes sense; ``cancel_order`` decides."""
    return order.status in LIVE_ORDERS and all(
        one.shipped_at is None and one.status in CALLABLE_OFF for one in fulfilments
    )


def _address(order: CustomerOrder) -> dict[str, str] | None:
    if not order.address_line:
        return None
    return {
        "name": order.recipient_name,
        "phone": order.recipient_phone,
        "province": order.province,
        "city": order.city,
        "district": order.district,
        "line": order.address_line,
    }


def _store(store: Any) -> dict[str, Any] | None:
    if store is None:
        return None
    return {
        "id": store.pk,
        "name": store.name,
        "dealer": store.dealer.name,
        "city": store.city_name,
        "address": store.address,
        "phone": store.phone,
    }


def _line(order: CustomerOrder, item: OrderItem) -> OrderLineView:
    currency = order.currency
    return OrderLineView(
        id=item.pk,
        product_id=item.product_id,
        kind=item.kind,
        sku=item.sku,
        title=in_language(item.title_zh, item.title_en),
        slug=item.slug,
        image=item.image,
        quantity=item.quantity,
        unit_price=Money(item.unit_price, currency),
        discount=Money(item.discount, currency),
        tax_rate=str(item.tax_rate),
        tax=Money(item.tax, currency),
        total=Money(item.total, currency),
        configuration_id=str(item.configuration_id) if item.configuration_id else None,
        options=[
            {
                "group": in_language(option["group_zh"], option["group_en"]),
                "name": in_language(option["name_zh"], option["name_en"]),
                "price": option["price"],
            }
            for option in item.option_summary
        ],
        seller=in_language(item.seller.name_zh, item.seller.name_en),
    )


def _seller_order(order: CustomerOrder, seller_order: SellerOrder) -> SellerOrderView:
    return SellerOrderView(
        number=seller_order.number,
        seller=in_language(seller_order.seller.name_zh, seller_order.seller.name_en),
        status=seller_order.status,
        status_text=seller_order.get_status_display(),
        total=Money(seller_order.total, order.currency),
        freight=Money(seller_order.freight, order.currency),
        fulfilments=[_fulfilment(fulfilment) for fulfilment in seller_order.fulfilments.all()],
    )


def _fulfilment(fulfilment: Fulfilment) -> FulfilmentView:
    lines = list(fulfilment.lines.all())
    return FulfilmentView(
        id=fulfilment.pk,
        method=fulfilment.method,
        status=fulfilment.status,
        status_text=fulfilment.get_status_display(),
        site=fulfilment.site.code if fulfilment.site else None,
        store=_store(fulfilment.store),
        tracking=tracking_of(fulfilment),
        vins=[vehicle.vin for line in lines for vehicle in line.vehicles.all() if vehicle.released_at is None],
        lines=[
            {
                "line_id": line.item_id,
                "sku": line.item.sku,
                "title": in_language(line.item.title_zh, line.item.title_en),
                "quantity": line.quantity,
            }
            for line in lines
        ],
    )


def tracking_of(fulfilment: Fulfilment) -> dict[str, str] | None:
    """Return who carries a shipment under which number."""
    if not fulfilment.tracking_number:
        return None
    return {"carrier": fulfilment.carrier, "number": fulfilment.tracking_number}
