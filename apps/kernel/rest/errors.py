"""Every refusal of the API as ``{"code", "message", "fields", "context"}`` with a fitting status."""

import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, Error, InterfaceError, OperationalError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.kernel.errors import BadRequest, DomainError, Forbidden, NotFound, TryAgain, Unauthorized

# SQLSTATE. Source: PostgreSQL 18, appendix A.
_LOCK_NOT_AVAILABLE = "55P03"
_QUERY_CANCELED = "57014"
_CLASS_TRANSACTION_ROLLBACK = "40"  # deadlock, serialization failure
RETRY_AFTER_SECONDS = 1


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer DRF's and our own refusals; return None for a genuine bug, which then is logged as a 500."""
    refusal = as_refusal(exc)
    if refusal is not None:
        set_rollback()
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if refusal.status == 503 else {}
        if refusal.status == status.HTTP_401_UNAUTHORIZED:
            headers["WWW-Authenticate"] = 'Session realm="api"'
        return Response(refusal.as_body(), status=refusal.status, headers=headers)
    if isinstance(exc, exceptions.APIException):
        set_rollback()
        return _answer_framework(exc)
    return None


def as_refusal(exc: Exception) -> DomainError | None:
    """Return what an exception means to the client, if it means a refusal; None if DRF or a bug raised it."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Unauthorized()
    if isinstance(exc, Http404 | exceptions.NotFound):
        return NotFound()
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return Forbidden()
    if isinstance(exc, SuspiciousOperation):
        return BadRequest()
    if isinstance(exc, Error):
        return _of_database(exc)
    if isinstance(exc, UnicodeEncodeError) or (isinstance(exc, ValueError) and "NUL (0x00)" in str(exc)):
        # psycopg2 refuses NUL and lone surrogates before they reach the server.
        return BadRequest()
    return None


def _of_database(exc: Error) -> DomainError | None:
    """Read a database error: input out of range is the client's, a lost race or connection is worth another try."""
    if isinstance(exc, DataError):
        return BadRequest()
    if isinstance(exc, OperationalError | InterfaceError):
        return TryAgain()
    code = getattr(exc.__cause__, "pgcode", None) or ""
    if code in {_LOCK_NOT_AVAILABLE, _QUERY_CANCELED} or code.startswith(_CLASS_TRANSACTION_ROLLBACK):
        return TryAgain()
    return None


def _answer_framework(exc: exceptions.APIException) -> Response:
    """Translate what DRF itself raises."""
    headers = {}
    body: dict[str, Any] = {"code": "invalid", "message": "", "fields": {}, "context": {}}
    if isinstance(exc, exceptions.ValidationError):
        body |= {"message": _("Please check what you entered."), "fields": flatten(exc.detail)}
    elif isinstance(exc, exceptions.ParseError):
        body |= {"code": "malformed_json", "message": _("The request is not well-formed JSON.")}
    elif isinstance(exc, exceptions.Throttled):
        body |= {"code": "throttled", "message": _("Too many requests. Please wait a moment.")}
        if exc.wait is not None:
            seconds = math.ceil(exc.wait)
            body["context"] = {"retry_after": seconds}
            headers["Retry-After"] = str(seconds)
    else:
        body |= {"code": str(exc.default_code), "message": str(exc.detail)}
    return Response(body, status=exc.status_code, headers=headers)


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Return DRF's nested messages under dotted paths: ``{"address.phone": ["…"], "lines.0.quantity": ["…"]}``."""
    if isinstance(detail, Mapping):
        nested = [(f"{path}.{name}" if path else str(name), item) for name, item in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        nested = [(f"{path}.{index}" if path else str(index), item) for index, item in enumerate(detail)]
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {path or "non_field_errors": [_as_text(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for name, item in nested:
        if item:
            flat |= flatten(item, name)
    return flat


def _as_text(message: str | Promise) -> str:
    return str(message)
