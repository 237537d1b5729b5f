"""What the calculator shows: every plan side by side for one price, down payment and term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from apps.financing.api import (
    Energy,
    FinanceProductView,
    InstalmentQuote,
    NoLawForTheDay,
    Plan,
    PurchaseTaxView,
    Repayment,
    SubsidyView,
    Terms,
    draw_up,
    list_subsidies,
    work_out_purchase_tax,
)
from apps.kernel.api import DomainError, Money

USUAL_PRICE = Decimal(200_000)
USUAL_SHARE = Decimal("0.3")
USUAL_MONTHS = 36
STEP = Decimal(1000)


@dataclass(frozen=True, kw_only=True)
class ComparedPlan:
    """One plan in the comparison: its quote, or why there is none; ``is_cheapest`` by what the financing costs."""

    product: FinanceProductView
    quote: InstalmentQuote | None
    refusal: str
    is_cheapest: bool = False


@dataclass(frozen=True, kw_only=True)
class Law:
    """What the law takes and gives; ``refusal`` where our tables know nothing of the day."""

    tax: PurchaseTaxView | None
    subsidies: list[SubsidyView]
    refusal: str


def usual_down(price: Decimal) -> Decimal:
    """Return the down payment that is shown before anybody asked."""
    return (price * USUAL_SHARE / STEP).to_integral_value(ROUND_HALF_UP) * STEP


def compare_plans(
    products: Sequence[FinanceProductView], *, price: Money, down_payment: Money, months: int
) -> list[ComparedPlan]:
    """Quote every product; those that refuse say why and stand last, the others by what they cost."""
    rows = []
    for product in products:
        try:
            quote = product.quote(price=price, down_payment=down_payment, months=months)
        except DomainError as refusal:
            rows.append(ComparedPlan(product=product, quote=None, refusal=str(refusal)))
        else:
            rows.append(ComparedPlan(product=product, quote=quote, refusal=""))
    quoted = sorted((row for row in rows if row.quote), key=lambda row: row.quote.plan.cost.amount)
    best = [ComparedPlan(product=row.product, quote=row.quote, refusal="", is_cheapest=True) for row in quoted[:1]]
    return [*best, *quoted[1:], *(row for row in rows if row.quote is None)]


@dataclass(frozen=True, kw_only=True)
class OtherOffer:
    """What somebody else's offer really costs, or why that cannot be said."""

    plan: Plan | None
    refusal: str

    @property
    def yearly_percentage(self) -> Decimal | None:
        """The internal rate of return times twelve, in percent."""
        return self.plan.yearly.nominal * 100 if self.plan else None

    @property
    def effective_percentage(self) -> Decimal | None:
        """The internal rate of return compounded over a year, in percent."""
        return self.plan.yearly.effective * 100 if self.plan else None


def weigh_other_offer(
    *, price: Money, down_payment: Money, months: int, rate: Decimal, fee: Decimal, is_flat: bool
) -> OtherOffer:
    """Work out what another lender's offer costs a year; ``rate`` and ``fee`` are in percent."""
    terms = Terms(
        repayment=Repayment.FLAT if is_flat else Repayment.EQUAL_INSTALMENT,
        months=months,
        yearly_rate=rate / 100,
        fee_rate=fee / 100,
    )
    try:
        return OtherOffer(plan=draw_up(price=price, down_payment=down_payment, terms=terms), refusal="")
    except DomainError as refusal:
        return OtherOffer(plan=None, refusal=str(refusal))


def ask_the_law(*, price: Money, energy: Energy, on: date) -> Law:
    """Return purchase tax and subsidies of a day."""
    try:
        tax = work_out_purchase_tax(price=price, energy=energy, on=on)
    except NoLawForTheDay as refusal:
        return Law(tax=None, subsidies=[], refusal=str(refusal))
    return Law(tax=tax, subsidies=list_subsidies(price=price, energy=energy, on=on), refusal="")
