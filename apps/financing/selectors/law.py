"""What the law takes from whoever buys a car on a day, and what it gives."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.catalog.api import tax_rate_of
from apps.financing.errors import NoLawForTheDay
from apps.financing.models import PurchaseTaxRule, SubsidyRule
from apps.financing.policies import PurchaseTax, PurchaseTaxTerms, purchase_tax, subsidy
from apps.financing.states import Energy, SubsidyKind
from apps.kernel.api import Money

# How the catalog's rows of value added tax call the sale of a car.
GOODS = "GOODS"


@dataclass(frozen=True, kw_only=True)
class PurchaseTaxView:
    """The purchase tax on a car bought on a day, and the row it follows from; shares are shares of one."""

    on: date
    rate: Decimal
    relief_share: Decimal
    tax: PurchaseTax
    source: str


@dataclass(frozen=True, kw_only=True)
class SubsidyView:
    """What the state adds if the old car is scrapped, or sold or traded in."""

    kind: SubsidyKind
    amount: Money
    source: str


def work_out_purchase_tax(*, price: Money, energy: Energy, on: date) -> PurchaseTaxView:
    """
    Work out the purchase tax on a car; ``price`` includes VAT, ``on`` is the day on the invoice, in China.

    :raises NoLawForTheDay: if no row of the purchase tax or of the value added tax holds on that day
    """
    rule = PurchaseTaxRule.objects.filter(energy=energy, valid__contains=on).first()
    vat_rate = tax_rate_of(GOODS, on=on)
    if rule is None or vat_rate is None:
        raise NoLawForTheDay(on=on)
    cap = None if rule.relief_cap is None else Money(rule.relief_cap, price.currency)
    terms = PurchaseTaxTerms(rate=rule.rate, relief_share=rule.relief_share, relief_cap=cap)
    return PurchaseTaxView(
        on=on,
        rate=rule.rate,
        relief_share=rule.relief_share,
        tax=purchase_tax(price=price, vat_rate=vat_rate, terms=terms),
        source=rule.source,
    )


def list_subsidies(*, price: Money, energy: Energy, on: date) -> list[SubsidyView]:
    """List what the state adds to a car of this price, VAT included, bought on a day in China, the most first."""
    rules = SubsidyRule.objects.filter(energy=energy, valid__contains=on).order_by("-cap", "kind")
    return [
        SubsidyView(
            kind=SubsidyKind(rule.kind),
            amount=subsidy(price=price, share=rule.share, cap=Money(rule.cap, price.currency)),
            source=rule.source,
        )
        for rule in rules
    ]
