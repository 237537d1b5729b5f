"""What a buyer reads of an order's life, and what is sent to it."""

from datetime import datetime, timedelta
from typing import Any

from apps.kernel.api import Money
from apps.notifications.api import queue_message
from apps.orders import conf
from apps.orders.models import CustomerOrder, OrderEvent
from apps.orders.policies.links import sign_order_link


def add_event(order: CustomerOrder, code: str, *, at: datetime, **context: Any) -> None:
    """Add an entry to an order's timeline. ``context`` holds plain values and Money."""
    plain = {name: value.as_json() if isinstance(value, Money) else value for name, value in context.items()}
    OrderEvent.objects.create(order=order, code=code, context=plain, at=at)


def order_link(order: CustomerOrder) -> str:
    """Return the address at which whoever holds it reads the order."""
    return f"{conf.site_url()}/orders/{order.number}/?token={sign_order_link(order.number)}"


def handover_link(order: CustomerOrder, fulfilment_id: int) -> str:
    """Return the address at which whoever holds it chooses when to fetch a car, and sees what was handed over."""
    return f"{conf.site_url()}/orders/{order.number}/handovers/{fulfilment_id}/?token={sign_order_link(order.number)}"


def tell_buyer(
    order: CustomerOrder,
    template: str,
    *,
    cause: str = "",
    wait: timedelta = timedelta(0),
    now: datetime,
    **context: Any,
) -> None:
    """
    Send a message to the buyer on every way it gave, after ``wait``; ``cause`` tells apart what may be told twice.

    A code goes by SMS where there is a phone, else by e-mail, never on two ways.
    """
    ways = [("sms", order.phone or order.recipient_phone), ("email", order.email)]
    ways = [(channel, to) for channel, to in ways if to]
    if template == "pickup_code":
        ways = ways[:1]
    values = {name: str(value) for name, value in context.items()}
    for channel, to in ways:
        queue_message(
            template=template,
            channel=channel,
            to=to,
            language=order.language,
            context={"order_number": order.number, **values},
            dedupe_key=f"orders:{order.number}:{template}:{cause}:{channel}",
            user_id=order.user_id,
            wait=wait,
            now=now,
        )
