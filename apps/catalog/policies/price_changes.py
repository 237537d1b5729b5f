"""Whether a seller's change of a price counts at once, waits for review, or is taken for a mistake. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.catalog.states import ChangeReason

HUNDRED = Decimal(100)


class Verdict(StrEnum):
    """What happens to a change of a price."""

    AT_ONCE = "at_once"
    REVIEW = "review"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLimits:
    """How far and how often a price may move; percents of the price before."""

    rise: Decimal
    fall: Decimal
    refused_rise: Decimal
    refused_fall: Decimal
    most_changes: int
    days: int


@dataclass(frozen=True, slots=True)
class ChangeVerdict:
    """What happens to a change, and why it waits; ``percent`` is how far it moves, signed."""

    verdict: Verdict
    reasons: tuple[ChangeReason, ...] = ()
    percent: Decimal = Decimal(0)


def judge_change(
    *, before: Decimal | None, after: Decimal, recent_changes: int, limits: ChangeLimits | None, is_first: bool = False
) -> ChangeVerdict:
    """
    Judge a change from ``before`` to ``after`` by the limits of its day; without limits, or anything before, it counts.

    ``is_first`` says that ``before`` is what the product costs elsewhere, since the offer had no price yet: nothing is
    too frequent then, and a price far off waits instead of being refused, however far.
    """
    if limits is None or before is None or before <= 0:
        return ChangeVerdict(Verdict.AT_ONCE)
    percent = (after - before) / before * HUNDRED
    if is_first:
        is_far = percent > limits.refused_rise or -percent > limits.refused_fall
        reasons = (ChangeReason.FIRST_PRICE,) if is_far else ()
        return ChangeVerdict(Verdict.REVIEW if is_far else Verdict.AT_ONCE, reasons, percent)
    if percent > limits.refused_rise or -percent > limits.refused_fall:
        return ChangeVerdict(Verdict.REFUSED, (), percent)
    reasons_found = []
    if percent > limits.rise:
        reasons_found.append(ChangeReason.RISE)
    if -percent > limits.fall:
        reasons_found.append(ChangeReason.FALL)
    if recent_changes >= limits.most_changes:
        reasons_found.append(ChangeReason.TOO_OFTEN)
    return ChangeVerdict(Verdict.REVIEW if reasons_found else Verdict.AT_ONCE, tuple(reasons_found), percent)
