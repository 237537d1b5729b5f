"""Order numbers, tokens and pickup codes: how they are written, never where the randomness comes from."""

import hashlib
import hmac
from datetime import date

from apps.kernel.api import spell_bits

PREFIX = "XC"
RANDOM_LENGTH = 10  # 50 bits a day
CODE_DIGITS = 6


def order_number(*, day: date, entropy: int) -> str:
    """Write a number: ``XC``, the day in the shop's zone as yyMMdd, ten characters of 50 bits of entropy."""
    return f"{PREFIX}{day:%y%m%d}{spell_bits(entropy, letters=RANDOM_LENGTH)}"


def is_order_number(number: str) -> bool:
    """Whether it is written as ``order_number`` writes them: payments takes money for other apps' bills too."""
    return number.startswith(PREFIX)


def seller_order_number(order: str, index: int) -> str:
    """Number the parts of an order from 1: ``XC…-1``."""
    return f"{order}-{index}"


def hash_token(token: str) -> str:
    """Return the only thing we keep of a guest's token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def pickup_code(entropy: int) -> str:
    """Write a one-time code of six digits."""
    return f"{entropy % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def same_secret(given: str, kept: str) -> bool:
    """Compare without telling by time where they differ."""
    return hmac.compare_digest(given.encode(), kept.encode())
