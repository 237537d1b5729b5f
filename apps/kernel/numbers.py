"""Numbers that people read out to each other: dated, unguessable, without letters that look alike."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

# Crockford's alphabet: no I, L, O, U. Source: https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def dated_number(prefix: str, *, zone: ZoneInfo, letters: int, now: datetime) -> str:
    """Return e.g. ``F260610X7K2MNPQ4R``: the day in ``zone`` and so many random ``letters`` of five bits each."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(letters))
    return f"{prefix}{now.astimezone(zone):%y%m%d}{random}"
