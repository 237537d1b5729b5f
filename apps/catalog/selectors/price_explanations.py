"""Why a price is what it is, or was: every version that had a say, step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.catalog.errors import NotForSale, ProductNotFound
from apps.catalog.models import OfferPrice, PriceEntry, ProductInfo
from apps.catalog.policies.prices import (
    NATIONAL,
    DerivedPrice,
    PriceContext,
    PriceStep,
    StepOutcome,
    derive_price,
)
from apps.catalog.selectors.offers import priced_offers, rank_offers, shown_list_price
from apps.catalog.selectors.prices import entries_over, read_entries
from apps.catalog.states import PriceLayer, PriceMethod
from apps.kernel.api import Money, in_language, sum_money


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """One step of an explanation: what a price list's version made of the price before it."""

    layer: str
    layer_name: str
    list_code: str
    list_name: str
    version: int
    entry_id: int
    method: str
    value: Decimal
    before: Money
    after: Money
    outcome: StepOutcome
    since: datetime | None
    until: datetime | None

    @property
    def is_applied(self) -> bool:
        """Whether it made the price."""
        return self.outcome is StepOutcome.APPLIED

    @property
    def rule(self) -> str:
        """What the entry says, in figures: −5 %, −20.00, 99.00."""
        if self.method == PriceMethod.PERCENT:
            return f"{self.value:+} %"
        return f"{self.value:+}" if self.method == PriceMethod.AMOUNT else f"{self.value}"


@dataclass(frozen=True, kw_only=True)
class OptionPrice:
    """What one option of a car adds."""

    name: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class PriceExplanation:
    """
    A price derived anew: the offer's own price, the price lists over it, a car's options.

    ``holds`` says, of a stored trace, whether the versions it names are those that derive now; else None.
    """

    product_id: int
    title: str
    at: datetime
    context: PriceContext
    sku: str
    seller: str
    offer_price_id: int
    offer_price_since: datetime | None
    base: Money
    price: Money
    list_price: Money | None
    lines: Sequence[PriceLine]
    options: Sequence[OptionPrice] = field(default_factory=tuple)
    holds: bool | None = None

    @property
    def total(self) -> Money:
        """The price with the options."""
        return sum_money((self.price, *(option.amount for option in self.options)), self.price.currency)

    @property
    def trace(self) -> dict[str, object]:
        """The versions that made it, as an order line keeps them."""
        return {
            "offer_price": self.offer_price_id,
            "entries": [line.entry_id for line in self.lines if line.is_applied],
            "region": self.context.region_code,
            "dealer": self.context.dealer_id,
            "segments": sorted(self.context.segments),
        }


def explain_price(
    *,
    product_id: int,
    at: datetime,
    context: PriceContext = NATIONAL,
    quantity: int = 1,
    options: Iterable[Mapping[str, Any]] = (),
) -> PriceExplanation:
    """
    Why a product costs what it does at an instant, for whoever ``context`` says: past, present or to come.

    Which of several offers is chosen follows the stock of now; the trace of an order line names the one of then.

    :raises ProductNotFound: if there is no such product
    :raises NotForSale: if nobody offers it at ``at``
    """
    info = ProductInfo.objects.select_related("product").filter(pk=product_id).first() if product_id < 2**63 else None
    if info is None:
        raise ProductNotFound(product_id=product_id)
    offers = priced_offers([product_id], at=at, context=context).get(product_id, [])
    chosen, _verdicts = rank_offers(offers, kind=info.kind, quantity=quantity)
    if chosen is None:
        raise NotForSale(title=info.title, product_id=product_id)
    return _explain(chosen.version, chosen.derived, at=at, context=context, options=options)


def explain_trace(
    trace: Mapping[str, Any], *, at: datetime, options: Iterable[Mapping[str, Any]] = ()
) -> PriceExplanation:
    """
    Derive again what an order line cost, from the versions it names.

    :raises ProductNotFound: if the trace names no version of a price
    """
    context = PriceContext(
        region_code=trace.get("region", ""),
        dealer_id=trace.get("dealer"),
        segments=frozenset(trace.get("segments", ())),
    )
    versions = OfferPrice.objects.select_related("offer__product__info", "offer__seller__organization")
    version = (
        versions.annotate(entries=entries_over("offer__product_id", at=at, context=context))
        .filter(pk=trace.get("offer_price") or 0)
        .first()
    )
    if version is None:
        raise ProductNotFound(trace=dict(trace))
    derived = derive_price(Money(version.amount, version.currency), read_entries(version.entries, context))
    holds = derived.entry_ids == list(trace.get("entries", [])) and at in version.valid
    return _explain(version, derived, at=at, context=context, options=options, holds=holds)


def _explain(
    version: OfferPrice,
    derived: DerivedPrice,
    *,
    at: datetime,
    context: PriceContext,
    options: Iterable[Mapping[str, Any]],
    holds: bool | None = None,
) -> PriceExplanation:
    offer = version.offer
    entries = PriceEntry.objects.select_related("version__price_list").in_bulk(
        [step.entry_id for step in derived.steps]
    )
    organization = offer.seller.organization
    currency = derived.price.currency
    return PriceExplanation(
        product_id=offer.product_id,
        title=offer.product.info.title,
        at=at,
        context=context,
        sku=offer.sku,
        seller=in_language(organization.name_zh, organization.name_en),
        offer_price_id=version.pk,
        offer_price_since=version.valid.lower,
        base=derived.base,
        price=derived.price,
        list_price=shown_list_price(version, derived),
        lines=[_line(step, entries[step.entry_id]) for step in derived.steps],
        options=[_option(row, currency) for row in options],
        holds=holds,
    )


def _line(step: PriceStep, entry: PriceEntry) -> PriceLine:
    version = entry.version
    return PriceLine(
        layer=step.layer,
        layer_name=str(PriceLayer(step.layer).label),
        list_code=version.price_list.code,
        list_name=version.price_list.name,
        version=version.number,
        entry_id=entry.pk,
        method=step.method,
        value=step.value,
        before=step.before,
        after=step.after,
        outcome=step.outcome,
        since=version.valid.lower if version.valid else None,
        until=version.valid.upper if version.valid else None,
    )


def _option(row: Mapping[str, Any], currency: str) -> OptionPrice:
    """An option of an order line, as ``LineQuote.option_summary`` told it or the order kept it."""
    price = row["price"]
    amount = price if isinstance(price, Money) else Money.of(price["amount"], price.get("currency", currency))
    return OptionPrice(name=in_language(row["name_zh"], row["name_en"]), amount=amount)
