"""What the law takes and gives on a day, from the row that holds on it. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from apps.kernel.api import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseTaxTerms:
    """One row of the law: shares of one; ``relief_cap`` None is without a limit."""

    rate: Decimal
    relief_share: Decimal
    relief_cap: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseTax:
    """The tax on one car: ``full`` on ``taxable`` (the price without VAT), less ``relief`` is ``due``."""

    taxable: Money
    full: Money
    relief: Money

    @property
    def due(self) -> Money:
        """What the buyer pays to the tax office."""
        return self.full - self.relief


def purchase_tax(*, price: Money, vat_rate: Decimal, terms: PurchaseTaxTerms) -> PurchaseTax:
    """
    Return the purchase tax on a car of this price, VAT included; every amount is rounded half up to the fen.

    Source: 《中华人民共和国车辆购置税法》第四条、第六条 (10 % of the price paid to the seller, without VAT).
    """
    taxable = Money.rounded(price.amount / (1 + vat_rate), price.currency)
    full = Money.rounded(taxable.amount * terms.rate, price.currency)
    relief = Money.rounded(full.amount * terms.relief_share, price.currency)
    if terms.relief_cap is not None:
        relief = min(relief, terms.relief_cap)
    return PurchaseTax(taxable=taxable, full=full, relief=relief)


def subsidy(*, price: Money, share: Decimal, cap: Money) -> Money:
    """Return what the state adds to a car of this price, VAT included: a share of it, ``cap`` at most."""
    return min(Money.rounded(price.amount * share, price.currency), cap)
