"""Pure rules of onboarding: numbers, last days, what is missing, what changed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stdnum.cn import uscc as gb32100

from apps.onboarding.states import SubmissionStatus

# An applicant has this long to complete its application, and this long again after it was asked for more.
TIME_TO_COMPLETE = timedelta(days=30)
TIME_FOR_MORE = timedelta(days=14)
# So many days before the deadline the applicant is reminded.
REMIND_BEFORE_DEADLINE = (7, 2)
# So many days before a paper runs out its owner is told; 0 is its last day.
TELL_BEFORE_EXPIRY = (60, 30, 7, 1, 0)
# The rule that is named when an expired paper blocks.
RULE_EXPIRED = "expired:{code}"

# Source: accounts of companies at Chinese banks have 9 to 32 digits, without a common check digit.
_ACCOUNT = re.compile(r"\d{9,32}")
SETTLED = frozenset({SubmissionStatus.ACCEPTED, SubmissionStatus.WAIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One requirement as it stands for one applicant: what was handed in last, and what counts."""

    code: str
    is_required: bool
    latest: str | None = None
    effective: str | None = None
    valid_until: date | None = None


def normalize_tax_number(text: str) -> str:
    """The code without spaces and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", text).upper()


def is_valid_tax_number(number: str) -> bool:
    """
    Whether a unified social credit code has the right form and check digit.

    Source: GB 32100-2015: 18 characters; the last is 31 less the weighted sum of the others modulo 31.
    """
    return gb32100.is_valid(number)


def normalize_account(text: str) -> str:
    """A bank account without spaces and hyphens."""
    return re.sub(r"[\s-]", "", text)


def is_account(number: str) -> bool:
    """Whether this may be a company's bank account."""
    return bool(_ACCOUNT.fullmatch(number)) and number.isascii()


def mask_account(number: str) -> str:
    """Only the last four digits: ``6222 0012 3456 7890`` reads ``•••• 7890``."""
    return f"•••• {number[-4:]}" if number else ""


def is_expired(valid_until: date | None, today: date) -> bool:
    """Whether the last day has passed; a paper counts on its last day, and one without a last day for good."""
    return valid_until is not None and valid_until < today


def list_missing(needs: Iterable[Need], *, today: date) -> list[str]:
    """What keeps an applicant from submitting: required, and not handed in, sent back, or run out."""
    return [need.code for need in needs if need.is_required and not _is_handed_in(need, today)]


def list_unsettled(needs: Iterable[Need], *, today: date) -> list[str]:
    """What keeps a reviewer from approving: required, and neither accepted and valid nor waived."""
    return [
        need.code
        for need in needs
        if need.is_required and (need.effective not in SETTLED or is_expired(need.valid_until, today))
    ]


def _is_handed_in(need: Need, today: date) -> bool:
    if need.latest == SubmissionStatus.PENDING:
        return True
    return need.latest in SETTLED and not is_expired(need.valid_until, today)


def warning_due(valid_until: date, today: date, told: Collection[int]) -> int | None:
    """
    The warning that is due, in days before the last day: the nearest threshold reached and not told yet.

    A watch that slept through a threshold tells the nearest one only: 20 days left, nothing told → 30.
    """
    left = (valid_until - today).days
    reached = [days for days in TELL_BEFORE_EXPIRY if left <= days]
    if left < 0 or not reached:
        return None
    nearest = min(reached)
    return None if any(days <= nearest for days in told) else nearest


def reminder_due(deadline: date, today: date) -> int | None:
    """The reminder that is due before a deadline, in days, or None."""
    left = (deadline - today).days
    reached = [days for days in REMIND_BEFORE_DEADLINE if 0 <= left <= days]
    return min(reached) if reached else None


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], fields: Sequence[str]
) -> list[tuple[str, Any, Any]]:
    """What a submission changes against the one before it, as (field, before, after); nothing without one before."""
    if before is None:
        return []
    return [(name, before[name], after[name]) for name in fields if before[name] != after[name]]
