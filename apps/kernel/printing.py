"""
Pages printed as PDF by WeasyPrint.

It needs pango (Debian: libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0) and a Chinese font.
"""

import logging

from django.utils.translation import gettext_lazy as _
from PIL import ImageFile

from apps.kernel.errors import Unavailable

log = logging.getLogger(__name__)


class PrinterMissing(Unavailable):
    """This machine has no library that lays out text."""

    code = "printer_missing"
    message = _("PDFs cannot be made on this server: its administrator must install pango.")


def print_pdf(page: str) -> bytes:
    """
    Return an HTML page as a PDF. Nothing is fetched: what the page needs it brings along as ``data:``.

    :raises PrinterMissing: if pango is not installed
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        log.exception("weasyprint cannot load its libraries")
        raise PrinterMissing from error
    # WeasyPrint makes Pillow take half a picture for a whole one, in the whole process: uploads would pass as well.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    pdf: bytes = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf()
    return pdf
