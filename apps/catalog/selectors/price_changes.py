"""Reads of changes of prices: what the rules of a day say of one, and which wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from apps.accounts.api import OrganizationKind
from apps.catalog.errors import NothingWaits
from apps.catalog.models import Offer, OfferPrice, PriceChange, PriceChangeRule, ProductInfo
from apps.catalog.policies.price_changes import ChangeLimits, ChangeVerdict, Verdict, judge_change
from apps.catalog.states import PriceChangeStatus
from apps.kernel.api import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedChange:
    """What the rules say of a change: from which amount, by which rule."""

    verdict: ChangeVerdict
    before: Decimal | None
    rule: PriceChangeRule | None


def judge(offer: Offer, price: Money, *, at: datetime) -> JudgedChange:
    """
    Judge a change of an offer's price by the rules of the day; headquarters' own prices are its own matter.

    An offer without a price is compared with what the product costs now.
    """
    if offer.seller.organization.kind == OrganizationKind.HQ:
        return JudgedChange(verdict=ChangeVerdict(Verdict.AT_ONCE), before=None, rule=None)
    rule = rule_for(offer.product_id, at=at)
    in_force = OfferPrice.objects.filter(offer=offer, valid__upper_inf=True).first() if offer.pk else None
    before = in_force.amount if in_force else _costs_elsewhere(offer)
    recent = 0
    if rule and in_force:
        # The first price of an offer is no change of it.
        since = max(at - timedelta(days=rule.days), offer.created_at)
        recent = OfferPrice.objects.filter(offer=offer, valid__startswith__gt=since).count()
    limits = rule and ChangeLimits(
        rise=rule.rise,
        fall=rule.fall,
        refused_rise=rule.refused_rise,
        refused_fall=rule.refused_fall,
        most_changes=rule.most_changes,
        days=rule.days,
    )
    verdict = judge_change(
        before=before, after=price.amount, recent_changes=recent, limits=limits, is_first=in_force is None
    )
    return JudgedChange(verdict=verdict, before=before, rule=rule)


def rule_for(product_id: int, *, at: datetime) -> PriceChangeRule | None:
    """The rule for a product's kind on that day, else the one for all kinds, else None."""
    kind = ProductInfo.objects.filter(pk=product_id).values("kind")[:1]
    rules = PriceChangeRule.objects.filter(valid__contains=at)
    return rules.filter(kind__in=kind).first() or rules.filter(kind="").first()


def waiting_changes(offer_ids: Collection[int]) -> dict[int, PriceChange]:
    """The change that waits for review, by offer."""
    rows = PriceChange.objects.filter(offer__in=offer_ids, status=PriceChangeStatus.WAITING)
    return {row.offer_id: row for row in rows}


def list_waiting_price_changes() -> QuerySet[PriceChange]:
    """Every price that waits for review, the longest waiting first."""
    rows = PriceChange.objects.filter(status=PriceChangeStatus.WAITING)
    return rows.select_related("offer__product__info", "offer__seller__organization").order_by("asked_at", "pk")


def access_price_change(*, change_id: int, organization_id: int) -> PriceChange:
    """
    A price change of an organization's own offer.

    :raises NothingWaits: if it has none of that id; another's reads alike
    """
    change = PriceChange.objects.filter(pk=change_id, offer__seller__organization_id=organization_id).first()
    if change is None:
        raise NothingWaits(change_id=change_id)
    return change


def _costs_elsewhere(offer: Offer) -> Decimal | None:
    info = ProductInfo.objects.select_related("shown_offer__stock_record").filter(pk=offer.product_id).first()
    return info.shown_offer.stock_record.price if info and info.shown_offer else None
