"""Numbers of payments and refunds: unguessable, readable over the phone, within what every provider takes."""

import secrets
from datetime import datetime

from apps.payments.policies import PROVIDERS_ZONE

# Crockford's alphabet: no I, L, O, U. Source: https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LETTERS = 12  # 60 bits a day


def new_number(prefix: str, now: datetime) -> str:
    """
    Return e.g. ``P260610X7K2MNPQ4RST``: 6 to 32 letters and digits, as WeChat Pay, the strictest, wants them.

    The day in it is the providers' day, so that support finds the statement.
    """
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS))
    return f"{prefix}{now.astimezone(PROVIDERS_ZONE):%y%m%d}{random}"
