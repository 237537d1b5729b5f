"""Numbers of payments and refunds: unguessable, readable over the phone, within what every provider takes."""

from datetime import datetime

from apps.kernel.api import dated_number
from apps.payments.policies import PROVIDERS_ZONE

RANDOM_LETTERS = 12  # 60 bits a day


def new_number(prefix: str, now: datetime) -> str:
    """
    Return e.g. ``P260610X7K2MNPQ4RST``: 6 to 32 letters and digits, as WeChat Pay, the strictest, wants them.

    The day in it is the providers' day, so that support finds the statement.
    """
    return dated_number(prefix, zone=PROVIDERS_ZONE, letters=RANDOM_LETTERS, now=now)
