"""The rules of supply, and what of it the demo shows: price lists, prices and products that wait for review."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from psycopg2.extras import DateRange, DateTimeTZRange

from apps.accounts.api import Organization
from apps.catalog.models import (
    ForbiddenClaim,
    Offer,
    PriceChange,
    PriceChangeRule,
    PriceList,
    ProductInfo,
    ProductProposal,
)
from apps.catalog.services.offers import put_offer
from apps.catalog.services.price_lists import (
    EntryWish,
    draft_version,
    make_price_list,
    publish_version,
    set_entries,
)
from apps.catalog.services.proposals import ProductWish, reject_proposal, submit_product_proposal
from apps.dealers.api import Store
from apps.kernel.api import Money

LIMITS = ("rise", "fall", "refused_rise", "refused_fall")
WISHED = (
    "title_zh", "title_en", "summary_zh", "summary_en", "description_zh", "description_en", "icon", "fitment", "price",
    "lead_time_days", "minimum_quantity",
)  # fmt: skip


@transaction.atomic
def load_supply_rules(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write how far prices may move and what texts may not claim; what is there stays as it is."""
    known_rules = {(rule.kind, rule.valid.lower.date()) for rule in PriceChangeRule.objects.all() if rule.valid.lower}
    for row in data["price_change_rules"]:
        starts = datetime.fromisoformat(row["valid_from"]).replace(tzinfo=timezone.get_default_timezone())
        if not any(kind == row["kind"] for kind, _day in known_rules):
            PriceChangeRule.objects.create(
                kind=row["kind"],
                **{name: Decimal(row[name]) for name in LIMITS},
                most_changes=row["most_changes"],
                days=row["days"],
                valid=DateTimeTZRange(starts, None),
                reason=row["reason"],
            )
    known_claims = set(ForbiddenClaim.objects.values_list("claim", flat=True))
    claims = [row for row in data["forbidden_claims"] if row["claim"] not in known_claims]
    ForbiddenClaim.objects.bulk_create(
        ForbiddenClaim(
            claim=row["claim"],
            is_pattern=row.get("is_pattern", False),
            valid=DateRange(date.fromisoformat(row["valid_from"]), None),
            source_zh=row["source_zh"],
            source_en=row["source_en"],
        )
        for row in claims
    )
    return PriceChangeRule.objects.count() + ForbiddenClaim.objects.count()


@transaction.atomic
def load_price_lists(data: Mapping[str, Any], *, now: datetime) -> int:
    """Make the price lists that are not there yet, with their versions: published, planned or drafts."""
    known = set(PriceList.objects.values_list("code", flat=True))
    for row in data["price_lists"]:
        if row["code"] in known:
            continue
        # A dealer is named by a store of it.
        store = Store.objects.get(code=row["dealer"]) if row.get("dealer") else None
        price_list = make_price_list(
            code=row["code"],
            layer=row["layer"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            region_code=row.get("region_code", ""),
            dealer_id=store.dealer_id if store else None,
            by=None,
            now=now,
        )
        for version in row["versions"]:
            _load_version(price_list, version, now=now)
    return PriceList.objects.count()


def _load_version(price_list: PriceList, row: Mapping[str, Any], *, now: datetime) -> None:
    numbers = [number for number, _method, _value in row["entries"]]
    ids = dict(ProductInfo.objects.filter(product__upc__in=numbers).values_list("product__upc", "pk"))
    entries = [EntryWish(ids[number], method, Decimal(value)) for number, method, value in row["entries"]]
    version = draft_version(price_list_id=price_list.pk, by=None, now=now, note=row["note"])
    set_entries(version_id=version.pk, entries=entries, by=None, now=now)
    if row["starts_in_days"] is None:
        return
    starts = now + timedelta(days=row["starts_in_days"])
    ends = starts + timedelta(days=row["lasts_days"]) if row["lasts_days"] else None
    publish_version(version_id=version.pk, starts_at=starts, ends_at=ends, by=None, now=now)


@transaction.atomic
def load_waiting(data: Mapping[str, Any], *, now: datetime) -> int:
    """Ask for the prices and propose the products that headquarters finds in its queues, once."""
    for row in data["price_changes"]:
        offer = Offer.objects.select_related("seller").get(sku=row["sku"])
        if not PriceChange.objects.filter(offer=offer).exists():
            put_offer(
                sku=offer.sku,
                organization_id=offer.seller.organization_id,
                product_id=offer.product_id,
                price=Money.of(row["price"]),
                lead_time_days=offer.lead_time_days,
                site=offer.site_code,
                by=None,
                now=now,
            )
    for row in data["proposals"]:
        if not ProductProposal.objects.filter(sku=row["sku"]).exists():
            _propose(row, now=now)
    return PriceChange.objects.count() + ProductProposal.objects.count()


def _propose(row: Mapping[str, Any], *, now: datetime) -> None:
    organization = Organization.objects.get(code=row["supplier"])
    site = Offer.objects.filter(seller__organization=organization).order_by("pk").values_list("site_code", flat=True)[0]
    wish = {name: row[name] for name in WISHED}
    asked: dict[str, Any] = {"organization_id": organization.pk, "by": None, "now": now}
    fixed: dict[str, Any] = {"sku": row["sku"], "category_code": row["category"], "sites": [site]}
    proposal = submit_product_proposal(wish=ProductWish(**fixed, **wish), **asked)
    if row.get("rejected"):
        reject_proposal(proposal_id=proposal.pk, reason=row["rejected"], by=None, now=now)
        again = ProductWish(**fixed, **{**wish, **row["again"]})
        submit_product_proposal(wish=again, answers=proposal.pk, **asked)
