"""Pure rules of applications: who may apply, what must be handed in, what a lender's news means, when to ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from apps.financing.ports import LenderNews, LenderStatus
from apps.financing.states import ApplicationStatus, DocumentKind, LenderVerdict
from apps.kernel.api import Money

CONSENT_VERSION = "2026-11"
CONSENT = _(
    "I agree that %(lender)s receives my identity number, my income and the papers of this application, checks them "
    "and asks the credit register of the People's Bank of China about me, for the decision on this application only. "
    "This consent is given apart from all others; I can withdraw it with the application until the contract is signed."
)
# What every lender wants before it looks at anything.
ALWAYS_NEEDED = (DocumentKind.IDENTITY, DocumentKind.INCOME)
# Source: 《中华人民共和国民法典》第十七条、第十八条: full capacity from 18 years on.
ADULT_YEARS = 18
# Where an approval does not say how long it holds.
USUAL_APPROVAL = timedelta(days=30)
# So long before an approval or offer runs out people are reminded; half way where it holds for less than twice as long.
WARN_BEFORE = timedelta(days=3)
# How long after something was asked of the lender we look ourselves, and how often then, by what is waited for.
FIRST_QUERY_AFTER = timedelta(minutes=1)
QUERY_PAUSE = timedelta(minutes=5)


def identity_fault(number: str, *, on: date) -> str:
    """
    Say what is wrong with a resident identity number: "", "invalid" or "under_age".

    Source: GB 11643-1999 (18 characters, birth date, check digit by ISO 7064 MOD 11-2).
    """
    try:
        born = ric.get_birth_date(ric.validate(number))
    except ValidationError:
        return "invalid"
    had_birthday = (on.month, on.day) >= (born.month, born.day)
    age = on.year - born.year - (0 if had_birthday else 1)
    return "under_age" if age < ADULT_YEARS else ""


def mask_identity(number: str) -> str:
    """Show whose number it is and no more: ``110101********1234`` becomes ``1101**********1234``."""
    return f"{number[:4]}{'*' * max(len(number) - 8, 0)}{number[-4:]}" if len(number) > 8 else "*" * len(number)


def missing_kinds(*, handed_in: set[str], asked_for: list[str]) -> list[DocumentKind]:
    """List the papers still to be handed in: those everybody needs, and those the lender asked for."""
    needed = [*ALWAYS_NEEDED, *(DocumentKind(kind) for kind in asked_for if kind in DocumentKind.values)]
    return [kind for kind in dict.fromkeys(needed) if kind not in handed_in]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedApplication:
    """What we know of the application that news is about."""

    status: str
    reference: str
    amount: Money


_S, _L = ApplicationStatus, LenderStatus
# What each piece of news does, by the status it finds; anything else is late.
_MOVES = {
    (_L.MORE_ASKED, _S.SUBMITTED): "ask_for_more",
    (_L.APPROVED, _S.SUBMITTED): "approve",
    (_L.DISBURSED, _S.SIGNED): "disburse",
    **{(_L.REFUSED, status): "refuse" for status in (_S.SUBMITTED, _S.MORE_ASKED, _S.SIGNED)},
    **{(_L.EXPIRED, status): "expire" for status in (_S.SUBMITTED, _S.MORE_ASKED, _S.APPROVED, _S.SIGNED)},
}
# News that only says what we know.
_KNOWN = {
    _L.MORE_ASKED: (_S.MORE_ASKED,),
    _L.APPROVED: (_S.APPROVED, _S.SIGNED),
    _L.REFUSED: (_S.REFUSED,),
    _L.EXPIRED: (_S.EXPIRED,),
    _L.DISBURSED: (_S.DISBURSED,),
}


def judge_news(expected: ExpectedApplication | None, news: LenderNews) -> tuple[LenderVerdict, str]:
    """Say what a lender's news means, and which move it makes, "" for none; only TAKEN changes anything."""
    if expected is None:
        return LenderVerdict.UNKNOWN_APPLICATION, ""
    if expected.reference and news.reference != expected.reference:
        return LenderVerdict.WRONG_REFERENCE, ""
    if news.status in (_L.APPROVED, _L.DISBURSED) and news.amount != expected.amount:
        return LenderVerdict.WRONG_AMOUNT, ""
    if news.status in (_L.RECEIVED, _L.WITHDRAWN) or expected.status in _KNOWN.get(news.status, ()):
        return LenderVerdict.NOTED, ""
    move = _MOVES.get((news.status, ApplicationStatus(expected.status)))
    return (LenderVerdict.TAKEN, move) if move else (LenderVerdict.OUT_OF_ORDER, "")


def approved_until(news: LenderNews, *, now: datetime) -> datetime:
    """Say until when an approval holds."""
    return news.valid_until or now + USUAL_APPROVAL


def warn_at(until: datetime, *, now: datetime) -> datetime | None:
    """Say when to remind somebody that what is given ``now`` holds only ``until``; None if it is over already."""
    return until - min(WARN_BEFORE, (until - now) / 2) if until > now else None
