"""Monthly payments of a financed amount, to the fen, and what they cost in the end."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from apps.financing.errors import AprNotConverging, NegativeRate, NothingToFinance
from apps.financing.policies.yearly import MONTHS, PRECISION, YearlyCost, yearly_cost
from apps.financing.states import Repayment
from apps.kernel.api import Money, sum_money

# Instalments are whole fen; what rounding leaves grows with interest, and beyond this much nothing can be shown.
MOST_DRIFT = Decimal(10)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """
    On what terms an amount is financed; rates and shares are shares of one (0.0399 is 3.99 %).

    ``yearly_rate`` is charged on what is still owed; with FLAT on the whole amount financed, to the end.
    ``balloon_share`` of the price stays for the last month (BALLOON only). ``fee_rate`` of the amount
    financed is paid at the start.
    """

    repayment: Repayment
    months: int
    yearly_rate: Decimal
    balloon_share: Decimal = Decimal(0)
    fee_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is paid when. ``payments`` are those of month 1 … n; the balloon is in the last one."""

    financed: Money
    fee: Money
    balloon: Money
    payments: tuple[Money, ...]
    yearly: YearlyCost

    @property
    def monthly(self) -> Money:
        """The payment of the first month: with equal instalments, of every month but perhaps the last."""
        return self.payments[0]

    @property
    def last(self) -> Money:
        """The payment of the last month, without the balloon."""
        return self.payments[-1] - self.balloon

    @property
    def interest(self) -> Money:
        """What is paid beyond the amount financed, without the fee."""
        return sum_money(self.payments, self.financed.currency) - self.financed

    @property
    def cost(self) -> Money:
        """What the financing costs in all: interest and fee."""
        return self.interest + self.fee


def draw_up(*, price: Money, down_payment: Money, terms: Terms) -> Plan:
    """
    Return the plan that finances ``price`` less ``down_payment`` on these terms.

    Every payment is rounded half up to the fen; the last one settles what rounding left, so that principal and interest
    are paid exactly.

    :raises NegativeRate: if a rate, the fee or the balloon is below zero
    :raises NothingToFinance: if nothing is financed, there are no months, or the balloon is more than what is financed
    :raises AprNotConverging: if its yearly percentage cannot be worked out
    """
    if min(terms.yearly_rate, terms.fee_rate, terms.balloon_share) < 0:
        raise NegativeRate
    financed = price - down_payment
    balloon = Money.zero(price.currency)
    if terms.repayment == Repayment.BALLOON:
        balloon = Money.rounded(price.amount * terms.balloon_share, price.currency)
    if financed.amount <= 0 or terms.months < 1 or balloon > financed:
        raise NothingToFinance
    fee = Money.rounded(financed.amount * terms.fee_rate, price.currency)
    with localcontext() as context:
        context.prec = PRECISION
        payments = _payments(financed, balloon, terms)
    return Plan(
        financed=financed,
        fee=fee,
        balloon=balloon,
        payments=payments,
        yearly=yearly_cost(financed - fee, payments),
    )


def _payments(financed: Money, balloon: Money, terms: Terms) -> tuple[Money, ...]:
    if terms.repayment == Repayment.FLAT:
        return _flat(financed, terms)
    if terms.repayment == Repayment.EQUAL_PRINCIPAL:
        return _equal_principal(financed, terms)
    return _annuity(financed, balloon, terms)


def _annuity(financed: Money, balloon: Money, terms: Terms) -> tuple[Money, ...]:
    """
    Equal payments that leave ``balloon`` after the last: (P − B·v)·r / (1 − v) with v = (1 + r)⁻ⁿ.

    What is owed is carried month by month in fen, as the lender's book does.

    :raises AprNotConverging: if at such a rate what rounding leaves outgrows an instalment
    """
    rate = terms.yearly_rate / MONTHS
    if rate:
        still_worth = (1 + rate) ** -terms.months
        exact = (financed.amount - balloon.amount * still_worth) * rate / (1 - still_worth)
        if CENT * (1 / still_worth - 1) / rate > max(exact, MOST_DRIFT):
            raise AprNotConverging
    else:
        exact = (financed.amount - balloon.amount) / terms.months
    monthly = Money.rounded(exact, financed.currency)
    owed = financed
    for _month in range(terms.months - 1):
        owed = owed + Money.rounded(owed.amount * rate, owed.currency) - monthly
    last = owed + Money.rounded(owed.amount * rate, owed.currency)
    return (*[monthly] * (terms.months - 1), last)


def _equal_principal(financed: Money, terms: Terms) -> tuple[Money, ...]:
    """The same part of the principal every month, and the interest on what is still owed: payments that fall."""
    rate = terms.yearly_rate / MONTHS
    owed, payments = financed, []
    for part in reversed(financed.split([1] * terms.months)):
        payments.append(part + Money.rounded(owed.amount * rate, owed.currency))
        owed = owed - part
    return tuple(payments)


def _flat(financed: Money, terms: Terms) -> tuple[Money, ...]:
    """Principal and interest on the whole principal in equal parts; the last one settles what rounding left."""
    rate = terms.yearly_rate / MONTHS
    owed = financed + Money.rounded(financed.amount * rate * terms.months, financed.currency)
    monthly = Money.rounded(owed.amount / terms.months, owed.currency)
    return (*[monthly] * (terms.months - 1), owed - monthly * (terms.months - 1))
