"""From a fact to messages: who takes part in it, and what of it each may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from apps.catalog.api import Offer
from apps.integrations.webhooks.selectors import list_listeners
from apps.integrations.webhooks.services.telling import tell
from apps.inventory.api import StockLevel
from apps.orders.api import Fulfilment, SellerOrder

Messages = dict[int, list[tuple[str, Mapping[str, Any]]]]


def tell_of_order(*, order_number: str, at: datetime) -> list[int]:
    """Tell the parties of every fulfilment that an order has just got; telling again changes nothing."""
    event_type = "fulfilment.created"
    if not _has_listeners(event_type):
        return []
    found = _fulfilments().filter(order__number=order_number)
    messages: Messages = defaultdict(list)
    for fulfilment in found:
        for organization_id, role in _parties(fulfilment):
            key = f"{fulfilment.pk}:{organization_id}"
            messages[organization_id].append((key, _fulfilment_data(fulfilment, role)))
    return tell(event_type, messages, at=at)


def tell_of_rerouting(
    *, fulfilment_id: int, from_organization_id: int, to_organization_id: int, key: str, at: datetime
) -> list[int]:
    """Tell who lost a fulfilment and who got it. It may come back later: ``key`` tells one time from the next."""
    fulfilment = _fulfilments().filter(pk=fulfilment_id).first()
    if fulfilment is None:
        return []
    lost = {"fulfilment_id": fulfilment.pk, "order_number": fulfilment.order.number}
    gained = _fulfilment_data(fulfilment, "source")
    told = tell("fulfilment.withdrawn", {from_organization_id: [(key, lost)]}, at=at)
    return told + tell("fulfilment.created", {to_organization_id: [(key, gained)]}, at=at)


def tell_of_fulfilment(*, fulfilment_id: int, move: str, status: str, key: str, at: datetime) -> list[int]:
    """Tell the parties of a fulfilment that it moved, with the status of that moment."""
    event_type = "fulfilment.updated"
    if not _has_listeners(event_type):
        return []
    fulfilment = _fulfilments().filter(pk=fulfilment_id).first()
    if fulfilment is None:
        return []
    messages: Messages = {
        organization_id: [(key, {**_fulfilment_data(fulfilment, role), "status": status, "move": move})]
        for organization_id, role in _parties(fulfilment)
    }
    return tell(event_type, messages, at=at)


def tell_of_seller_orders(*, order_number: str, event_type: str, at: datetime) -> list[int]:
    """Tell each seller of an order about its own part."""
    if not _has_listeners(event_type):
        return []
    parts = SellerOrder.objects.filter(order__number=order_number).order_by("pk")
    messages: Messages = {
        part.seller_id: [(str(part.pk), {"seller_order": part.number, "order_number": order_number})] for part in parts
    }
    return tell(event_type, messages, at=at)


def tell_of_offers(*, product_id: int, key: str, at: datetime) -> list[int]:
    """Tell sellers about their own offer of a product, never about another's."""
    event_type = "offer.changed"
    listening = set(list_listeners(event_type).values_list("organization_id", flat=True))
    if not listening:
        return []
    offers = Offer.objects.filter(product_id=product_id, seller__organization__in=listening).select_related(
        "seller", "stock_record"
    )
    messages: Messages = defaultdict(list)
    for offer in offers.order_by("pk"):
        record = offer.stock_record
        data = {
            "sku": offer.sku,
            "product_id": product_id,
            "price": {"amount": f"{record.price:.2f}", "currency": record.price_currency} if record.price else None,
            "status": offer.status,
            "lead_time_days": offer.lead_time_days,
            "site": offer.site_code,
        }
        messages[offer.seller.organization_id].append((f"{key}:{offer.pk}", data))
    return tell(event_type, messages, at=at)


def tell_of_stock(*, product_id: int, site_code: str, key: str, at: datetime) -> list[int]:
    """Tell who owns a site what lies there now of a product."""
    event_type = "stock.changed"
    if not _has_listeners(event_type):
        return []
    level = StockLevel.objects.filter(product_id=product_id, site__code=site_code).select_related("site").first()
    if level is None:
        return []
    owner = level.site.organization_id
    sku = Offer.objects.filter(product_id=product_id, seller__organization=owner).values_list("sku", flat=True).first()
    data = {
        "product_id": product_id,
        "sku": sku,
        "site": site_code,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "allocated": level.allocated,
    }
    return tell(event_type, {owner: [(key, data)]}, at=at)


def tell_of_supplier(*, organization_id: int, status: str, key: str, at: datetime) -> list[int]:
    """Tell a supplier where it stands."""
    return tell("supplier.status_changed", {organization_id: [(key, {"status": status})]}, at=at)


def tell_of_dealer(*, organization_id: int, status: str, is_blocked: bool, key: str, at: datetime) -> list[int]:
    """Tell a dealer where it stands."""
    data = {"status": status, "is_blocked": is_blocked}
    return tell("dealer.status_changed", {organization_id: [(key, data)]}, at=at)


def _has_listeners(event_type: str) -> bool:
    """One question before any other: most facts interest nobody."""
    return list_listeners(event_type).exists()


def _fulfilments() -> Any:
    """Packages and services come from nowhere and are nobody's to ship."""
    return (
        Fulfilment.objects.filter(site__isnull=False)
        .select_related("order", "seller_order", "site")
        .prefetch_related("lines__item")
        .order_by("pk")
    )


def _parties(fulfilment: Fulfilment) -> Iterable[tuple[int, str]]:
    yield fulfilment.source_id, "source"
    if fulfilment.receiver_id is not None and fulfilment.receiver_id != fulfilment.source_id:
        yield fulfilment.receiver_id, "receiver"


def _fulfilment_data(fulfilment: Fulfilment, role: str) -> dict[str, Any]:
    """What both sides of a fulfilment may see: no price, no person, no address."""
    return {
        "fulfilment_id": fulfilment.pk,
        "order_number": fulfilment.order.number,
        "seller_order": fulfilment.seller_order.number,
        "method": fulfilment.method,
        "status": fulfilment.status,
        "role": role,
        "site": fulfilment.site.code if fulfilment.site else None,
        "lines": [{"sku": line.item.sku, "quantity": line.quantity} for line in fulfilment.lines.all()],
    }
