"""
Papers: a template laid out as a PDF, in Chinese or English.

Where this machine cannot make any, the reader is told so, and sent back to the page, which prints as well.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation

from apps.kernel.api import PrinterMissing, print_pdf

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def render_pdf(template: str, context: dict[str, Any], *, language: str) -> bytes:
    """
    Return a template laid out as a PDF; nothing is fetched from anywhere.

    :raises PrinterMissing: if pango is not installed
    """
    with translation.override(language):
        page = render_to_string(template, {**context, "language": language})
    return print_pdf(page)


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, name: str, back: Sequence[Any]
) -> HttpResponse:
    """Return a paper in the reader's language, or in that of ``lang``; where none can be made, say so on ``back``."""
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else translation.get_language() or settings.LANGUAGE_CODE
    try:
        content = render_pdf(template, context, language=language)
    except PrinterMissing as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(*back)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
