"""Pure rules of payments: what news means, how a refund spreads, when to ask again, how statements differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from apps.kernel.api import Money
from apps.payments.ports import Merchant, NoticeKind, Notification, ProviderStatus
from apps.payments.states import PaymentStatus, RefundStatus, Verdict

# The day of the providers' statements, numbers and consoles.
PROVIDERS_ZONE = ZoneInfo("Asia/Shanghai")

# How long a notification may take before we ask ourselves, and how often we then ask, by the payment's age.
FIRST_QUERY_AFTER = timedelta(seconds=15)
QUERY_PAUSES = (
    (timedelta(minutes=10), timedelta(seconds=25)),
    (timedelta(hours=1), timedelta(minutes=2)),
    (timedelta(days=1), timedelta(minutes=15)),
)
LAST_QUERY_PAUSE = timedelta(hours=6)
# A provider that is late in closing may still take money for a moment after a payment expired.
EXPIRY_GRACE = timedelta(seconds=30)

REFUND_PAUSES = (
    timedelta(seconds=20),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
)
LAST_REFUND_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class ExpectedPayment:
    """What we know of the payment that news is about."""

    status: str
    order_number: str
    amount: Money
    reference: str


def judge_payment(expected: ExpectedPayment | None, news: Notification, merchant: Merchant) -> Verdict:
    """
    Say what news about a payment means. Only CAPTURED and CAPTURED_LATE move money.

    Who and which order are checked for all news; the amount only where money is claimed, since providers leave it out
    of news about failed tries.
    """
    if news.merchant_id is not None and news.merchant_id != merchant.merchant_id:
        return Verdict.WRONG_MERCHANT
    if news.app_id is not None and news.app_id != merchant.app_id:
        return Verdict.WRONG_APP
    if expected is None:
        return Verdict.UNKNOWN_PAYMENT
    if news.order_number is not None and news.order_number != expected.order_number:
        return Verdict.WRONG_ORDER
    if news.status is ProviderStatus.PAID:
        return _judge_money(expected, news)
    return _judge_no_money(expected, news)


def _judge_money(expected: ExpectedPayment, news: Notification) -> Verdict:
    if news.amount is None:
        return Verdict.WRONG_AMOUNT
    if news.amount.currency != expected.amount.currency:
        return Verdict.WRONG_CURRENCY
    if news.amount != expected.amount:
        return Verdict.WRONG_AMOUNT
    if expected.status == PaymentStatus.CAPTURED:
        return Verdict.ALREADY_CAPTURED if news.reference == expected.reference else Verdict.OTHER_TRADE
    return Verdict.CAPTURED_LATE if expected.status == PaymentStatus.CLOSED else Verdict.CAPTURED


def _judge_no_money(expected: ExpectedPayment, news: Notification) -> Verdict:
    if expected.status == PaymentStatus.CAPTURED:
        return Verdict.OUT_OF_ORDER
    if news.status is ProviderStatus.FAILED and expected.status == PaymentStatus.PENDING:
        return Verdict.FAILED
    if news.status is ProviderStatus.CLOSED and expected.status != PaymentStatus.CLOSED:
        return Verdict.CLOSED
    return Verdict.NOTED


@dataclass(frozen=True, kw_only=True)
class ExpectedRefund:
    """What we know of the refund that news is about."""

    status: str
    amount: Money


def judge_refund(expected: ExpectedRefund | None, news: Notification, merchant: Merchant) -> Verdict:
    """Say what news about a refund means. Only REFUNDED and REFUND_FAILED change anything."""
    if news.merchant_id is not None and news.merchant_id != merchant.merchant_id:
        return Verdict.WRONG_MERCHANT
    if expected is None:
        return Verdict.UNKNOWN_REFUND
    if news.amount is not None and news.amount.currency != expected.amount.currency:
        return Verdict.WRONG_CURRENCY
    if news.amount is not None and news.amount != expected.amount:
        return Verdict.WRONG_AMOUNT
    if expected.status == RefundStatus.SUCCEEDED:
        return Verdict.NOTED if news.status is ProviderStatus.REFUNDED else Verdict.OUT_OF_ORDER
    if news.status is ProviderStatus.REFUNDED:
        return Verdict.REFUNDED
    if news.status is ProviderStatus.FAILED and expected.status == RefundStatus.PENDING:
        return Verdict.REFUND_FAILED
    return Verdict.NOTED


def spread_refund(amount: Money, left: Sequence[tuple[int, Money]]) -> list[tuple[int, Money]]:
    """
    Spread a refund over what is left of several payments, given as (key, money left), in that order.

    ``amount`` must not exceed the sum; a payment with nothing left is passed over.
    """
    shares, remaining = [], amount
    for key, available in left:
        share = min(available, remaining)
        if share:
            shares.append((key, share))
            remaining = remaining - share
    return shares


def next_query_at(*, created_at: datetime, now: datetime) -> datetime:
    """Say when to ask the provider again about a payment of this age."""
    for age, pause in QUERY_PAUSES:
        if now - created_at < age:
            return now + pause
    return now + LAST_QUERY_PAUSE


def next_refund_try_at(*, tries: int, now: datetime) -> datetime:
    """Say when to try a refund again after so many tries."""
    return now + (REFUND_PAUSES[tries - 1] if 0 < tries <= len(REFUND_PAUSES) else LAST_REFUND_PAUSE)


class DifferenceKind(StrEnum):
    """How a provider's statement and our books disagree about one payment or refund."""

    MISSING_HERE = "missing_here"  # the provider moved money that we do not know of: query it, or ask the provider
    MISSING_THERE = "missing_there"  # we booked money that the provider did not move: stop fulfilment, ask the provider
    AMOUNT_DIFFERS = "amount_differs"  # both know it, for different money: ask the provider


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One disagreement; ``ours`` or ``theirs`` is None where that side has nothing."""

    kind: DifferenceKind
    subject: NoticeKind
    number: str
    ours: Money | None
    theirs: Money | None


Book = Mapping[tuple[NoticeKind, str], Money]


def compare_books(ours: Book, theirs: Book) -> list[Difference]:
    """Return every disagreement, ordered by subject and number."""
    differences = []
    for key in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(key), theirs.get(key)
        if here == there:
            continue
        kind = DifferenceKind.AMOUNT_DIFFERS
        if here is None:
            kind = DifferenceKind.MISSING_HERE
        elif there is None:
            kind = DifferenceKind.MISSING_THERE
        differences.append(Difference(kind=kind, subject=key[0], number=key[1], ours=here, theirs=there))
    return differences
