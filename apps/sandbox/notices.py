"""Which notifications a payment sends, in every mode a script or the cashier may ask for."""

from dataclasses import dataclass, field
from typing import Any

from .errors import BadDecision

MODES = {
    "once": "正常通知一次",
    "twice": "同一通知送达两次",
    "never": "不通知（只能查询得知）",
    "late": "延迟送达",
    "forged": "只送达伪造签名的通知",
    "wrong_amount": "通知里的金额不符",
    "reordered": "旧通知在成功通知之后送达",
}
LATE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification, unsigned; ``payload`` is what the provider's package knows how to sign and send."""

    event_id: str
    kind: str
    url: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Versions:
    """The true notice of an event and what may be sent in its place or after it."""

    genuine: Notice
    wrong_amount: Notice | None = None
    older: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """A notice to deliver: ``delay`` seconds from now, and only after the previous one where ``follows``."""

    notice: Notice
    delay: float = 0.0
    is_forged: bool = False
    follows: bool = False


def plan_deliveries(mode: str, versions: Versions, *, delay_seconds: float) -> list[PlannedDelivery]:
    """
    Return what to deliver in ``mode``.

    A mode that a notice has no version for (a refund has no older state) falls back to the genuine notice once.

    :raises BadDecision: if the mode is unknown
    """
    genuine = versions.genuine
    if mode not in MODES:
        raise BadDecision(f"notify must be one of {', '.join(MODES)}")
    if mode == "never":
        return []
    if mode == "twice":
        return [PlannedDelivery(genuine), PlannedDelivery(genuine)]
    if mode == "late":
        return [PlannedDelivery(genuine, delay=delay_seconds)]
    if mode == "forged":
        return [PlannedDelivery(genuine, is_forged=True)]
    if mode == "wrong_amount" and versions.wrong_amount:
        return [PlannedDelivery(versions.wrong_amount)]
    if mode == "reordered":
        return [PlannedDelivery(genuine), *(PlannedDelivery(older, follows=True) for older in versions.older)]
    return [PlannedDelivery(genuine)]


def other_amount(amount: int) -> int:
    """Return an amount one minor unit away, still positive: the smallest lie a merchant must notice."""
    return amount - 1 if amount > 1 else amount + 1
