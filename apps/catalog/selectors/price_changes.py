"""Reads of changes of prices: what the rules of a day say of one, and which wait."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, QuerySet

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


class ChangeJudge:
    """The rules of a moment with all they need to know of some products and offers: four queries, however many."""

    def __init__(self, *, product_ids: Collection[int], offer_ids: Collection[int], at: datetime) -> None:
        infos = ProductInfo.objects.filter(pk__in=product_ids).select_related("shown_offer__stock_record")
        self.kinds: dict[int, str] = {}
        self.shown: dict[int, Decimal | None] = {}
        for info in infos:
            self.kinds[info.pk] = info.kind
            self.shown[info.pk] = info.shown_offer.stock_record.price if info.shown_offer else None
        self.rules = {rule.kind: rule for rule in PriceChangeRule.objects.filter(valid__contains=at)}
        versions = OfferPrice.objects.filter(offer__in=offer_ids, valid__upper_inf=True)
        self.in_force = {version.offer_id: version for version in versions}
        longest = max((rule.days for rule in self.rules.values()), default=0)
        # The first price of an offer is no change of it.
        changes = OfferPrice.objects.filter(
            offer__in=offer_ids, valid__startswith__gt=at - timedelta(days=longest)
        ).exclude(valid__startswith=F("offer__created_at"))
        self.changes: dict[int, list[datetime]] = defaultdict(list)
        for offer_id, valid in changes.values_list("offer_id", "valid"):
            self.changes[offer_id].append(valid.lower)
        self.at = at

    def judge(self, *, product_id: int, offer_id: int | None, price: Decimal) -> JudgedChange:
        """Judge a price; an offer without one is compared with what the product costs now."""
        version = self.in_force.get(offer_id or 0)
        before = version.amount if version else self.shown.get(product_id)
        rule = self.rules.get(self.kinds.get(product_id, "")) or self.rules.get("")
        recent = 0
        if rule:
            since = self.at - timedelta(days=rule.days)
            recent = sum(moment > since for moment in self.changes[offer_id or 0])
        verdict = judge_change(
            before=before, after=price, recent_changes=recent, limits=_limits(rule), is_first=version is None
        )
        return JudgedChange(verdict=verdict, before=before, rule=rule)


def judge(offer: Offer, price: Money, *, at: datetime) -> JudgedChange:
    """Judge a change of an offer's price by the rules of the day; headquarters' own prices are its own matter."""
    if offer.seller.organization.kind == OrganizationKind.HQ:
        return JudgedChange(verdict=ChangeVerdict(Verdict.AT_ONCE), before=None, rule=None)
    rules = ChangeJudge(product_ids=[offer.product_id], offer_ids=[offer.pk], at=at)
    return rules.judge(product_id=offer.product_id, offer_id=offer.pk, price=price.amount)


def _limits(rule: PriceChangeRule | None) -> ChangeLimits | None:
    return rule and ChangeLimits(
        rise=rule.rise,
        fall=rule.fall,
        refused_rise=rule.refused_rise,
        refused_fall=rule.refused_fall,
        most_changes=rule.most_changes,
        days=rule.days,
    )


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
