"""Handover areas of the demo's stores, and a car that waits for its appointment at one of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NoReturn

from django.contrib.staticfiles import storage

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.kernel.api import outbox, ports
from apps.orders.api import (
    CartRef,
    Contact,
    CustomerOrder,
    FulfilmentWish,
    PaymentWish,
    accept_fulfilment,
    add_line,
    checkout,
    mark_arrived,
)
from apps.payments.api import Source, Tender, book_tender, close_payments
from apps.payments.errors import ProviderUnavailable
from apps.payments.ports import GATEWAY_PORT
from apps.scheduling.api import ResourceKind, add_resource, list_resources

# One each: an hour for a car and half an hour to make the next one ready.
RULES: dict[str, Any] = {"slot_minutes": 60, "buffer_minutes": 30, "notice_minutes": 24 * 60, "change_minutes": 4 * 60}


def load_handover_areas() -> int:
    """Give every store that sells a handover area; what is there stays as HQ has it. Returns how many stores sell."""
    known = set(list_resources(kind=ResourceKind.HANDOVER).values_list("store_id", flat=True))
    stores = list(Store.objects.filter(has_sales=True).select_related("dealer").order_by("pk"))
    for store in stores:
        if store.pk not in known:
            add_resource(
                kind=ResourceKind.HANDOVER,
                store=store,
                code="AREA-1",
                name_zh="1 号交车区",
                name_en="Handover area 1",
                **RULES,
            )
    return len(stores)


def load_waiting_handover(data: Mapping[str, Any], *, now: datetime) -> int:
    """
    Let the car of ``handovers.json`` be ordered, paid by a lender and taken in by its store, once.

    The news of the money is delivered at once, as the relay does later: a paid order has its fulfilment only then.
    """
    for row in data["waiting"]:
        buyer, clerk = (User.objects.get(email=row[who]) for who in ("buyer", "clerk"))
        if CustomerOrder.objects.filter(user=buyer).exists():
            continue
        store = Store.objects.select_related("dealer").get(code=row["store"])
        with _plain_addresses():
            order = _order(Trim.objects.get(code=row["trim"]).product_id, buyer, store, now=now)
        book_tender(
            order_number=order.number,
            tender=Tender.LOAN,
            source=Source.LENDER,
            reference=f"DEMO-{order.number}",
            amount=order.money("total"),
            subject=order.number,
            by=None,
            now=now,
        )
        outbox.drain(now=now, strict=True, aggregate=f"payments:{order.number}")
        found = order.fulfilments.get()
        keys = {"fulfilment_id": found.pk, "organization_id": store.dealer.organization_id, "by": clerk, "now": now}
        accept_fulfilment(**keys)
        mark_arrived(**keys)
    return len(data["waiting"])


class _NobodyAtTheTill:
    """No provider answers while the demo is being made; orders stand all the same."""

    def create(self, order: object) -> NoReturn:
        """
        Open no trade.

        :raises ProviderUnavailable: always
        """
        raise ProviderUnavailable


@contextmanager
def _plain_addresses() -> Iterator[None]:
    """Name pictures without fingerprints: the static files are only being collected while the demo is made."""
    kept = storage.staticfiles_storage._wrapped
    storage.staticfiles_storage._wrapped = storage.StaticFilesStorage()
    try:
        yield
    finally:
        storage.staticfiles_storage._wrapped = kept


def _order(product_id: int, buyer: User, store: Store, *, now: datetime) -> CustomerOrder:
    cart = add_line(cart_ref=CartRef(user_id=buyer.pk), product_id=product_id, quantity=1, now=now)
    with ports.using({GATEWAY_PORT.format(provider="wechatpay"): _NobodyAtTheTill()}), suppress(ProviderUnavailable):
        checkout(
            cart_ref=CartRef(user_id=buyer.pk),
            contact=Contact(),
            fulfilment=FulfilmentWish(method="pickup", store_id=store.pk),
            payment=PaymentWish(provider="wechatpay", plan="full"),
            expected_total=cart.pickup_total,
            checkout_key="demo:handover",
            by=buyer,
            language=buyer.language,
            return_url="",
            now=now,
        )
    order = CustomerOrder.objects.get(user=buyer)
    close_payments(order_number=order.number, by=None, now=now)
    return order
