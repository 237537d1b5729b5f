"""CSRF tokens for pages out of the cache: cookie and masked form are those of Django."""

import hashlib
import secrets
import time
from functools import lru_cache
from http.cookies import Morsel

from django.conf import settings
from django.http.response import HttpResponse, HttpResponseBase
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_CHARS = CSRF_ALLOWED_CHARS.encode()
_PLACE = {char: place for place, char in enumerate(_CHARS)}
# Any byte as a letter: the letters over and over again.
_LETTERS = bytes(_CHARS[byte % len(_CHARS)] for byte in range(256))
# How long a cookie is prepared for; it expires in a year.
_MINUTE = 60


def secret_of(cookie: str) -> str:
    """Return the secret in a visitor's cookie; "" if there is none that Django would take."""
    is_one = len(cookie) == CSRF_SECRET_LENGTH and cookie.isascii() and cookie.isalnum()
    return cookie if is_one else ""


def new_secret() -> str:
    """Return a secret for a visitor who has none: 190 bits of chance."""
    return secrets.token_bytes(CSRF_SECRET_LENGTH).translate(_LETTERS).decode()


def mask(secret: str, page: str) -> bytes:
    """
    Return the token that a page gets for a visitor's secret.

    Django masks with fresh noise for each response, against BREACH, because its pages are compressed with the token
    in them. Ours are not (``apps.kernel.page_cache.blanks``); so the mask may follow from secret and page, and the
    same visitor's copy of the same page stays right to the byte.
    """
    noise = hashlib.blake2b(page.encode(), key=secret.encode(), digest_size=CSRF_SECRET_LENGTH).digest()
    masks = noise.translate(_LETTERS)
    hidden = bytes(_PLACE[char] + _PLACE[by] for char, by in zip(secret.encode(), masks, strict=True))
    return masks + hidden.translate(_LETTERS)


def set_cookie(response: HttpResponseBase, secret: str) -> None:
    """Give a visitor its secret, as Django's CsrfViewMiddleware would."""
    cookie: Morsel[str] = _prepared_cookie(int(time.time()) // _MINUTE).copy()
    cookie.set(settings.CSRF_COOKIE_NAME, secret, secret)
    dict.__setitem__(response.cookies, settings.CSRF_COOKIE_NAME, cookie)


@lru_cache(maxsize=1)
def _prepared_cookie(minute: int) -> "Morsel[str]":
    """Return the cookie without its value: every first visit needs one, and writing it takes longer than the page."""
    response = HttpResponse()
    response.set_cookie(
        settings.CSRF_COOKIE_NAME,
        "-",
        max_age=settings.CSRF_COOKIE_AGE,
        domain=settings.CSRF_COOKIE_DOMAIN,
        path=settings.CSRF_COOKIE_PATH,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=settings.CSRF_COOKIE_HTTPONLY,
        samesite=settings.CSRF_COOKIE_SAMESITE,
    )
    return response.cookies[settings.CSRF_COOKIE_NAME]
