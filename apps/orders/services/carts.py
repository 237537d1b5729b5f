"""Fill a cart. Every change locks the cart's row, so that nothing slips into a cart that is becoming an order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.catalog.api import LineQuote, LineRequest, PriceContext, try_quote_lines
from apps.kernel.api import DomainError, ports
from apps.orders.errors import CartLineNotFound, OrderNotFound, TooManyLines, VoucherUnknown
from apps.orders.models import CartLine, CartVoucher
from apps.orders.policies.wishes import CartRef, FulfilmentWish
from apps.orders.selectors.buyers import guess_context
from apps.orders.selectors.carts import (
    AskedLine,
    CartView,
    assemble_cart,
    find_cart,
    list_cart_lines,
    open_carts,
    quote_cart,
    request_of,
    view_cart,
)
from apps.orders.selectors.orders import access_order
from apps.shop.api import Basket, BasketLine

MOST_LINES = 50
LONGEST_VOUCHER = 40


def get_cart(ref: CartRef, *, now: datetime, fulfilment: FulfilmentWish | None = None) -> CartView:
    """
    Return the caller's cart at the prices of ``now``; an empty one (without id) if there is none.

    With ``fulfilment`` at the prices of where the goods go, which a checkout counts.
    """
    context = guess_context(fulfilment, user_id=ref.user_id, at=now)
    return view_cart(quote_cart(find_cart(ref), user_id=ref.user_id, at=now, is_strict=False, context=context))


@transaction.atomic
def add_line(
    *,
    cart_ref: CartRef,
    product_id: int,
    quantity: int,
    configuration_id: UUID | None = None,
    vehicle_id: int | None = None,
    now: datetime,
) -> CartView:
    """
    Put pieces of a product into the caller's cart, which is made if there is none; its id is in the answer.

    The same product with the same configuration and the same car to fit adds to its line.

    :raises ProductNotFound: if there is no such product
    :raises NotForSale: if nobody offers it now
    :raises PartDoesNotFit: if it does not fit the car ``vehicle_id``
    :raises InvalidQuantity: if the line would hold fewer or more pieces than one may order
    :raises TooManyLines: if the cart is full
    """
    request = LineRequest(
        product_id=product_id, quantity=quantity, configuration_id=configuration_id, vehicle_id=vehicle_id
    )
    cart, asked = _put(cart_ref, request, with_others=True, at=now)
    return _show(cart, asked, cart_ref, now=now)


@transaction.atomic
def put_line(
    *,
    cart_ref: CartRef,
    product_id: int,
    quantity: int,
    configuration_id: UUID | None = None,
    vehicle_id: int | None = None,
    now: datetime,
) -> int:
    """
    Do what ``add_line`` does, and refuse what it refuses, but return the cart's id alone.

    For whoever leads on to the cart's page, which prices it.
    """
    request = LineRequest(
        product_id=product_id, quantity=quantity, configuration_id=configuration_id, vehicle_id=vehicle_id
    )
    return _put(cart_ref, request, with_others=False, at=now)[0].pk


@transaction.atomic
def change_line(*, cart_ref: CartRef, line_id: int, quantity: int, now: datetime) -> CartView:
    """
    Set how many pieces a line of the caller's cart holds.

    :raises CartLineNotFound: if the line is not in the caller's open cart
    :raises InvalidQuantity: if nobody may order so many, or so few
    """
    cart = _lock_cart(cart_ref)
    lines = list_cart_lines(cart) if cart is not None else []
    line = next((line for line in lines if line.pk == line_id), None)
    if cart is None or line is None:
        raise CartLineNotFound
    request = replace(request_of(line), quantity=quantity)
    context = guess_context(None, user_id=cart_ref.user_id, at=now)
    asked, answer = _ask([other for other in lines if other is not line], request, at=now, context=context)
    _set_quantity(line, quantity)
    asked.append(AskedLine(line, request, answer))
    return _show(cart, asked, cart_ref, now=now)


@transaction.atomic
def remove_line(*, cart_ref: CartRef, line_id: int, now: datetime) -> CartView:
    """
    Take a line out of the caller's cart.

    :raises CartLineNotFound: if the line is not in the caller's open cart
    """
    cart, line = _lock_line(cart_ref, line_id)
    BasketLine.objects.filter(pk=line.pk).delete()
    return _view(cart, cart_ref, now=now)


@transaction.atomic
def add_voucher(*, cart_ref: CartRef, code: str, now: datetime) -> CartView:
    """
    Enter a voucher into the caller's cart; entering it twice changes nothing.

    :raises VoucherUnknown: if there is no such voucher for this buyer
    """
    if not 0 < len(code.strip()) <= LONGEST_VOUCHER:
        raise VoucherUnknown(voucher=code[:LONGEST_VOUCHER])
    known = ports.adapter("orders.vouchers").check(code=code.strip(), user_id=cart_ref.user_id, at=now)
    cart = _lock_cart(cart_ref) or _make_cart(cart_ref)
    CartVoucher.objects.get_or_create(cart=cart, code=known)
    return _view(cart, cart_ref, now=now)


@transaction.atomic
def remove_voucher(*, cart_ref: CartRef, code: str, now: datetime) -> CartView:
    """
    Take a voucher out of the caller's cart.

    :raises CartLineNotFound: if it is not entered there
    """
    cart = _lock_cart(cart_ref)
    if cart is None or not CartVoucher.objects.filter(cart=cart, code=code).delete()[0]:
        raise CartLineNotFound
    return _view(cart, cart_ref, now=now)


@transaction.atomic
def merge_carts(*, cart_ref: CartRef, now: datetime) -> None:
    """
    Move what an anonymous visitor gathered (``cart_id``) into the cart of the user it turned out to be.

    What both hold adds up, within what one may order; a cart that was merged or ordered already changes nothing.
    """
    if cart_ref.user_id is None or cart_ref.cart_id is None:
        return
    source = Basket.objects.select_for_update().filter(pk=cart_ref.cart_id, owner=None, status=Basket.OPEN).first()
    if source is None:
        return
    target = _lock_cart(CartRef(user_id=cart_ref.user_id))
    if target is None:
        Basket.objects.filter(pk=source.pk).update(owner_id=cart_ref.user_id)
        return
    kept = {line.line_reference: line for line in BasketLine.objects.filter(basket=target)}
    for line in BasketLine.objects.filter(basket=source).order_by("pk"):
        twin = kept.get(line.line_reference)
        if twin is None and len(kept) < MOST_LINES:
            BasketLine.objects.filter(pk=line.pk).update(basket=target)
            kept[line.line_reference] = line
        elif twin is not None:
            # Never more than the larger wish: signing in on a second device must not double an order.
            _set_quantity(twin, max(twin.quantity, line.quantity))
    known = CartVoucher.objects.filter(cart=target).values("code")
    CartVoucher.objects.filter(cart=source).exclude(code__in=known).update(cart=target)
    Basket.objects.filter(pk=source.pk).update(status=Basket.MERGED, date_merged=now)


@transaction.atomic
def reorder(*, number: str, cart_ref: CartRef, by, now: datetime, token: str | None = None) -> CartView:
    """
    Put the lines of an order of the caller into its cart again, for instance after the order expired.

    :raises OrderNotFound: if the order is not the caller's
    """
    order = access_order(number=number, by=by, token=token)
    items = list(order.items.order_by("position"))
    if not items:
        raise OrderNotFound
    view = get_cart(cart_ref, now=now)
    for item in items:
        if item.product_id is None:
            continue
        view = add_line(
            cart_ref=CartRef(user_id=cart_ref.user_id, cart_id=view.id or cart_ref.cart_id),
            product_id=item.product_id,
            quantity=item.quantity,
            configuration_id=item.configuration_id,
            vehicle_id=item.vehicle_id,
            now=now,
        )
    return view


def _lock_cart(ref: CartRef) -> Basket | None:
    """Lock the caller's open cart. A cart that became an order while we waited is not open any more: None."""
    if ref.user_id is None and ref.cart_id is None:
        return None
    return open_carts(ref).select_for_update(of=("self",), no_key=True).first()


