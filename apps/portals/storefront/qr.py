"""QR codes drawn as inline SVG."""

import segno
from django.utils.safestring import SafeString, mark_safe


def draw_qr(text: str) -> SafeString:
    """Return ``text`` as an SVG element, black on white with a quiet zone, fit to be scanned from a screen."""
    svg = segno.make(text, error="m").svg_inline(omitsize=True, dark="#000", light="#fff", border=4)
    # segno escapes nothing of ours into the markup: the text is in the modules, not in attributes.
    return mark_safe(svg)  # noqa: S308
