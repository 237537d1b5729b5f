"""
Every event an organization can subscribe to, with an example of its data: the documentation that receivers build on.

A message is ``{"type": …, "timestamp": …, "data": {…}}``. Data may gain fields; fields are never renamed or removed.
No message carries a person's name, number or address, another organization's figures, or a reason somebody wrote:
receivers ask the API for what they may see.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import OrganizationKind

SUPPLIER, DEALER, HQ = OrganizationKind.SUPPLIER, OrganizationKind.DEALER, OrganizationKind.HQ
EVERYBODY = frozenset({SUPPLIER, DEALER, HQ})
PING = "webhook.ping"


@dataclass(frozen=True, kw_only=True)
class EventType:
    """One kind of message: whom it is for, when it comes, what it carries."""

    name: str
    title: Promise
    when: Promise
    example: Mapping[str, Any]
    kinds: Collection[OrganizationKind] = EVERYBODY


_FULFILMENT = {
    "fulfilment_id": 1042,
    "order_number": "X2K7M4Q9",
    "seller_order": "X2K7M4Q9-1",
    "method": "delivery",
    "status": "PENDING",
    "role": "source",
    "site": "SUP-BOSCH-SZ",
    "lines": [{"sku": "BOS-0986AF0051", "quantity": 2}],
}
_SELLER_ORDER = {"seller_order": "X2K7M4Q9-1", "order_number": "X2K7M4Q9"}

CATALOGUE: dict[str, EventType] = {
    event.name: event
    for event in (
        EventType(
            name="fulfilment.created",
            title=_("New fulfilment"),
            when=_(
                "Something is to be shipped or handed over by you. You are its source (it leaves your site) or receiver"
                " (your store hands it over)."
            ),
            example=_FULFILMENT,
        ),
        EventType(
            name="fulfilment.updated",
            title=_("Fulfilment moved"),
            when=_(
                "A fulfilment of yours made a step; move and status say which. Steps of one fulfilment may arrive out"
                " of order."
            ),
            example={**_FULFILMENT, "move": "accept", "status": "PICKED"},
        ),
        EventType(
            name="fulfilment.withdrawn",
            title=_("Fulfilment taken away"),
            when=_("It was not accepted in time, or declined, and another site does it now."),
            example={"fulfilment_id": 1042, "order_number": "X2K7M4Q9"},
        ),
        EventType(
            name="seller_order.completed",
            title=_("Seller order completed"),
            when=_("Everything you sold in an order was delivered or handed over."),
            example=_SELLER_ORDER,
        ),
        EventType(
            name="seller_order.cancelled",
            title=_("Seller order cancelled"),
            when=_("The buyer or headquarters called the order off. Do not ship what has not left yet."),
            example=_SELLER_ORDER,
        ),
        EventType(
            name="offer.changed",
            title=_("Offer changed"),
            when=_("The price, status or lead time of an offer of yours may have changed."),
            example={
                "sku": "BOS-0986AF0051",
                "product_id": 311,
                "price": {"amount": "129.00", "currency": "CNY"},
                "status": "ACTIVE",
                "lead_time_days": 2,
                "site": "SUP-BOSCH-SZ",
            },
            kinds=frozenset({SUPPLIER, HQ}),
        ),
        EventType(
            name="stock.changed",
            title=_("Stock changed"),
            when=_("The figures of a product at a site of yours changed. They are those of the moment of writing."),
            example={
                "product_id": 311,
                "sku": "BOS-0986AF0051",
                "site": "SUP-BOSCH-SZ",
                "on_hand": 40,
                "reserved": 2,
                "allocated": 5,
            },
        ),
        EventType(
            name="supplier.status_changed",
            title=_("Supplier status changed"),
            when=_("You may sell now, or no longer."),
            example={"status": "APPROVED"},
            kinds=frozenset({SUPPLIER}),
        ),
        EventType(
            name="dealer.status_changed",
            title=_("Dealer status changed"),
            when=_("Your stores take new orders now, or no longer; is_blocked says that a rule keeps orders away."),
            example={"status": "APPROVED", "is_blocked": False},
            kinds=frozenset({DEALER}),
        ),
    )
}


def list_event_types(kind: OrganizationKind | str) -> list[EventType]:
    """The events for one kind of organization, in the order of the documentation."""
    return [event for event in CATALOGUE.values() if kind in event.kinds]
