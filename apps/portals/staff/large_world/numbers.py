"""Numbers of orders and payments, written as the apps write them; here the randomness comes from the world's seed."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

# Crockford's base 32, as orders and payments use it.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ZONE = ZoneInfo("Asia/Shanghai")


def letters(random: Random, number: int) -> str:
    """So many letters and digits."""
    bits = random.getrandbits(5 * number)
    return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(number))


def order_number(random: Random, day: str) -> str:
    """``XC``, the day as yyMMdd, ten characters."""
    return f"XC{day}{letters(random, 10)}"


def payment_number(random: Random, at: float, *, prefix: str = "P") -> str:
    """``P`` or ``R``, the providers' day, twelve characters."""
    return f"{prefix}{datetime.fromtimestamp(at, ZONE):%y%m%d}{letters(random, 12)}"
