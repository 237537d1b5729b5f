"""The arithmetic of the scorecard: no database, no clock. README.md has a worked example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

WEIGHTS: Mapping[str, Decimal] = {
    "fill": Decimal("0.40"),
    "punctuality": Decimal("0.30"),
    "kept": Decimal("0.15"),
    "price_stability": Decimal("0.15"),
}
# A supplier of whom little is known is judged as an ordinary one: ten orders of 80 points are added to its own.
PRIOR_SCORE = Decimal(80)
PRIOR_ORDERS = 10
ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Record:
    """
    What is known of one supplier in one window.

    Pieces: ``accepted`` and ``declined`` (by word, or by letting the time pass). Parcels: ``shipped``, and ``late`` of
    them. ``returned`` of ``sent`` pieces; None while nobody counts returns. ``price_moves``: for each offer the sum of
    its relative price changes.
    """

    accepted: int = 0
    declined: int = 0
    shipped: int = 0
    late: int = 0
    sent: int = 0
    returned: int | None = None
    price_moves: Sequence[Decimal] = ()

    @property
    def answered(self) -> int:
        """How much is known: shipped parcels and declined pieces."""
        return self.shipped + self.declined


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """Shares from 0 to 1, None where nothing is known yet; the score from 0 to 100."""

    fill: Decimal | None
    punctuality: Decimal | None
    kept: Decimal | None
    price_stability: Decimal | None
    score: Decimal


def price_moves(amounts: Sequence[Decimal]) -> Decimal:
    """Return the sum of relative changes along an offer's prices. Example: 100, 110, 99 → 0.1 + 0.1 = 0.2."""
    steps = pairwise(amounts)
    return sum((abs(new / old - ONE) for old, new in steps), ZERO)


def judge(record: Record) -> Scorecard:
    """Return the scorecard of a record; what is not known yet does not count, the rest counts for it."""
    shares = {
        "fill": _share(record.accepted, record.accepted + record.declined),
        "punctuality": _share(record.shipped - record.late, record.shipped),
        "kept": None if record.returned is None else _share(record.sent - record.returned, record.sent),
        "price_stability": _stability(record.price_moves),
    }
    known = {name: share for name, share in shares.items() if share is not None}
    weight = sum((WEIGHTS[name] for name in known), ZERO)
    own = sum((WEIGHTS[name] * share for name, share in known.items()), ZERO) * 100 / weight if weight else PRIOR_SCORE
    orders = record.answered
    score = (own * orders + PRIOR_SCORE * PRIOR_ORDERS) / (orders + PRIOR_ORDERS)
    return Scorecard(**shares, score=score.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _share(part: int, whole: int) -> Decimal | None:
    if whole <= 0:
        return None
    return max(ZERO, min(ONE, Decimal(part) / whole))


def _stability(moves: Sequence[Decimal]) -> Decimal | None:
    if not moves:
        return None
    return ONE - sum((min(move, ONE) for move in moves), ZERO) / len(moves)
