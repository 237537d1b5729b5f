"""
How amounts divide: tax inside a price, an order over sellers and fulfilments, payments and refunds over sellers.

Every division is by largest remainder in minor units, so that the children always sum to the parent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_CEILING, Decimal

from apps.kernel.api import Money


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """
    What one order, seller order, line or fulfilment costs, tax included.

    ``total = goods - discount + freight``; ``tax`` is the part of ``total`` that is tax.
    """

    goods: Money
    discount: Money
    freight: Money
    tax: Money

    @property
    def total(self) -> Money:
        """What is owed."""
        return self.goods - self.discount + self.freight

    @classmethod
    def zero(cls, currency: str) -> "Amounts":
        """Return amounts of nothing."""
        return cls(**{field.name: Money.zero(currency) for field in fields(cls)})

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            goods=self.goods + other.goods,
            discount=self.discount + other.discount,
            freight=self.freight + other.freight,
            tax=self.tax + other.tax,
        )


def included_tax(total: Money, rate: Decimal) -> Money:
    """Return the tax inside ``total``. Example: 113.00 at 0.13 → 13.00."""
    return Money.rounded(total.amount * rate / (1 + rate), total.currency)


def line_amounts(*, unit_price: Money, quantity: int, discount: Money, tax_rate: Decimal) -> Amounts:
    """Return the amounts of one line; freight belongs to the order."""
    goods = unit_price * quantity
    return Amounts(
        goods=goods,
        discount=discount,
        freight=Money.zero(unit_price.currency),
        tax=included_tax(goods - discount, tax_rate),
    )


def sum_amounts(parts: Sequence[Amounts], currency: str) -> Amounts:
    """Add amounts up."""
    return sum(parts, Amounts.zero(currency))


def with_freight(children: Sequence[Amounts], *, freight: Money, freight_tax: Money) -> list[Amounts]:
    """
    Spread an order's freight and its tax over its children by what their goods cost.

    The children of an order of worthless goods share equally.
    """
    weights = [(child.goods - child.discount).minor for child in children]
    freights = freight.split(weights)
    # The tax follows the freight it is part of, so that a child without freight has no freight tax.
    taxes = freight_tax.split([part.minor for part in freights] if freight else weights)
    return [
        Amounts(goods=child.goods, discount=child.discount, freight=child.freight + part, tax=child.tax + tax)
        for child, part, tax in zip(children, freights, taxes, strict=True)
    ]


def split_by_quantity(whole: Amounts, quantities: Sequence[int]) -> list[Amounts]:
    """
    Divide a line over the fulfilments that its quantity spilled to.

    What is owed divides within each part's goods, and the tax within what is owed, so that no part has a discount
    beyond its goods or a tax beyond its total, as dividing each amount alone could give it.
    """
    goods = whole.goods.split(quantities)
    owed = divide(whole.goods - whole.discount, goods)
    taxes = divide(whole.tax, owed)
    freights = whole.freight.split(quantities)
    return [
        Amounts(goods=part, discount=part - rest, freight=freight, tax=tax)
        for part, rest, freight, tax in zip(goods, owed, freights, taxes, strict=True)
    ]


def divide(amount: Money, remaining: Sequence[Money]) -> list[Money]:
    """
    Divide a payment or a refund over children, none of which may take more than ``remaining``.

    What exceeds the sum of ``remaining`` is nobody's share. Largest remainder keeps within the caps: a share is at most
    its cap before rounding, and only a share with a fraction, thus below its cap, is rounded up.
    """
    capacity = sum((part.minor for part in remaining), 0)
    taken = Money.from_minor(min(amount.minor, capacity), amount.currency)
    if not taken:
        return [Money.zero(amount.currency) for _ in remaining]
    return taken.split([part.minor for part in remaining])


def deposit_of(total: Money, *, rate: Decimal, step: Decimal) -> Money:
    """
    Return the prepayment on ``total``: the rate, rounded up to a whole ``step``, at most the total.

    Example: 169,900.00 at 0.10, step 1 → 16,990.00.
    """
    steps = (total.amount * rate / step).to_integral_value(rounding=ROUND_CEILING)
    return min(Money.rounded(steps * step, total.currency), total)
