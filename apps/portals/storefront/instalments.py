"""What a car costs by the month, as the configurator asks and shows it; the figures are financing's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.financing.api import FinanceProductView, InstalmentQuote
from apps.kernel.api import Money

# What is shown before anybody asked: thirty percent down, three years.
USUAL_SHARE = Decimal("0.3")
USUAL_MONTHS = 36
STEP = Decimal(1000)


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """The ways to finance a price, the one in view and its quote; the down payment asked for may be out of range."""

    products: tuple[FinanceProductView, ...]
    product: FinanceProductView
    quote: InstalmentQuote
    lowest: Money
    highest: Money
    is_out_of_range: bool


def calculate(
    products: Sequence[FinanceProductView],
    price: Money,
    *,
    plan: str = "",
    months: int | None = None,
    down: int | None = None,
) -> Calculator | None:
    """
    Return the quote for what a visitor asked, or for the usual terms where nothing, or nothing possible, was asked.

    None where nothing is offered, or the price is too small to finance.
    """
    product = next((row for row in products if row.code == plan), products[0] if products else None)
    if product is None or not product.rates:
        return None
    lowest, highest = product.down_payments(price)
    if highest <= lowest:
        return None
    term = months if months in product.months else _usual_term(product.months)
    paid = Money.of(down, price.currency) if down is not None else _usual_down(price, lowest, highest)
    is_out_of_range = not lowest <= paid <= highest
    if is_out_of_range:
        paid = lowest if paid < lowest else highest
    return Calculator(
        products=tuple(products),
        product=product,
        quote=product.quote(price=price, down_payment=paid, months=term),
        lowest=lowest,
        highest=highest,
        is_out_of_range=is_out_of_range,
    )


def _usual_term(months: Sequence[int]) -> int:
    return USUAL_MONTHS if USUAL_MONTHS in months else max(months)


def _usual_down(price: Money, lowest: Money, highest: Money) -> Money:
    share = (price.amount * USUAL_SHARE / STEP).to_integral_value(ROUND_HALF_UP) * STEP
    return max(lowest, min(highest, Money.rounded(share, price.currency)))
