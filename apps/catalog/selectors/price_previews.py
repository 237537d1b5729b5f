"""What a version of a price list would make of prices at a date, before it is published and after."""

from dataclasses import dataclass
from datetime import datetime

from apps.catalog.models import PriceEntry, PriceListVersion, ProductInfo
from apps.catalog.policies.prices import EntryRow, PriceContext, StepOutcome, derive_price
from apps.catalog.selectors.offers import priced_offers, rank_offers
from apps.catalog.selectors.prices import read_entries
from apps.kernel.api import Money

MOST_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class PreviewRow:
    """One product of a version: its seller's own price, and what it costs without and with it; None: not for sale."""

    number: str
    title: str
    rule: str
    own: Money | None
    without: Money | None
    with_it: Money | None
    outcome: StepOutcome | None


def context_of(version: PriceListVersion) -> PriceContext:
    """The buyers a version is for."""
    price_list = version.price_list
    segments = frozenset({price_list.segment} if price_list.segment else ())
    return PriceContext(region_code=price_list.region_code, dealer_id=price_list.dealer_id, segments=segments)


def preview_version(version: PriceListVersion, *, at: datetime, most: int = MOST_ROWS) -> list[PreviewRow]:
    """The first entries of a version with the prices they would make at an instant; four queries."""
    entries = list(version.entries.order_by("product__upc", "pk").select_related("product__info")[:most])
    context = context_of(version)
    offers = priced_offers([entry.product_id for entry in entries], at=at, context=context)
    rows = []
    for entry in entries:
        info = entry.product.info
        chosen, _verdicts = rank_offers(offers.get(entry.product_id, []), kind=info.kind)
        rows.append(_row(version, entry, info, chosen, context))
    return rows


def _row(version: PriceListVersion, entry: PriceEntry, info: ProductInfo, chosen, context: PriceContext) -> PreviewRow:
    price_list = version.price_list
    told = {"number": entry.product.upc or "", "title": info.title, "rule": rule_of(entry.method, entry.value)}
    if chosen is None:
        return PreviewRow(**told, own=None, without=None, with_it=None, outcome=None)
    others = [row for row in read_entries(chosen.version.entries, context) if row.list_id != price_list.pk]
    own_row = EntryRow(
        entry_id=entry.pk,
        list_id=price_list.pk,
        layer=price_list.layer,
        method=entry.method,
        value=entry.value,
        currency=price_list.currency,
    )
    base = chosen.derived.base
    derived = derive_price(base, [*others, own_row])
    step = next(step for step in derived.steps if step.entry_id == entry.pk)
    return PreviewRow(
        **told, own=base, without=derive_price(base, others).price, with_it=derived.price, outcome=step.outcome
    )


def rule_of(method: str, value) -> str:
    """What an entry says, as people write it: 99.00, -20.00, -5 %."""
    if method == "PERCENT":
        return f"{value.normalize():+f} %"
    return f"{value:+.2f}" if method == "AMOUNT" else f"{value:.2f}"