def _put(cart_ref: CartRef, request: LineRequest, *, with_others: bool, at: datetime) -> tuple[Basket, list[AskedLine]]:
    """Add to the caller's cart; return it and, priced, the line, with those beside it if they are wanted."""
    cart = _lock_cart(cart_ref) or _make_cart(cart_ref)
    reference = f"{request.product_id}-{request.configuration_id or 0}-{request.vehicle_id or 0}"
    lines = list_cart_lines(cart)
    twin = next((line for line in lines if line.line_reference == reference), None)
    if twin is None and len(lines) >= MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    # Adding nothing, or less, is refused for what it is, whatever the line held before.
    if request.quantity >= 1 and twin is not None:
        request = replace(request, quantity=twin.quantity + request.quantity)
    others = [line for line in lines if line is not twin] if with_others else []
    context = guess_context(None, user_id=cart_ref.user_id, at=at)
    asked, answer = _ask(others, request, at=at, context=context)
    if twin is None:
        twin = _write_line(cart, reference, request, answer)
    else:
        _set_quantity(twin, request.quantity)
    return cart, [*asked, AskedLine(twin, request, answer)]


def _ask(
    others: Sequence[BasketLine], request: LineRequest, *, at: datetime, context: PriceContext
) -> tuple[list[AskedLine], LineQuote]:
    """Ask the catalog about a line and, in the same pass, about those beside it; raise what it refuses of the first."""
    requests = [request_of(line) for line in others]
    answer, *answers = try_quote_lines([request, *requests], at=at, context=context)
    if isinstance(answer, DomainError):
        raise answer
    return [AskedLine(*entry) for entry in zip(others, requests, answers, strict=True)], answer


