"""
Turn a cart into an order that awaits its payment.

Step 1 is one transaction: the cart closes, prices are taken anew and compared, the order is written, the payment is
opened, stock is reserved. Step 2 calls the payment provider outside any transaction. Payment and expiry are steps 3
and 4.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.dealers.api import AuthorizationKind, Store, get_store, require_authorization, require_receiving
from apps.events.api import OrderAwaitingPayment
from apps.inventory.api import Promise, reserve
from apps.kernel.api import Money, outbox, ports, sum_money
from apps.orders import conf
from apps.orders.errors import (
    CartAlreadyOrdered,
    CartEmpty,
    CheckoutKeyReused,
    DepositNotOffered,
    NumberTaken,
    OrderNotFound,
    PointsNotEnough,
    PriceChanged,
    StoreCannotHandOver,
)
from apps.orders.models import CustomerOrder, OrderItem
from apps.orders.policies import wishes
from apps.orders.policies.freight import VEHICLE_KIND
from apps.orders.policies.money import Amounts
from apps.orders.policies.numbers import hash_token
from apps.orders.policies.wishes import CartRef, Contact, FulfilmentWish, PaymentWish
from apps.orders.selectors.buyers import context_of
from apps.orders.selectors.carts import CURRENCY, QuotedCart, open_carts, quote_cart
from apps.orders.selectors.terms import deposit_for
from apps.orders.services.drafts import Draft, write_decisions, write_draft
from apps.orders.services.quotas import take_quotas
from apps.orders.services.routing import plan_demands, region_of
from apps.orders.states import ORDER, Method, Plan
from apps.payments.api import Payment, PaymentView, Provider, Tender, open_payment, present_payment
from apps.payments.errors import UnknownProvider
from apps.shop.api import Basket

if TYPE_CHECKING:
    from apps.accounts.api import User

TRIES_FOR_A_NUMBER = 5
TOKEN_BYTES = 32
# A user without an open cart who ordered so recently has pressed the button twice.
JUST_NOW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class CheckoutResult:
    """
    An order that awaits payment. ``order_token`` lets a guest read it; only its hash is kept.

    ``is_new`` is False for an order that an earlier request wrote: it may have come further since.
    """

    order: CustomerOrder
    order_token: str
    payment: PaymentView
    is_new: bool

    @property
    def order_number(self) -> str:
        """The number of the order."""
        return self.order.number


@dataclass(frozen=True, kw_only=True)
class _Request:
    """A checkout as it was asked for, checked as far as that needs no lock."""

    cart_ref: CartRef
    contact: Contact
    fulfilment: FulfilmentWish
    payment: PaymentWish
    expected_total: Money
    points: int
    key: str
    fingerprint: str
    token: str
    by: "User | None"
    language: str
    return_url: str
    now: datetime


def checkout(
    *,
    cart_ref: CartRef,
    contact: Contact,
    fulfilment: FulfilmentWish,
    payment: PaymentWish,
    expected_total: Money,
    points: int = 0,
    checkout_key: str,
    by: "User | None",
    language: str,
    return_url: str,
    now: datetime,
) -> CheckoutResult:
    """
    Order what is in the caller's cart and open its payment. ``return_url`` may hold ``{number}``.

    Safe to repeat with the same ``checkout_key``: an order that was written before its answer got out is found again,
    with a fresh token. If the provider is down the order stands and the same request, or ``pay_order``, presents the
    payment later.

    :raises CartEmpty: if there is nothing to order
    :raises CartAlreadyOrdered: if the cart became an order under another key
    :raises ContactRequired, InvalidContact, AddressIncomplete: if the buyer or the goods could not be reached
    :raises UnknownStore, StoreCannotHandOver, DealerNotAuthorized: if the store cannot hand these goods over
    :raises UnknownProvider, DepositNotOffered, PointsNotEnough: if it cannot be paid that way
    :raises PriceChanged: if the total is not ``expected_total``; the new one is in the context
    :raises QuotaUsedUp: if the dealer has sold as many of these cars as it may
    :raises OutOfStock: if not every piece can be promised; nothing is then
    :raises ProviderUnavailable: if the provider does not answer; the order awaits payment all the same
    """
    if payment.provider not in Provider.values:
        raise UnknownProvider(provider=payment.provider)
    request = _Request(
        cart_ref=cart_ref,
        contact=_contact_of(by, wishes.check_contact(contact, is_guest=by is None)),
        fulfilment=wishes.check_fulfilment(fulfilment),
        payment=payment,
        expected_total=expected_total,
        points=points,
        key=wishes.checkout_key(cart_ref.owner, checkout_key),
        fingerprint=wishes.fingerprint(contact, fulfilment, payment, expected_total.as_json(), points),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        by=by,
        language=language,
        return_url=return_url,
        now=now,
    )
    order, opened = _place_or_resume(request)
    view = present_payment(payment_number=opened.number, now=now)
    return CheckoutResult(order=order, order_token=request.token, payment=view, is_new=order.created_at == now)


def _contact_of(by: "User | None", contact: Contact) -> Contact:
    """Reach a signed-in buyer where its account says, unless it says otherwise."""
    if by is None:
        return contact
    return Contact(email=contact.email or by.email or "", phone=contact.phone or by.phone or "")


def _place_or_resume(request: _Request) -> tuple[CustomerOrder, Payment]:
    for _attempt in range(TRIES_FOR_A_NUMBER):
        try:
            return _place(request)
        except (CartAlreadyOrdered, CartEmpty):
            resumed = _resume(request)
            if resumed is None:
                raise
            return resumed
        except IntegrityError as error:
            taken = _constraint_of(error)
            if "number" in taken:
                continue
            if "checkout_key" in taken and (resumed := _resume(request)) is not None:
                return resumed
            raise
    raise NumberTaken


@transaction.atomic
def _place(request: _Request) -> tuple[CustomerOrder, Payment]:
    """Do step 1. The stock levels, which other buyers wait for, are locked last."""
    now = request.now
    cart = lock_open_cart(request.cart_ref, now=now)
    store = get_store(request.fulfilment.store_id or 0) if request.fulfilment.method == Method.PICKUP else None
    context = context_of(request.fulfilment, store, user_id=request.cart_ref.user_id, at=now)
    quoted = quote_cart(cart, user_id=request.cart_ref.user_id, at=now, is_strict=True, context=context)
    if not quoted.lines:
        raise CartEmpty
    if store is not None:
        _check_store(store, request, quoted)
    amounts = _check_total(request, quoted)
    deposit = _check_plan(request, quoted, amounts.total)
    if request.points:
        raise PointsNotEnough(available=0)
    order, items = write_draft(
        Draft(
            number=ports.adapter("shop.order_number").new_number(),
            cart=cart,
            user=request.by,
            contact=request.contact,
            fulfilment=request.fulfilment,
            plan=request.payment.plan,
            language=request.language,
            lines=quoted.lines,
            amounts=amounts,
            deposit=deposit,
            token_hash=hash_token(request.token),
            checkout_key=request.key,
            fingerprint=request.fingerprint,
            expires_at=now + conf.payment_time(),
            at=now,
        )
    )
    Basket.objects.filter(pk=cart.pk).update(status=Basket.SUBMITTED, date_submitted=now)
    ORDER.move(order, "submit", by=request.by, at=now)
    payment = _open_payment(order, request)
    outbox.record(OrderAwaitingPayment(order_number=order.number), at=now)
    if codes := [voucher.code for voucher in quoted.vouchers]:
        ports.adapter("orders.vouchers").claim(codes=codes, order_number=order.number, user_id=order.user_id, at=now)
    _reserve(order, items, quoted, store, request)
    return order, payment


def lock_open_cart(ref: CartRef, *, now: datetime) -> Basket:
    """
    Lock the caller's cart while it is open: of two checkouts of one cart the second finds it closed.

    :raises CartAlreadyOrdered: if it became an order
    :raises CartEmpty: if the caller has no cart
    """
    # The status is read again after a wait for the lock, so a cart that was ordered meanwhile is not returned.
    cart = open_carts(ref).select_for_update(of=("self",), no_key=True).first()
    if cart is not None:
        return cart
    orders = CustomerOrder.objects.filter(user_id=ref.user_id)
    if ref.user_id is not None:
        orders = orders.filter(created_at__gt=now - JUST_NOW)
    else:
        orders = orders.filter(cart_id=ref.cart_id, cart__isnull=False)
    number = orders.order_by("-created_at").values_list("number", flat=True).first()
    if number is None:
        raise CartEmpty
    raise CartAlreadyOrdered(order_number=number)


def _check_store(store: Store, request: _Request, quoted: QuotedCart) -> None:
    """
    Let only a store hand over that may.

    :raises StoreCannotHandOver: if it sells no cars and one is ordered
    :raises DealerNotAuthorized: if its dealer may not sell this brand there, or hand anything over; the rule is named
    """
    brands = {line.quote.brand_code for line in quoted.lines if line.quote and line.quote.kind == VEHICLE_KIND}
    if brands and not store.has_sales:
        raise StoreCannotHandOver(rule="sales")
    on = timezone.localdate(request.now)
    if not brands and any(line.quote and line.quote.needs_stock for line in quoted.lines):
        require_receiving(store=store, on=on)
    for brand in sorted(brands):
        require_authorization(
            dealer_id=store.dealer_id,
            brand_code=brand,
            region_code=store.district_code,
            kind=AuthorizationKind.SALES,
            on=on,
        )


def _check_total(request: _Request, quoted: QuotedCart) -> Amounts:
    """
    Return what the order costs.

    The buyer saw the total of this method, or the cart's, which counts on delivery: pickup only takes freight away.

    :raises PriceChanged: if it saw anything else
    """
    freight = quoted.freight[request.fulfilment.method]
    seen = {quoted.total(request.fulfilment.method)}
    if request.fulfilment.method == Method.PICKUP:
        seen.add(quoted.total(Method.DELIVERY))
    if request.expected_total not in seen:
        raise PriceChanged(expected=request.expected_total, total=quoted.total(request.fulfilment.method))
    return Amounts(
        goods=quoted.goods,
        discount=quoted.discount,
        freight=freight.amount,
        tax=sum_money((line.amounts.tax for line in quoted.lines), CURRENCY) + freight.tax,
    )


def _check_plan(request: _Request, quoted: QuotedCart, total: Money) -> Money:
    if request.payment.plan == Plan.FULL:
        return Money.zero(total.currency)
    if request.payment.plan != Plan.DEPOSIT or not quoted.has_vehicle:
        raise DepositNotOffered
    return deposit_for(total, at=request.now)


def _open_payment(order: CustomerOrder, request: _Request) -> Payment:
    is_deposit = order.plan == Plan.DEPOSIT
    return open_payment(
        order_number=order.number,
        tender=Tender.DEPOSIT if is_deposit else Tender.FULL,
        provider=request.payment.provider,
        amount=order.money("deposit" if is_deposit else "total"),
        subject=payment_subject(order),
        return_url=request.return_url.replace("{number}", order.number),
        expires_at=order.expires_at,
        by=request.by,
        now=request.now,
    )


def payment_subject(order: CustomerOrder) -> str:
    """Return what the buyer reads at the provider's."""
    with translation.override(order.language):
        return _("Xingchi order %(number)s") % {"number": order.number}


