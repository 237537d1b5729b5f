"""The dated terms in force at a moment."""

from datetime import datetime

from apps.kernel.api import Money
from apps.orders.errors import TermsMissing
from apps.orders.models import BalanceRule, DepositRule, ShippingRate
from apps.orders.models.terms import FreightKind
from apps.orders.policies.freight import FreightTerms
from apps.orders.policies.money import deposit_of


def freight_terms(*, at: datetime) -> dict[str, FreightTerms]:
    """
    Return what delivery costs by kind of freight.

    :raises TermsMissing: if a kind has no row in force
    """
    terms = {rate.kind: rate.terms() for rate in ShippingRate.objects.in_force(at)}
    if missing := [kind for kind in FreightKind.values if kind not in terms]:
        raise TermsMissing(terms=[f"shipping_rate.{kind}" for kind in missing])
    return terms


def deposit_for(total: Money, *, at: datetime) -> Money:
    """
    Return the refundable prepayment on ``total``.

    :raises TermsMissing: if no rule is in force
    """
    rule = DepositRule.objects.in_force(at).first()
    if rule is None:
        raise TermsMissing(terms=["deposit_rule"])
    return deposit_of(total, rate=rule.rate, step=rule.step)


def find_balance_rule(*, at: datetime) -> BalanceRule | None:
    """Return how long a balance called at ``at`` may stay unpaid; without a rule it may for ever."""
    return BalanceRule.objects.in_force(at).first()
