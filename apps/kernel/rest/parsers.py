"""Reading JSON that the database can also store."""

import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from apps.kernel.errors import BadRequest, PayloadTooLarge

BIGINT = 2**63


class JSONParser(parsers.JSONParser):
    """
    DRF's parser, that also refuses what Python reads and PostgreSQL does not: NUL, lone surrogates, numbers beyond
    bigint, infinite floats (``1e999``), and nesting deeper than Python's stack.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """
        Return the parsed body.

        :raises ParseError: if it is not JSON
        :raises BadRequest: if it holds values nothing could store
        :raises PayloadTooLarge: if it is larger than DATA_UPLOAD_MAX_MEMORY_SIZE, which Django checks for forms only
        """
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0
        if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise PayloadTooLarge
        try:
            data = super().parse(stream, media_type, parser_context)
            is_storable = _is_storable(data)
        except RecursionError:
            raise ParseError from None
        if not is_storable:
            raise BadRequest(fields={"non_field_errors": [_("A value is out of range or holds forbidden characters.")]})
        return data


def _is_storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return all(_is_storable(name) and _is_storable(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(_is_storable, value))
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -BIGINT <= value < BIGINT
