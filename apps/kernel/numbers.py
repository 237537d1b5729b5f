"""Numbers that people read out to each other: dated, unguessable, without letters that look alike."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

# Crockford's alphabet: no I, L, O, U. Source: https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Without 0, 1, I and O, which are easily mistaken for something else.
PLAIN_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def dated_number(prefix: str, *, zone: ZoneInfo, letters: int, now: datetime) -> str:
    """Return e.g. ``F260610X7K2MNPQ4R``: the day in ``zone`` and so many random ``letters`` of five bits each."""
    return f"{prefix}{now.astimezone(zone):%y%m%d}{spell_bits(secrets.randbits(5 * letters), letters=letters)}"


def spell_bits(bits: int, *, letters: int) -> str:
    """Write the lowest bits of a number, five to a letter, so that it survives the telephone."""
    return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(letters))


def random_letters(count: int) -> str:
    """Make a reference or a code of so many letters and digits, which nobody guesses and nobody mixes up."""
    return "".join(secrets.choice(PLAIN_LETTERS) for _ in range(count))
