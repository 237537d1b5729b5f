"""A cart as it stands, priced at a moment in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet

from apps.catalog.api import NATIONAL, LineQuote, LineRequest, PriceContext, quote_lines, try_quote_lines
from apps.kernel.api import DomainError, Money, Parameter, in_language, ports, prepared, sum_money
from apps.orders.models import CartVoucher
from apps.orders.policies.freight import VEHICLE_KIND, Freight, freight_of
from apps.orders.policies.money import Amounts, line_amounts
from apps.orders.policies.wishes import CartRef
from apps.orders.ports import VoucherDiscount, VoucherLine
from apps.orders.selectors.sites import StockSite, list_stock_sites
from apps.orders.selectors.terms import freight_terms
from apps.orders.states import Method
from apps.shop.api import Basket, BasketLine

CURRENCY = "CNY"


@dataclass(frozen=True)
class AskedLine:
    """One cart line, what the catalog was asked about it, and what it answered."""

    line: BasketLine
    request: LineRequest
    answer: LineQuote | DomainError

    @property
    def quote(self) -> LineQuote | None:
        """The price, unless the answer is a refusal."""
        return None if isinstance(self.answer, DomainError) else self.answer


@dataclass(frozen=True, kw_only=True)
class QuotedLine:
    """One cart line with its price now; ``refusal`` instead of a quote where it cannot be sold."""

    line_id: int
    quantity: int
    product_id: int
    configuration_id: UUID | None
    vehicle_id: int | None
    quote: LineQuote | None
    amounts: Amounts
    sites: tuple[StockSite, ...] = ()
    refusal: DomainError | None = None
    last_title: str = ""

    @property
    def is_available(self) -> bool:
        """Tell whether the whole quantity could be promised at the moment of the quote."""
        if self.quote is None:
            return False
        free = sum(site.available for site in self.sites if site.is_offered)
        return not self.quote.needs_stock or free >= self.quantity


@dataclass(frozen=True, kw_only=True)
class QuotedCart:
    """All lines priced, vouchers applied, freight by method."""

    cart_id: int | None
    lines: tuple[QuotedLine, ...] = ()
    vouchers: tuple[VoucherDiscount, ...] = ()
    freight: dict[str, Freight] = field(default_factory=dict)

    @property
    def goods(self) -> Money:
        """What the lines cost before discounts."""
        return sum_money((line.amounts.goods for line in self.lines), CURRENCY)

    @property
    def discount(self) -> Money:
        """What is taken off."""
        return sum_money((line.amounts.discount for line in self.lines), CURRENCY)

    @property
    def has_vehicle(self) -> bool:
        """Tell whether a car is in the cart."""
        return any(line.quote is not None and line.quote.kind == VEHICLE_KIND for line in self.lines)

    def total(self, method: str) -> Money:
        """Return what the buyer pays when the goods reach him by ``method``."""
        return self.goods - self.discount + self.freight[method].amount


@dataclass(frozen=True, kw_only=True)
class CartLineView:
    """One line as pages and API show it."""

    id: int
    product_id: int
    kind: str
    slug: str
    title_zh: str
    title_en: str
    image: str
    quantity: int
    unit_price: Money
    list_price: Money | None
    discount: Money
    total: Money
    available: bool
    configuration_id: UUID | None
    vehicle_id: int | None
    option_summary: Sequence[dict[str, Any]]
    problem: str

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)


@dataclass(frozen=True, kw_only=True)
class CartView:
    """
    The cart as pages and API show it; money includes tax.

    ``shipping`` and ``total`` are those of home delivery, ``pickup_total`` is the total without it. ``has_vehicle``
    tells whether a prepayment is offered.
    """

    id: int | None
    lines: tuple[CartLineView, ...]
    vouchers: tuple[dict[str, Any], ...]
    subtotal: Money
    discount: Money
    shipping: Money
    total: Money
    pickup_total: Money
    has_vehicle: bool

    @property
    def piece_count(self) -> int:
        """How many pieces are in the cart."""
        return sum(line.quantity for line in self.lines)


def open_carts(ref: CartRef) -> QuerySet[Basket]:
    """Return the caller's open cart, if there is one: a signed-in user's own, or the anonymous one of the cookie."""
    if ref.user_id is not None:
        return Basket.objects.filter(owner_id=ref.user_id, status=Basket.OPEN)
    return Basket.objects.filter(pk=ref.cart_id or 0, owner=None, status=Basket.OPEN)


def find_cart(ref: CartRef) -> Basket | None:
    """Return the caller's open cart, unlocked."""
    if ref.user_id is None and ref.cart_id is None:
        return None
    return open_carts(ref).first()


