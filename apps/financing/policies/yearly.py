"""
The yearly percentage of a loan, by its internal rate of return.

Whoever offers a loan in China must show its yearly rate, worked out from everything the borrower pays and what the
borrower really has the use of; a monthly amount, a "flat" rate or a fee alone does not say what a loan costs.
Source: 中国人民银行公告〔2021〕第 3 号 (every loan product shows its yearly rate; the compound method is the internal
rate of return).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from apps.financing.errors import AprNotConverging, NotALoan
from apps.kernel.api import Money

MONTHS = 12
# Working digits, and the step below which Newton's method has arrived; shown are four places (12.80 %).
PRECISION = 34
CLOSE_ENOUGH = Decimal("1e-24")
MOST_STEPS = 100
# A monthly rate beyond which nobody lends and nothing is worked out any more: a thousand percent a month.
HIGHEST = Decimal(10)
SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """
    What a loan costs a year, as shares of one: 0.1280 is 12.80 %.

    ``nominal`` is the monthly internal rate times twelve, ``effective`` that rate compounded over twelve months.
    """

    nominal: Decimal
    effective: Decimal


def monthly_irr(received: Money, payments: Sequence[Money]) -> Decimal:
    """
    Return the rate r at which Σ paymentₖ / (1 + r)ᵏ, k = 1 … n, is what the borrower received.

    ``received`` is the amount financed less every fee paid at the start. Newton's method from r = 0: the sum falls and
    is convex in r, so that each step stays below the answer and comes nearer; one that passes ``HIGHEST`` says that the
    answer lies beyond.

    :raises NotALoan: if nothing was received, a payment is below zero, or less is paid back than was received
    :raises AprNotConverging: if the steps pass ``HIGHEST``, or do not come close enough
    """
    paid = [payment.amount for payment in payments]
    surplus = sum(paid, Decimal(0)) - received.amount
    if received.amount <= 0 or surplus < 0 or min(paid) < 0:
        raise NotALoan
    if surplus == 0:
        return Decimal(0)
    with localcontext() as context:
        context.prec = PRECISION
        rate = Decimal(0)
        for _step in range(MOST_STEPS):
            value, slope = _present_value(paid, rate)
            change = (value - received.amount) / -slope
            rate += change
            if rate > HIGHEST:
                break
            if abs(change) < CLOSE_ENOUGH:
                return rate
    raise AprNotConverging


def yearly_cost(received: Money, payments: Sequence[Money]) -> YearlyCost:
    """Return the yearly percentage of a loan paid back month by month; see ``monthly_irr``."""
    monthly = monthly_irr(received, payments)
    with localcontext() as context:
        context.prec = PRECISION
        effective = (1 + monthly) ** MONTHS - 1
    return YearlyCost(nominal=_shown(monthly * MONTHS), effective=_shown(effective))


def _present_value(paid: Sequence[Decimal], rate: Decimal) -> tuple[Decimal, Decimal]:
    """What the payments are worth today at a monthly rate, and how that changes with the rate."""
    factor = 1 / (1 + rate)
    discount, value, slope = Decimal(1), Decimal(0), Decimal(0)
    for month, payment in enumerate(paid, start=1):
        discount *= factor
        value += payment * discount
        slope -= month * payment * discount * factor
    return value, slope


def _shown(share: Decimal) -> Decimal:
    return share.quantize(SHOWN, rounding=ROUND_HALF_UP)
