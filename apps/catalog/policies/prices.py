"""Laying price lists over an offer's own price. Pure, so that any past price derives again to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from apps.catalog.states import PriceLayer, PriceMethod
from apps.kernel.api import Money

LAYERS = tuple(PriceLayer)
WHOLE_COUNTRY = "000000"


@dataclass(frozen=True, slots=True)
class PriceContext:
    """
    Who asks, as far as price lists care: where the goods go, which dealer hands over, which segments the buyer is of.

    Nothing of it known, only what holds for everybody counts (``NATIONAL``): so it is in lists and on product pages.
    """

    region_code: str = ""
    dealer_id: int | None = None
    segments: frozenset[str] = frozenset()

    @property
    def regions(self) -> list[str]:
        """The codes of all regions that hold the place: district, city, province, country."""
        code = self.region_code
        if not code:
            return []
        return list(dict.fromkeys([code, f"{code[:4]}00", f"{code[:2]}0000", WHOLE_COUNTRY]))


NATIONAL = PriceContext()


class StepOutcome(StrEnum):
    """What became of one entry of a price list."""

    APPLIED = "applied"
    OUTDONE = "outdone"  # another entry of its layer is nearer to the buyer, or better for it
    WORTHLESS = "worthless"  # it would take the price to zero or below
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry of a version in force. ``rank`` says how near its list is to the buyer: 0 is the nearest."""

    entry_id: int
    list_id: int
    layer: str
    method: str
    value: Decimal
    currency: str = "CNY"
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """What one entry did to the price."""

    entry_id: int
    layer: str
    method: str
    value: Decimal
    before: Money
    after: Money
    outcome: StepOutcome


@dataclass(frozen=True, slots=True)
class DerivedPrice:
    """The price after all layers, and every step on the way."""

    base: Money
    price: Money
    steps: tuple[PriceStep, ...] = field(default_factory=tuple)

    @property
    def entry_ids(self) -> list[int]:
        """The entries that made the price, in the order of the layers."""
        return [step.entry_id for step in self.steps if step.outcome is StepOutcome.APPLIED]

    @property
    def struck_out(self) -> Money | None:
        """What it cost before the campaigns, if they took something off."""
        campaigns = [step for step in self.steps if step.layer == PriceLayer.CAMPAIGN and step.after < step.before]
        return campaigns[0].before if campaigns and campaigns[0].before > self.price else None


def apply_entry(price: Money, *, method: str, value: Decimal) -> Money:
    """The price after one entry, rounded half up to the cent."""
    if method == PriceMethod.PRICE:
        return Money(value, price.currency)
    if method == PriceMethod.AMOUNT:
        return price + Money(value, price.currency)
    return Money.rounded(price.amount * (100 + value) / 100, price.currency)


def derive_price(base: Money, entries: Iterable[EntryRow]) -> DerivedPrice:
    """
    Lay the entries over an offer's own price, layer by layer; of each layer one entry at most counts.

    The nearest to the buyer (district before city, before province, before country); of those the one that makes the
    lowest price; of those the list that was made first.
    """
    price, steps = base, []
    by_layer: dict[str, list[EntryRow]] = {}
    for entry in entries:
        by_layer.setdefault(entry.layer, []).append(entry)
    for layer in LAYERS:
        made = _lay(price, by_layer.get(layer, []))
        steps += made
        price = next((step.after for step in made if step.outcome is StepOutcome.APPLIED), price)
    return DerivedPrice(base, price, tuple(steps))


def _lay(price: Money, entries: Sequence[EntryRow]) -> list[PriceStep]:
    """The steps of one layer, the one that counts first."""
    usable: list[tuple[EntryRow, Money]] = []
    rest: list[PriceStep] = []
    for entry in entries:
        if entry.currency != price.currency:
            rest.append(_step(entry, price, price, StepOutcome.OTHER_CURRENCY))
            continue
        after = apply_entry(price, method=entry.method, value=entry.value)
        if after.amount > 0:
            usable.append((entry, after))
        else:
            rest.append(_step(entry, price, after, StepOutcome.WORTHLESS))
    usable.sort(key=lambda pair: (pair[0].rank, pair[1].amount, pair[0].list_id, pair[0].entry_id))
    rest.sort(key=lambda step: step.entry_id)
    told = [
        _step(entry, price, after, StepOutcome.OUTDONE if place else StepOutcome.APPLIED)
        for place, (entry, after) in enumerate(usable)
    ]
    return told + rest


def _step(entry: EntryRow, before: Money, after: Money, outcome: StepOutcome) -> PriceStep:
    return PriceStep(
        entry_id=entry.entry_id,
        layer=entry.layer,
        method=entry.method,
        value=entry.value,
        before=before,
        after=after,
        outcome=outcome,
    )
