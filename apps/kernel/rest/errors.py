"""Every refusal of the API as ``{"code", "message", "fields", "context"}`` with a fitting status."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.kernel.errors import DomainError, Forbidden, NotFound, Unauthorized
from apps.kernel.refusals import as_refusal

RETRY_AFTER_SECONDS = 1


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer DRF's and our own refusals; return None for a genuine bug, which then is logged as a 500."""
    refusal = _as_refusal(exc)
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


def _as_refusal(exc: Exception) -> DomainError | None:
    """Return the refusal behind an exception; DRF's own words for "who are you" and "not here" are ours as well."""
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Unauthorized()
    if isinstance(exc, exceptions.NotFound):
        return NotFound()
    if isinstance(exc, exceptions.PermissionDenied):
        return Forbidden()
    return as_refusal(exc)


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
        return {path or "non_field_errors": [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for name, item in nested:
        if item:
            flat |= flatten(item, name)
    return flat
