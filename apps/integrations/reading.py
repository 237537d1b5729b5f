"""Read typed values out of what providers send; whatever is not as documented is ReadingError, never a KeyError."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.kernel.api import Money
from apps.payments.api import PROVIDERS_ZONE

LONGEST_TEXT = 512


class ReadingError(ValueError):
    """A message lacks a documented field or has it in another type."""


def as_mapping(value: Any, name: str) -> Mapping[str, Any]:
    """Return an object."""
    if not isinstance(value, Mapping):
        raise ReadingError(f"{name} is not an object")
    return value


def read_text(values: Mapping[str, Any], name: str, *, is_required: bool = True) -> str:
    """Return a text field; a missing optional one is empty."""
    value = values.get(name)
    if value is None and not is_required:
        return ""
    if not isinstance(value, str) or (is_required and not value):
        raise ReadingError(f"{name} is not a text")
    # PostgreSQL stores no NUL, and no documented field is that long.
    if len(value) > LONGEST_TEXT or "\0" in value:
        raise ReadingError(f"{name} is no reasonable text")
    return value


def read_minor(values: Mapping[str, Any], name: str, currency: str) -> Money:
    """Return an amount given in whole minor units."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        raise ReadingError(f"{name} is not an amount in minor units")
    return Money.from_minor(value, read_currency(currency))


def read_major(values: Mapping[str, Any], name: str, currency: str) -> Money:
    """Return an amount given as text in whole units, with at most two places."""
    try:
        amount = Decimal(read_text(values, name))
    except InvalidOperation:
        raise ReadingError(f"{name} is not an amount") from None
    if not amount.is_finite() or not Decimal(0) <= amount < Decimal(10**10):
        raise ReadingError(f"{name} is not an amount")
    try:
        return Money(amount, read_currency(currency))
    except ValueError:
        raise ReadingError(f"{name} has more than two places") from None


def read_currency(code: str) -> str:
    """Return a currency code in capitals."""
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ReadingError("currency is not a code of three letters")
    return code.upper()


def read_moment(values: Mapping[str, Any], name: str) -> datetime | None:
    """Return an ISO 8601 moment with its offset; None if the field is missing."""
    text = read_text(values, name, is_required=False)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ReadingError(f"{name} is not a moment") from None
    if moment.tzinfo is None:
        raise ReadingError(f"{name} has no offset")
    return moment


def read_wall_clock(text: str) -> datetime:
    """Return the moment at which Shanghai's clocks show ``2026-06-10 10:00:00``, as Chinese providers write it."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=PROVIDERS_ZONE)
    except ValueError:
        raise ReadingError(f"{text[:40]} is not a moment") from None
