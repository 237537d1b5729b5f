"""Paper: templates laid out as PDF. Nothing is fetched from anywhere while a page is laid out."""

from collections.abc import Mapping
from typing import Any

import segno
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint import HTML


class OutsideRefused(Exception):
    """A template asked for something outside of itself."""


def render_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """Return a template as PDF; its styles and pictures must stand in it."""
    return HTML(string=render_to_string(template, dict(context)), url_fetcher=_refuse).write_pdf()


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that the browser shows, under a plain ASCII name."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def qr_svg(text: str) -> SafeString:
    """Return a QR code as inline SVG."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(border=0, omitsize=True))  # noqa: S308 - made of squares, not of the text


def _refuse(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    raise OutsideRefused(url)
