"""A visitor's wish list: of the account for members, of a cookie for guests."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.membership.api import list_wished_ids

WISH_COOKIE = "xc_wishes"
MOST_GUEST_WISHES = 50
MAX_AGE_SECONDS = 60 * 60 * 24 * 180


def guest_wishes(request: HttpRequest) -> list[int]:
    """Return the products of the guest's cookie, the newest first; what is no number is not there."""
    return read_ids(request.COOKIES.get(WISH_COOKIE, ""), most=MOST_GUEST_WISHES)


def wished_ids(request: HttpRequest) -> list[int]:
    """Return the products on the visitor's wish list, the newest first."""
    return list_wished_ids(request.user) if request.user.is_authenticated else guest_wishes(request)


def remember_wishes(response: HttpResponse, product_ids: Iterable[int]) -> HttpResponse:
    """Write a guest's wishes into the cookie; without any, take the cookie away."""
    kept = list(dict.fromkeys(product_ids))[:MOST_GUEST_WISHES]
    if not kept:
        response.delete_cookie(WISH_COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        WISH_COOKIE,
        ".".join(map(str, kept)),
        max_age=MAX_AGE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def read_ids(text: str, *, most: int) -> list[int]:
    """Return the numbers of "12.7.345", each once, at most so many; anything else in it is passed over."""
    found = (int(part) for part in text[:1000].split(".") if re.fullmatch(r"[1-9][0-9]{0,9}", part))
    return list(dict.fromkeys(found))[:most]
