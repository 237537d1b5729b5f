"""The signed cookie of an anonymous cart, for pages and API alike."""

from django.core import signing

CART_COOKIE = "xc_cart"
MAX_AGE_SECONDS = 60 * 60 * 24 * 60
_SALT = "orders.cart"
_LARGEST_ID = 2**63


def write_cart_cookie(cart_id: int) -> str:
    """Return the cookie's value for a cart."""
    return signing.Signer(salt=_SALT).sign(str(cart_id))


def read_cart_cookie(value: str | None) -> int | None:
    """Return the cart's id, or None for a cookie that is missing, forged or not ours."""
    if not value:
        return None
    try:
        cart_id = int(signing.Signer(salt=_SALT).unsign(value))
    except (signing.BadSignature, ValueError):
        return None
    return cart_id if 0 < cart_id < _LARGEST_ID else None
