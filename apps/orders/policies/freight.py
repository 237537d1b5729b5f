"""What bringing goods to the buyer costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.kernel.api import Money
from apps.orders.policies.money import included_tax


@dataclass(frozen=True, kw_only=True)
class FreightTerms:
    """A dated row: ``amount`` per order, nothing from ``free_from`` on; both tax included."""

    amount: Money
    free_from: Money | None
    tax_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Freight:
    """The charge and the tax inside it."""

    amount: Money
    tax: Money


PARCEL_KINDS = frozenset({"part", "accessory"})
VEHICLE_KIND = "vehicle"


def freight_of(*, kinds: Sequence[str], goods: Money, parcel: FreightTerms, vehicle: FreightTerms) -> Freight:
    """
    Return what delivery costs: at most one parcel charge and one vehicle charge per order.

    ``goods`` is what all lines cost after discounts; packages and services travel free. Pickup costs nothing and does
    not ask.
    """
    charges = [
        (terms.amount, terms.tax_rate)
        for terms, wanted in ((parcel, any(kind in PARCEL_KINDS for kind in kinds)), (vehicle, VEHICLE_KIND in kinds))
        if wanted and not (terms.free_from is not None and goods >= terms.free_from)
    ]
    zero = Money.zero(goods.currency)
    return Freight(
        amount=sum((amount for amount, _ in charges), zero),
        tax=sum((included_tax(amount, rate) for amount, rate in charges), zero),
    )