def list_cart_lines(cart: Basket) -> list[BasketLine]:
    """Return the lines with their wishes, in the order they were added."""
    return list(_lines()(cart=cart.pk))


@prepared
def _lines() -> QuerySet[BasketLine]:
    lines = BasketLine.objects.filter(basket=Parameter("cart", BigIntegerField()))
    return lines.select_related("wish").order_by("pk")


def count_pieces(ref: CartRef) -> int:
    """Count the pieces in the caller's cart, for a badge; one small query, none for who cannot have a cart."""
    if ref.user_id is None and ref.cart_id is None:
        return 0
    lines = BasketLine.objects.filter(basket__status=Basket.OPEN)
    mine = (
        lines.filter(basket__owner=ref.user_id) if ref.user_id else lines.filter(basket=ref.cart_id, basket__owner=None)
    )
    return sum(mine.values_list("quantity", flat=True))


def quote_cart(
    cart: Basket | None, *, user_id: int | None, at: datetime, is_strict: bool, context: PriceContext = NATIONAL
) -> QuotedCart:
    """
    Price a cart at a moment, for the buyer ``context`` says.

    ``is_strict`` (a checkout) raises the first refusal of the catalog; otherwise (a page) the line carries it.
    """
    if cart is None:
        return QuotedCart(cart_id=None, freight=_no_freight())
    lines = list_cart_lines(cart)
    requests = [request_of(line) for line in lines]
    quote_all = quote_lines if is_strict else try_quote_lines
    answers = quote_all(requests, at=at, context=context) if requests else []
    asked = [AskedLine(*entry) for entry in zip(lines, requests, answers, strict=True)]
    return assemble_cart(cart.pk, asked, user_id=user_id, at=at)


def assemble_cart(cart_id: int, asked: Sequence[AskedLine], *, user_id: int | None, at: datetime) -> QuotedCart:
    """Return a cart of lines that the catalog has answered: with discounts, stock and freight."""
    if not asked:
        return QuotedCart(cart_id=cart_id, freight=_no_freight())
    discounts = _discounts(cart_id, asked, user_id=user_id, at=at)
    taken_off: dict[str, Money] = {}
    for discount in discounts:
        for ref, amount in discount.by_line.items():
            taken_off[ref] = taken_off.get(ref, Money.zero(CURRENCY)) + amount
    sites = list_stock_sites(
        {one.quote.product_id: one.quote.stock_record_id for one in asked if one.quote and one.quote.needs_stock}
    )
    quoted = tuple(_quoted(one, taken_off.get(str(one.line.pk), Money.zero(CURRENCY)), sites) for one in asked)
    goods = sum_money((line.amounts.goods - line.amounts.discount for line in quoted), CURRENCY)
    kinds = [line.quote.kind for line in quoted if line.quote is not None]
    terms = freight_terms(at=at)
    delivery = freight_of(kinds=kinds, goods=goods, parcel=terms["parcel"], vehicle=terms["vehicle"])
    return QuotedCart(
        cart_id=cart_id, lines=quoted, vouchers=tuple(discounts), freight={**_no_freight(), Method.DELIVERY: delivery}
    )