def _write_line(cart: Basket, reference: str, request: LineRequest, quote: LineQuote) -> BasketLine:
    # bulk_create: Oscar's save() would load the basket again to ask what we know.
    (line,) = BasketLine.objects.bulk_create(
        [
            BasketLine(
                basket=cart,
                line_reference=reference,
                product_id=request.product_id,
                stockrecord_id=quote.stock_record_id,
                quantity=request.quantity,
                price_currency=quote.unit_price.currency,
                price_incl_tax=quote.unit_price.amount,
            )
        ]
    )
    if request.configuration_id is not None or request.vehicle_id is not None:
        CartLine.objects.create(line=line, configuration_id=request.configuration_id, vehicle_id=request.vehicle_id)
    return line


def _show(cart: Basket, asked: Sequence[AskedLine], ref: CartRef, *, now: datetime) -> CartView:
    in_order = sorted(asked, key=lambda one: one.line.pk)
    return view_cart(assemble_cart(cart.pk, in_order, user_id=ref.user_id, at=now))


def _lock_line(ref: CartRef, line_id: int) -> tuple[Basket, BasketLine]:
    cart = _lock_cart(ref)
    line = BasketLine.objects.filter(pk=line_id, basket=cart).first() if cart is not None else None
    if cart is None or line is None:
        raise CartLineNotFound
    return cart, line


def _make_cart(ref: CartRef) -> Basket:
    if ref.user_id is None:
        return Basket.objects.create(status=Basket.OPEN)
    try:
        with transaction.atomic():
            return Basket.objects.create(status=Basket.OPEN, owner_id=ref.user_id)
    except IntegrityError:
        # One open cart per user (migration 0002): somebody signed in as the same user was a moment faster.
        return _lock_cart(ref) or _make_cart(ref)


def _set_quantity(line: BasketLine, quantity: int) -> None:
    BasketLine.objects.filter(pk=line.pk).update(quantity=quantity)


def _view(cart: Basket, ref: CartRef, *, now: datetime) -> CartView:
    context = guess_context(None, user_id=ref.user_id, at=now)
    return view_cart(quote_cart(cart, user_id=ref.user_id, at=now, is_strict=False, context=context))
