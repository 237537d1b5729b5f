"""Numbers of orders and payments, written as the apps write them; here the randomness comes from the world's seed."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from apps.kernel.api import spell_bits

ZONE = ZoneInfo("Asia/Shanghai")


def letters(random: Random, number: int) -> str:
    """So many letters and digits."""
    return spell_bits(random.getrandbits(5 * number), letters=number)


def order_number(random: Random, day: str) -> str:
    """``XC``, the day as yyMMdd, ten characters."""
    return f"XC{day}{letters(random, 10)}"


def payment_number(random: Random, at: float, *, prefix: str = "P") -> str:
    """``P`` or ``R``, the providers' day, twelve characters."""
    return f"{prefix}{datetime.fromtimestamp(at, ZONE):%y%m%d}{letters(random, 12)}"
