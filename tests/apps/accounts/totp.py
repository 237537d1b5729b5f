"""What an authenticator app shows."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code of a secret now, or some 30-second steps away: a code is taken once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