def view_cart(quoted: QuotedCart) -> CartView:
    """Return a priced cart as pages and API show it."""
    return CartView(
        id=quoted.cart_id,
        lines=tuple(map(_line_view, quoted.lines)),
        vouchers=tuple(
            {"code": voucher.code, "name": voucher.name, "discount": sum_money(voucher.by_line.values(), CURRENCY)}
            for voucher in quoted.vouchers
        ),
        subtotal=quoted.goods,
        discount=quoted.discount,
        shipping=quoted.freight[Method.DELIVERY].amount,
        total=quoted.total(Method.DELIVERY),
        pickup_total=quoted.total(Method.PICKUP),
        has_vehicle=quoted.has_vehicle,
    )


def _no_freight() -> dict[str, Freight]:
    nothing = Freight(amount=Money.zero(CURRENCY), tax=Money.zero(CURRENCY))
    return {Method.DELIVERY: nothing, Method.PICKUP: nothing}


def request_of(line: BasketLine) -> LineRequest:
    """Return what the catalog is asked for a line."""
    wish = getattr(line, "wish", None)
    return LineRequest(
        product_id=line.product_id,
        quantity=line.quantity,
        configuration_id=wish.configuration_id if wish else None,
        vehicle_id=wish.vehicle_id if wish else None,
    )


def _discounts(cart_id: int, asked: Sequence[AskedLine], *, user_id: int | None, at: datetime) -> list[VoucherDiscount]:
    codes = list(CartVoucher.objects.filter(cart=cart_id).order_by("pk").values_list("code", flat=True))
    if not codes:
        return []
    voucher_lines = [
        VoucherLine(
            ref=str(one.line.pk),
            product_id=one.quote.product_id,
            kind=one.quote.kind,
            seller_organization_id=one.quote.seller_organization_id,
            quantity=one.request.quantity,
            goods=one.quote.total,
        )
        for one in asked
        if one.quote is not None
    ]
    return ports.adapter("orders.vouchers").discounts(codes=codes, lines=voucher_lines, user_id=user_id, at=at)


def _quoted(one: AskedLine, discount: Money, sites: dict[int, list[StockSite]]) -> QuotedLine:
    quote, request = one.quote, one.request
    amounts = Amounts.zero(CURRENCY)
    if quote is not None:
        amounts = line_amounts(
            unit_price=quote.unit_price, quantity=request.quantity, discount=discount, tax_rate=quote.tax_rate
        )
    return QuotedLine(
        line_id=one.line.pk,
        quantity=request.quantity,
        product_id=request.product_id,
        configuration_id=request.configuration_id,
        vehicle_id=request.vehicle_id,
        quote=quote,
        amounts=amounts,
        sites=tuple(sites.get(request.product_id, ())),
        refusal=None if quote is not None else one.answer,
        last_title=one.line.product.title if quote is None else "",
    )


def _line_view(line: QuotedLine) -> CartLineView:
    quote = line.quote
    if quote is None:
        nothing = Money.zero(CURRENCY)
        return CartLineView(
            id=line.line_id,
            product_id=line.product_id,
            kind="",
            slug="",
            title_zh=line.last_title,
            title_en="",
            image="",
            quantity=line.quantity,
            unit_price=nothing,
            list_price=None,
            discount=nothing,
            total=nothing,
            available=False,
            configuration_id=line.configuration_id,
            vehicle_id=line.vehicle_id,
            option_summary=(),
            problem=str(line.refusal or ""),
        )
    return CartLineView(
        id=line.line_id,
        product_id=line.product_id,
        kind=quote.kind,
        slug=quote.slug,
        title_zh=quote.title_zh,
        title_en=quote.title_en,
        image=quote.image,
        quantity=line.quantity,
        unit_price=quote.unit_price,
        list_price=quote.list_price,
        discount=line.amounts.discount,
        total=line.amounts.total,
        available=line.is_available,
        configuration_id=line.configuration_id,
        vehicle_id=line.vehicle_id,
        option_summary=quote.option_summary,
        problem="",
    )
