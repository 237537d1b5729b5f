"""Guards in front of every view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.kernel.errors import BadRequest, PayloadTooLarge
from apps.kernel.web.errors import answer


class RefuseNulBytes:
    """
    Answers 400 to a path or query with a NUL byte: PostgreSQL text cannot hold one, so no view has a use for it.

    Bodies are read by forms and by ``apps.kernel.rest.parsers``, which refuse it themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(request, BadRequest())
        return self.get_response(request)


class RefuseGiants:
    """
    Answers 413 to a body that says it is larger than anything we take, before a byte of it is read.

    A body without a length is read as empty by WSGI, so nothing slips by.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.MOST_BODY_BYTES:
            return answer(request, PayloadTooLarge())
        return self.get_response(request)
