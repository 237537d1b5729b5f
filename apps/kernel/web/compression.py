"""Answers made for one visitor, compressed on their way out. Pages of the page cache come compressed."""

import zlib
from collections.abc import Callable

import brotli
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from apps.kernel.web.page_cache import accepted_encoding

KINDS = ("text/html", "application/json", "text/plain", "text/css", "text/javascript", "image/svg+xml", "text/calendar")
# Below this the headers weigh more than what is saved.
SMALLEST = 1000
# Made anew for each answer: fast before small.
BROTLI_QUALITY = 3
GZIP_LEVEL = 4


class CompressionMiddleware:
    """
    Compresses text with Brotli, or gzip for those who know no other.

    A page that is compressed with a secret and with words of an attacker in it tells the secret by its length (BREACH).
    The secret of our pages is the CSRF token, which Django masks with fresh noise in each answer; see
    decisions/0002-compress-what-is-made-for-one-visitor.md.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Compress the answer if it is worth it and the browser takes it."""
        response = self.get_response(request)
        if (
            response.streaming
            or getattr(request, "page_visit", None) is not None
            or len(response.content) < SMALLEST  # type: ignore[attr-defined]
            or response.get("Content-Type", "").partition(";")[0] not in KINDS
            or "Content-Encoding" in response
        ):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        encoding = accepted_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if not encoding:
            return response
        content = response.content  # type: ignore[attr-defined]
        packed = brotli.compress(content, quality=BROTLI_QUALITY) if encoding == "br" else _gzip(content)
        response.content = packed  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(packed))
        response["Content-Encoding"] = encoding
        if (etag := response.get("ETag", "")).startswith('"'):
            response["ETag"] = f"W/{etag}"
        return response


def _gzip(content: bytes) -> bytes:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()
