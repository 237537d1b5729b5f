"""What can be financed how, and what it costs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from apps.financing.errors import DownPaymentOutOfRange, NoFinanceProduct, TermNotOffered
from apps.financing.models import FinanceProduct, FinanceRate
from apps.financing.policies import Plan, Terms, draw_up
from apps.financing.states import Repayment
from apps.kernel.api import Money

# Down payments are asked for in whole steps, so that a slider and a person arrive at the same figure.
STEP = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class RateView:
    """The rate over one term: what the buyer pays after the brand's subsidy, and that subsidy."""

    months: int
    yearly_rate: Decimal
    subsidy: Decimal


@dataclass(frozen=True, kw_only=True)
class InstalmentQuote:
    """What financing a price costs, with everything a buyer must be told beside the monthly amount."""

    product_code: str
    product: str
    lender: str
    repayment: Repayment
    price: Money
    down_payment: Money
    months: int
    yearly_rate: Decimal
    subsidy: Decimal
    plan: Plan

    @property
    def monthly(self) -> Money:
        """The payment of the first month."""
        return self.plan.monthly

    @property
    def yearly_percentage(self) -> Decimal:
        """The internal rate of return times twelve, in percent: 12.80."""
        return self.plan.yearly.nominal * 100

    @property
    def effective_percentage(self) -> Decimal:
        """The internal rate of return compounded over a year, in percent: 13.58."""
        return self.plan.yearly.effective * 100


@dataclass(frozen=True, kw_only=True)
class FinanceProductView:
    """One way to finance a car, as it stands at a moment."""

    id: int
    code: str
    name: str
    lender: str
    repayment: Repayment
    lowest_down_payment: Decimal
    highest_down_payment: Decimal
    fee_rate: Decimal
    balloon_share: Decimal
    rates: tuple[RateView, ...]

    @property
    def months(self) -> tuple[int, ...]:
        """The terms it is offered over."""
        return tuple(rate.months for rate in self.rates)

    def down_payments(self, price: Money) -> tuple[Money, Money]:
        """Return the lowest and the highest down payment on a price, in whole steps inside the range."""
        low = (price.amount * self.lowest_down_payment / STEP).to_integral_value(ROUND_UP) * STEP
        high = (price.amount * self.highest_down_payment / STEP).to_integral_value(ROUND_DOWN) * STEP
        return Money.rounded(min(low, high), price.currency), Money.rounded(high, price.currency)

    def quote(self, *, price: Money, down_payment: Money, months: int) -> InstalmentQuote:
        """
        Work out what financing a price costs.

        :raises TermNotOffered: if it is not offered over so many months
        :raises DownPaymentOutOfRange: if too little or too much is paid down
        """
        rate = next((rate for rate in self.rates if rate.months == months), None)
        if rate is None:
            raise TermNotOffered(asked=months, months=list(self.months))
        lowest, highest = self.down_payments(price)
        if not lowest <= down_payment <= highest:
            raise DownPaymentOutOfRange(lowest=lowest, highest=highest)
        terms = Terms(
            repayment=self.repayment,
            months=months,
            yearly_rate=rate.yearly_rate,
            balloon_share=self.balloon_share,
            fee_rate=self.fee_rate,
        )
        return InstalmentQuote(
            product_code=self.code,
            product=self.name,
            lender=self.lender,
            repayment=self.repayment,
            price=price,
            down_payment=down_payment,
            months=months,
            yearly_rate=rate.yearly_rate,
            subsidy=rate.subsidy,
            plan=draw_up(price=price, down_payment=down_payment, terms=terms),
        )


def list_finance_products(*, at: datetime) -> list[FinanceProductView]:
    """Return the ways to finance a car offered at an instant, in the order in which they are shown; one query."""
    rows = FinanceRate.objects.filter(product__valid__contains=at).select_related("product__lender")
    products: dict[int, list[FinanceRate]] = {}
    for row in rows.order_by("product__position", "product", "months"):
        products.setdefault(row.product_id, []).append(row)
    return [_view(rates) for rates in products.values()]


def quote_instalments(
    *, price: Money, down_payment: Money, months: int, at: datetime, product_code: str = ""
) -> InstalmentQuote:
    """
    Work out what financing a price costs: by a product, or by the first one that is offered over so many months.

    :raises NoFinanceProduct: if there is none
    :raises TermNotOffered: if the product is not offered over so many months
    :raises DownPaymentOutOfRange: if too little or too much is paid down
    """
    offered = list_finance_products(at=at)
    if product_code:
        offered = [product for product in offered if product.code == product_code]
    if not offered:
        raise NoFinanceProduct(product_code=product_code)
    product = next((product for product in offered if months in product.months), offered[0])
    return product.quote(price=price, down_payment=down_payment, months=months)


def view_product(product: FinanceProduct) -> FinanceProductView:
    """Return one version of a product, whether or not it is offered any more."""
    return _view(list(FinanceRate.objects.filter(product=product).select_related("product__lender").order_by("months")))


def _view(rates: list[FinanceRate]) -> FinanceProductView:
    product = rates[0].product
    return FinanceProductView(
        id=product.pk,
        code=product.code,
        name=product.name,
        lender=product.lender.name,
        repayment=Repayment(product.repayment),
        lowest_down_payment=product.lowest_down_payment,
        highest_down_payment=product.highest_down_payment,
        fee_rate=product.fee_rate,
        balloon_share=product.balloon_share,
        rates=tuple(
            RateView(months=rate.months, yearly_rate=rate.yearly_rate - rate.subsidy, subsidy=rate.subsidy)
            for rate in rates
        ),
    )
