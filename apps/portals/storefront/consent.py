"""
What a visitor allowed to be kept beyond what the shop needs to work.

The answer is a cookie of ours, ``<version>.<purposes>``: ``1.`` is "only what is necessary", ``1.personal`` allows the
one optional purpose there is. When what is asked changes, VERSION goes up, the old answer counts for nothing, and the
question is asked again. Without an answer nothing optional happens.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "consent"
VERSION = 1
HALF_A_YEAR = 182 * 24 * 3600


class Purpose(StrEnum):
    """What the shop may do only if the visitor agrees."""

    # Remember which products were looked at, to show them again and to recommend.
    PERSONAL = "personal"


# What each purpose keeps on the device; it goes when the agreement does.
KEPT_FOR = {Purpose.PERSONAL: ("xc_recent",)}


def given(request: HttpRequest) -> frozenset[Purpose] | None:
    """Return the purposes the visitor agreed to; None if this version of the question was not answered."""
    version, _, purposes = request.COOKIES.get(COOKIE, "").partition(".")
    if version != str(VERSION):
        return None
    return frozenset(purpose for purpose in Purpose if purpose in purposes.split("-"))


def has_consent(request: HttpRequest, purpose: Purpose) -> bool:
    """Tell whether the visitor agreed to this purpose."""
    return purpose in (given(request) or ())


def remember(response: HttpResponse, purposes: Iterable[Purpose]) -> HttpResponse:
    """
    Write down the answer, and forget what was kept for purposes that are not agreed to (any more).

    Scripts may read the answer, so that cached pages know whether to ask.
    """
    agreed = set(purposes)
    value = f"{VERSION}.{'-'.join(sorted(agreed))}"
    for purpose in set(Purpose) - agreed:
        for name in KEPT_FOR[purpose]:
            response.delete_cookie(name, samesite="Lax")
    response.set_cookie(
        COOKIE, value, max_age=HALF_A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=False
    )
    return response
