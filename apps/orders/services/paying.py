"""Pay what is due on an order: the first payment again, by another provider, or the balance."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.kernel.api import Money
from apps.orders import conf
from apps.orders.errors import NothingToPay
from apps.orders.models import CustomerOrder
from apps.orders.selectors.orders import access_order
from apps.orders.services.checkout import payment_subject
from apps.orders.services.locks import lock_order
from apps.orders.services.timeline import add_event
from apps.orders.states import ORDER, OrderStatus, Plan
from apps.payments.api import Payment, PaymentView, Provider, Tender, open_payment, present_payment
from apps.payments.errors import UnknownProvider

if TYPE_CHECKING:
    from apps.accounts.api import User


def pay_order(
    *,
    number: str,
    provider: str,
    tender: str,
    return_url: str,
    by: "User | None",
    now: datetime,
    token: str | None = None,
) -> PaymentView:
    """
    Open what is due on an order of the caller at a provider and say how to pay it.

    ``return_url`` may hold ``{number}``.

    ``full`` pays the first payment (a prepayment, if that was the plan), ``balance`` the rest of an order with a
    prepayment. Asking again for the same provider presents the same payment; another provider replaces it.

    :raises OrderNotFound: if the order is not the caller's
    :raises UnknownProvider: if we take no payments through ``provider``
    :raises NothingToPay: if the order takes no such payment now
    :raises ProviderUnavailable: if the provider does not answer; asking again later presents the same payment
    """
    if provider not in Provider.values:
        raise UnknownProvider(provider=provider)
    access_order(number=number, by=by, token=token)
    payment = _open(number=number, provider=provider, tender=tender, return_url=return_url, by=by, now=now)
    return present_payment(payment_number=payment.number, now=now)


@transaction.atomic
def _open(*, number: str, provider: str, tender: str, return_url: str, by: "User | None", now: datetime) -> Payment:
    order = lock_order(number)
    kind, amount = _due(order, tender, now=now)
    if kind is Tender.BALANCE and order.status == OrderStatus.DEPOSIT_PAID:
        ORDER.move(order, "call_balance", by=by, at=now)
        add_event(order, "balance_called", at=now, balance_due=amount)
    is_first = order.status == OrderStatus.AWAITING_PAYMENT
    return open_payment(
        order_number=order.number,
        tender=kind,
        provider=provider,
        amount=amount,
        subject=payment_subject(order),
        return_url=return_url.replace("{number}", order.number),
        expires_at=order.expires_at if is_first and order.expires_at else now + conf.balance_time(),
        by=by,
        now=now,
    )


def _due(order: CustomerOrder, tender: str, *, now: datetime) -> tuple[Tender, Money]:
    if tender == Tender.FULL and order.status == OrderStatus.AWAITING_PAYMENT:
        if order.expires_at is not None and order.expires_at <= now:
            raise NothingToPay(status=OrderStatus.EXPIRED)
        if order.plan == Plan.DEPOSIT:
            return Tender.DEPOSIT, order.money("deposit")
        return Tender.FULL, order.money("total")
    if tender == Tender.BALANCE and order.status in (OrderStatus.DEPOSIT_PAID, OrderStatus.AWAITING_BALANCE):
        return Tender.BALANCE, order.balance_due
    raise NothingToPay(status=order.status)