def _reserve(
    order: CustomerOrder, items: Sequence[OrderItem], quoted: QuotedCart, store: Store | None, request: _Request
) -> None:
    demands, records = plan_demands(
        list(items),
        list(quoted.lines),
        method=request.fulfilment.method,
        store_id=store.pk if store else None,
        store_place=(float(store.latitude), float(store.longitude)) if store else None,
        region=region_of(request.fulfilment.address),
        at=request.now,
    )
    if not demands:
        return
    promises = reserve(
        cause=order.number,
        demands=demands,
        expires_at=order.expires_at + conf.HOLD_GRACE,
        by=request.by,
        now=request.now,
    )
    take_quotas(order, items, promises, store, now=request.now)
    write_decisions(items, records, chosen_sites(promises), occasion="checkout", at=request.now)


def chosen_sites(promises: Sequence[Promise]) -> dict[int, list]:
    """Return ``[site code, pieces]`` by item."""
    chosen: dict[int, list] = {}
    for promise in promises:
        chosen.setdefault(int(promise.line_ref), []).append([promise.site_code, promise.quantity])
    return chosen


@transaction.atomic
def _resume(request: _Request) -> tuple[CustomerOrder, Payment] | None:
    """
    Return the order that this key wrote, if it did, and its newest payment; the order gets a fresh token.

    The token of the first attempt was never answered to anybody: its answer is what is being repeated.

    :raises CheckoutKeyReused: if the key wrote an order for another request
    """
    order = CustomerOrder.objects.select_for_update(of=("self",), no_key=True).filter(checkout_key=request.key).first()
    if order is None:
        return None
    if order.checkout_fingerprint != request.fingerprint:
        raise CheckoutKeyReused
    CustomerOrder.objects.filter(pk=order.pk).update(token_hash=hash_token(request.token))
    payment = Payment.objects.filter(order_number=order.number).order_by("-pk").first()
    if payment is None:
        raise OrderNotFound
    return order, payment


def _constraint_of(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
