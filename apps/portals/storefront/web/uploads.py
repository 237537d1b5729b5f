"""Uploads are measured before they are read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from apps.kernel.api import PayloadTooLarge
from apps.kernel.web import answer
from apps.membership.api import MOST_BYTES, MOST_PHOTOS

# As many photos as a review may show, and the words around them.
MOST_BODY = MOST_PHOTOS * MOST_BYTES + 256 * 1024

View = Callable[..., HttpResponseBase]


def bounded_upload(view: View) -> View:
    """
    Refuse a body that is larger than any review, by its announced length, before a byte of it is read.

    The check of the CSRF token reads the body; so it comes after, and the view is as protected as any other.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def measured(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _announced(request) > MOST_BODY:
            return answer(request, PayloadTooLarge())
        return protected(request, *args, **kwargs)

    return measured


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
