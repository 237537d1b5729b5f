"""The few line icons of the shop, drawn inline so that they take the color of their text."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Paths on a grid of 24, stroked by the style sheet (class "icon").
PATHS = {
    "search": '<circle cx="11" cy="11" r="6.500"/><path d="M16 16l4.500 4.500"/>',
    "cart": '<path d="M3 4h2.500l2 11h10l2-8H6.500"/><circle cx="9" cy="19" r="1.500"/><circle cx="16.500" cy="19" r="1.500"/>',
    "person": '<circle cx="12" cy="8" r="3.800"/><path d="M4.500 20c1-4 4-6 7.500-6s6.500 2 7.500 6"/>',
    "pin": '<path d="M12 21c-4.500-5-6.500-8-6.500-11a6.500 6.500 0 0 1 13 0c0 3-2 6-6.500 11z"/><circle cx="12" cy="10" r="2.300"/>',
    "phone": '<path d="M5 4h4l1.500 5-2.500 1.500a12 12 0 0 0 5.500 5.500l1.500-2.500 5 1.500v4c-9 1.500-16.500-6-15-15z"/>',
    "clock": '<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5l3.500 2"/>',
    "check": '<path d="M4.500 12.500l5 5 10-11"/>',
    "shield": '<path d="M12 3c3 2 5 2.500 7.500 2.500V12c0 4.500-3.500 7.500-7.500 9-4-1.500-7.500-4.500-7.500-9V5.500C7 5.500 9 5 12 3z"/><path d="M8.500 12l2.500 2.500 4.500-5"/>',
    "wallet": '<rect x="3.500" y="6" width="17" height="13" rx="2"/><path d="M3.500 10h17M15.500 14.500h2"/>',
    "store": '<path d="M4 10v9.500h16V10M3 10l2-5.500h14L21 10a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0zM10 19.500V14h4v5.500"/>',
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "truck": '<path d="M3 6h11v10H3zM14 9.500h4l3 3.500v3h-7z"/><circle cx="7" cy="17.500" r="1.800"/><circle cx="17" cy="17.500" r="1.800"/>',
}


def draw_icon(name: str) -> SafeString:
    """Return an icon as inline SVG, hidden from screen readers: the words beside it say it all."""
    drawing = mark_safe(PATHS[name])  # noqa: S308 - a constant of ours
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawing)
