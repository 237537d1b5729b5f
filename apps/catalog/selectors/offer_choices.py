"""Proving stored choices of offers: replayed they say the same, and they say what would be chosen now."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.catalog.models import OfferChoice, ProductInfo
from apps.catalog.policies.offers import OfferCandidate, choose_offer
from apps.catalog.selectors.offers import candidates_of, priced_offers

BATCH = 1000


class ChoiceFault(StrEnum):
    """What is wrong with a stored choice."""

    NOT_REPLAYED = "not_replayed"  # its candidates make other verdicts
    NOT_SHOWN = "not_shown"  # lists show another offer than it chose
    STALE = "stale"  # the offers are others by now
    MISSING = "missing"  # there are offers and no choice


@dataclass(frozen=True, slots=True)
class ChoiceDifference:
    """A product whose stored choice does not hold."""

    product_id: int
    fault: ChoiceFault


def replay_offer_choices(product_ids: Collection[int] | None = None) -> Iterator[ChoiceDifference]:
    """Compare every stored choice with its replay, with what lists show, and with the offers there are now."""
    infos = ProductInfo.objects.order_by("pk")
    if product_ids is not None:
        infos = infos.filter(pk__in=product_ids)
    rows = infos.values_list("pk", "kind", "shown_offer_id")
    batch: list[tuple[int, str, int | None]] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _compare(batch)
            batch = []
    yield from _compare(batch)


def _compare(rows: Collection[tuple[int, str, int | None]]) -> Iterator[ChoiceDifference]:
    ids = [product_id for product_id, _kind, _shown in rows]
    choices = OfferChoice.objects.in_bulk(ids)
    offers = priced_offers(ids)
    for product_id, kind, shown in rows:
        fault = _fault(choices.get(product_id), candidates_of(offers.get(product_id, []), kind=kind), shown)
        if fault:
            yield ChoiceDifference(product_id, fault)


def _fault(choice: OfferChoice | None, now: list[OfferCandidate], shown: int | None) -> ChoiceFault | None:
    if choice is None:
        return ChoiceFault.MISSING if now else None
    stored = [OfferCandidate.from_json(row) for row in choice.candidates]
    if [verdict.as_json() for verdict in choose_offer(stored)] != choice.verdicts:
        return ChoiceFault.NOT_REPLAYED
    chosen = next((row["offer_id"] for row in choice.verdicts if row["chosen"]), None)
    if chosen != shown:
        return ChoiceFault.NOT_SHOWN
    return ChoiceFault.STALE if stored != now else None
