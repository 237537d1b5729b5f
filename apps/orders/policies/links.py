"""The signed link by which a guest opens an order from a message."""

from django.core import signing

_SALT = "orders.link"


def sign_order_link(number: str) -> str:
    """Return the token that the link of an order carries; it says nothing but which order it opens."""
    return signing.Signer(salt=_SALT).sign(number).partition(":")[2]


def opens(token: str, number: str) -> bool:
    """Tell whether a link's token was made for this order."""
    try:
        signing.Signer(salt=_SALT).unsign(f"{number}:{token}")
    except signing.BadSignature:
        return False
    return True
