"""Stripe's bearer key and its webhook signature.

Source: https://docs.stripe.com/webhooks/signature: ``t=<seconds>,v1=<hex of HMAC-SHA256 over "<t>.<body>">``.
"""

import hashlib
import hmac


def is_secret_key(authorization: str, secret_key: str) -> bool:
    """Tell whether an ``Authorization`` header is ``Bearer <secret key>``."""
    return hmac.compare_digest(authorization.encode(), f"Bearer {secret_key}".encode())


def sign_event(secret: str, *, body: bytes, now: float) -> str:
    """Return the ``Stripe-Signature`` header."""
    at = int(now)
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
