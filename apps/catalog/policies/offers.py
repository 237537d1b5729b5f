"""Whose offer the consumer sees, and why not the others'. Pure, so that replaying gives the same answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.kernel.api import Money

# The score of a seller that has none: headquarters itself.
HOUSE_SCORE = Decimal(100)


class LostBy(StrEnum):
    """Why an offer was not chosen: the first comparison it lost against the winner."""

    MINIMUM = "minimum"
    SOLD_OUT = "sold_out"
    DEARER = "dearer"
    LATER = "later"
    LOWER_SCORE = "lower_score"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCandidate:
    """
    An offer as the choice looks at it; ``score`` from 0 to 100.

    All candidates are promised from the same day on, so the days of lead time stand for the promised date.
    """

    offer_id: int
    price: Money
    lead_time_days: int
    score: Decimal
    in_stock: bool
    meets_minimum: bool = True

    def as_json(self) -> dict[str, object]:
        """Return the shape in which candidates are stored with the choice."""
        return {
            "offer_id": self.offer_id,
            "price": str(self.price.amount),
            "currency": self.price.currency,
            "lead_time_days": self.lead_time_days,
            "score": str(self.score),
            "in_stock": self.in_stock,
            "meets_minimum": self.meets_minimum,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "OfferCandidate":
        """Read what ``as_json`` wrote."""
        return cls(
            offer_id=row["offer_id"],
            price=Money(Decimal(row["price"]), row["currency"]),
            lead_time_days=row["lead_time_days"],
            score=Decimal(row["score"]),
            in_stock=row["in_stock"],
            meets_minimum=row["meets_minimum"],
        )


@dataclass(frozen=True, slots=True)
class OfferVerdict:
    """What became of one candidate: chosen, or by what it lost."""

    offer_id: int
    chosen: bool
    lost_by: LostBy | None = None

    def as_json(self) -> dict[str, object]:
        """Return the shape in which verdicts are stored with an order."""
        return {"offer_id": self.offer_id, "chosen": self.chosen, "lost_by": self.lost_by and self.lost_by.value}


def choose_offer(candidates: Iterable[OfferCandidate]) -> list[OfferVerdict]:
    """
    Rank offers of one product, the chosen one first; empty without candidates.

    What may be bought in this quantity beats what is only sold in more pieces, what is in stock beats what is not; then
    the lower price, the earlier promised date, the higher score, the older offer.
    """
    ranked = sorted(
        candidates,
        key=lambda offer: (
            not offer.meets_minimum,
            not offer.in_stock,
            offer.price.amount,
            offer.lead_time_days,
            -offer.score,
            offer.offer_id,
        ),
    )
    if not ranked:
        return []
    winner, *losers = ranked
    verdicts = [OfferVerdict(winner.offer_id, chosen=True)]
    return verdicts + [OfferVerdict(loser.offer_id, chosen=False, lost_by=_lost_by(loser, winner)) for loser in losers]


def _lost_by(loser: OfferCandidate, winner: OfferCandidate) -> LostBy:
    if winner.meets_minimum and not loser.meets_minimum:
        return LostBy.MINIMUM
    if winner.in_stock and not loser.in_stock:
        return LostBy.SOLD_OUT
    if loser.price != winner.price:
        return LostBy.DEARER
    if loser.lead_time_days != winner.lead_time_days:
        return LostBy.LATER
    if loser.score != winner.score:
        return LostBy.LOWER_SCORE
    return LostBy.NEWER
