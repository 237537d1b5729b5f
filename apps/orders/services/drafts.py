"""Writes an order's rows, Oscar's and ours, once. After that only statuses and the money paid change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.catalog.api import LineQuote
from apps.kernel.api import Money, blind_index
from apps.kernel.errors import as_plain
from apps.orders.models import CustomerOrder, OrderEvent, OrderItem, RoutingDecision
from apps.orders.models.fields import columns_of
from apps.orders.policies.money import Amounts
from apps.orders.policies.wishes import Address, Contact, FulfilmentWish
from apps.orders.selectors.carts import QuotedLine
from apps.orders.states import Method, OrderStatus
from apps.shop.api import Basket, Order, OrderLine

if TYPE_CHECKING:
    from apps.accounts.api import User

PHONE_PURPOSE = "orders.phone"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything that is said once when an order is written."""

    number: str
    cart: Basket
    user: "User | None"
    contact: Contact
    fulfilment: FulfilmentWish
    plan: str
    language: str
    lines: Sequence[QuotedLine]
    amounts: Amounts
    deposit: Money
    token_hash: str
    checkout_key: str
    fingerprint: str
    expires_at: datetime
    at: datetime


def write_draft(draft: Draft) -> tuple[CustomerOrder, list[OrderItem]]:
    """Insert the order and its lines: four statements, however many lines."""
    currency = draft.amounts.total.currency
    row = _oscar_order(draft, currency)
    Order.objects.bulk_create([row])
    order = _customer_order(draft, row, currency)
    CustomerOrder.objects.bulk_create([order])
    lines = OrderLine.objects.bulk_create(_oscar_line(row, line) for line in draft.lines)
    items = OrderItem.objects.bulk_create(
        _item(order, oscar_line, line, position)
        for position, (oscar_line, line) in enumerate(zip(lines, draft.lines, strict=True), start=1)
    )
    OrderEvent.objects.bulk_create([OrderEvent(order=order, code="created", at=draft.at)])
    return order, items


def write_decisions(
    items: Sequence[OrderItem], records: dict[int, dict], chosen: dict[int, list], *, occasion: str, at: datetime
) -> None:
    """Keep why each item (by primary key) is served from where it is."""
    RoutingDecision.objects.bulk_create(
        RoutingDecision(item=item, occasion=occasion, record=records[item.pk], chosen=chosen.get(item.pk, []), at=at)
        for item in items
        if item.pk in records
    )


def _oscar_order(draft: Draft, currency: str) -> Order:
    amounts = draft.amounts
    freight_tax = amounts.tax - _tax_of_lines(draft)
    return Order(
        number=draft.number,
        basket=draft.cart,
        user=draft.user,
        currency=currency,
        total_incl_tax=amounts.total.amount,
        total_excl_tax=(amounts.total - amounts.tax).amount,
        shipping_incl_tax=amounts.freight.amount,
        shipping_excl_tax=(amounts.freight - freight_tax).amount,
        shipping_method=draft.fulfilment.method,
        shipping_code=draft.fulfilment.method,
        status="",
        date_placed=draft.at,
    )


def _tax_of_lines(draft: Draft) -> Money:
    return sum((line.amounts.tax for line in draft.lines), Money.zero(draft.amounts.total.currency))


def _customer_order(draft: Draft, row: Order, currency: str) -> CustomerOrder:
    address = draft.fulfilment.address or Address()
    phone = draft.contact.phone
    return CustomerOrder(
        order=row,
        number=draft.number,
        status=OrderStatus.DRAFT,
        plan=draft.plan,
        method=draft.fulfilment.method,
        user=draft.user,
        currency=currency,
        deposit=draft.deposit.amount,
        email=draft.contact.email,
        phone=phone,
        phone_index=blind_index(phone, purpose=PHONE_PURPOSE) if phone else "",
        language=draft.language,
        token_hash=draft.token_hash,
        store_id=draft.fulfilment.store_id if draft.fulfilment.method == Method.PICKUP else None,
        recipient_name=address.name,
        recipient_phone=address.phone,
        address_line=address.line,
        province=address.province,
        city=address.city,
        district=address.district,
        cart=draft.cart,
        checkout_key=draft.checkout_key,
        checkout_fingerprint=draft.fingerprint,
        created_at=draft.at,
        expires_at=draft.expires_at,
        **columns_of(draft.amounts),
    )


def _oscar_line(order: Order, line: QuotedLine) -> OrderLine:
    quote = _quote_of(line)
    amounts = line.amounts
    return OrderLine(
        order=order,
        partner_id=quote.partner_id,
        partner_name=quote.seller_name_zh,
        partner_sku=quote.sku,
        stockrecord_id=quote.stock_record_id,
        product_id=quote.product_id,
        title=quote.title_zh,
        quantity=line.quantity,
        unit_price_incl_tax=quote.unit_price.amount,
        line_price_incl_tax=amounts.total.amount,
        line_price_excl_tax=(amounts.total - amounts.tax).amount,
        line_price_before_discounts_incl_tax=amounts.goods.amount,
        line_price_before_discounts_excl_tax=(amounts.goods - amounts.tax).amount,
        num_allocated=0,
    )


def _item(order: CustomerOrder, oscar_line: OrderLine, line: QuotedLine, position: int) -> OrderItem:
    quote = _quote_of(line)
    return OrderItem(
        line=oscar_line,
        order=order,
        seller_id=quote.seller_organization_id,
        position=position,
        kind=quote.kind,
        product_id=quote.product_id,
        configuration_id=quote.configuration_id,
        vehicle_id=line.vehicle_id,
        sku=quote.sku,
        title_zh=quote.title_zh,
        title_en=quote.title_en,
        slug=quote.slug,
        image=quote.image or "",
        brand_code=quote.brand_code or "",
        option_summary=as_plain(quote.option_summary),
        option_codes=list(quote.option_codes),
        offer_choice=as_plain(quote.offer_choice),
        price_trace=as_plain(quote.price_trace),
        quantity=line.quantity,
        unit_price=quote.unit_price.amount,
        list_price=quote.list_price.amount if quote.list_price else None,
        tax_rate=quote.tax_rate,
        needs_stock=quote.needs_stock,
        lead_time_days=quote.lead_time_days,
        **columns_of(line.amounts),
    )


def _quote_of(line: QuotedLine) -> LineQuote:
    if line.quote is None:
        raise AssertionError("A checkout quotes strictly: every line has a quote.")
    return line.quote
