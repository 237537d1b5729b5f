"""
Papers: a template laid out as a PDF, in Chinese or English.

WeasyPrint needs pango (Debian: libpango-1.0-0, libpangoft2-1.0-0) and a Chinese font. Where it is missing, the reader
is told so, and sent back to the page, which prints as well.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Unavailable

log = logging.getLogger(__name__)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class LayoutMissing(Unavailable):
    """This machine has no library that lays out text."""

    code = "layout_missing"
    message = _("PDFs cannot be made on this server: its administrator must install pango.")


def render_pdf(template: str, context: dict[str, Any], *, language: str) -> bytes:
    """
    Return a template laid out as a PDF; nothing is fetched from anywhere.

    :raises LayoutMissing: if pango is not installed
    """
    try:
        from weasyprint import HTML
    except OSError as error:
        log.exception("weasyprint cannot load its libraries")
        raise LayoutMissing from error
    with translation.override(language):
        page = render_to_string(template, {**context, "language": language})
    return HTML(string=page, url_fetcher=_fetch_nothing).write_pdf()


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, name: str, back: Sequence[Any]
) -> HttpResponse:
    """Return a paper in the reader's language, or in that of ``lang``; where none can be made, say so on ``back``."""
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else translation.get_language() or settings.LANGUAGE_CODE
    try:
        content = render_pdf(template, context, language=language)
    except LayoutMissing as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(*back)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _fetch_nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    """
    Refuse every address: a paper holds everything itself.

    :raises ValueError: always
    """
    raise ValueError(f"A paper fetches nothing: {url}")
