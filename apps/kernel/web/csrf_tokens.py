"""CSRF tokens for pages out of the cache: cookie and masked form are those of Django."""

import hashlib
import secrets

from django.conf import settings
from django.http.response import HttpResponseBase
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_CHARS = CSRF_ALLOWED_CHARS.encode()
_PLACE = {char: place for place, char in enumerate(CSRF_ALLOWED_CHARS)}


def secret_of(cookie: str) -> str:
    """Return the secret in a visitor's cookie; "" if there is none that Django would take."""
    is_one = len(cookie) == CSRF_SECRET_LENGTH and cookie.isascii() and cookie.isalnum()
    return cookie if is_one else ""


def new_secret() -> str:
    """Return a secret for a visitor who has none."""
    return "".join(secrets.choice(CSRF_ALLOWED_CHARS) for _ in range(CSRF_SECRET_LENGTH))


def mask(secret: str, page: str) -> bytes:
    """
    Return the token that a page gets for a visitor's secret.

    Django masks with fresh noise for each response, against BREACH, because its pages are compressed with the token
    in them. Ours are not (``apps.kernel.page_cache.blanks``); so the mask may follow from secret and page, and the
    same visitor's copy of the same page stays right to the byte.
    """
    noise = hashlib.blake2b(page.encode(), key=secret.encode(), digest_size=CSRF_SECRET_LENGTH).digest()
    places = [byte % len(_CHARS) for byte in noise]
    hidden = [(_PLACE[char] + place) % len(_CHARS) for char, place in zip(secret, places, strict=True)]
    return bytes([_CHARS[place] for place in places] + [_CHARS[place] for place in hidden])


def set_cookie(response: HttpResponseBase, secret: str) -> None:
    """Give a visitor its secret, as Django's CsrfViewMiddleware would."""
    response.set_cookie(
        settings.CSRF_COOKIE_NAME,
        secret,
        max_age=settings.CSRF_COOKIE_AGE,
        domain=settings.CSRF_COOKIE_DOMAIN,
        path=settings.CSRF_COOKIE_PATH,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=settings.CSRF_COOKIE_HTTPONLY,
        samesite=settings.CSRF_COOKIE_SAMESITE,
    )
