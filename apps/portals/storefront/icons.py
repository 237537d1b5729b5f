"""The line icons of the shop, drawn inline so that they take the color of their text."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Paths on a grid of 24, stroked by the style sheet (class "icon").
PATHS = {
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "back": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "calendar": '<rect x="4" y="5.500" width="16" height="14.500" rx="2"/><path d="M4 10h16M8.500 3.500v4M15.500 3.500v4"/>',
    "car": '<path d="M4 16.500v-3.500l2-5c.4-1 1.200-1.500 2.200-1.500h7.600c1 0 1.800.5 2.200 1.500l2 5v3.500zM4.500 13h15"/><path d="M5 16.500v2.500h2.500v-2.500M16.500 16.500v2.500H19v-2.500"/>',
    "cart": '<path d="M3 4h2.500l2 11h10l2-8H6.500"/><circle cx="9" cy="19" r="1.500"/><circle cx="16.500" cy="19" r="1.500"/>',
    "check": '<path d="M4.500 12.500l5 5 10-11"/>',
    "chevron": '<path d="M9 5l7 7-7 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5l3.500 2"/>',
    "compare": '<path d="M8 4v16M16 4v16M4 9l4-5 4 5M12 15l4 5 4-5"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "globe": '<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c5 5 5 12 0 17c-5-5-5-12 0-17z"/>',
    "heart": '<path d="M12 20C5.500 15.500 3.500 12 3.500 9A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 8.500 2c0 3-2 6.500-8.500 11z"/>',
    "info": '<circle cx="12" cy="12" r="8.500"/><path d="M12 11v5.500M12 7.500v.5"/>',
    "lock": '<rect x="5" y="10.500" width="14" height="9.500" rx="2"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500"/>',
    "mail": '<rect x="3.500" y="5.500" width="17" height="13" rx="2"/><path d="M4 7l8 6 8-6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "menu": '<path d="M4 8h16M4 16h16"/>',
    "person": '<circle cx="12" cy="8" r="3.800"/><path d="M4.500 20c1-4 4-6 7.500-6s6.500 2 7.500 6"/>',
    "phone": '<path d="M5 4h4l1.500 5-2.500 1.500a12 12 0 0 0 5.500 5.500l1.500-2.500 5 1.500v4c-9 1.500-16.500-6-15-15z"/>',
    "pin": '<path d="M12 21c-4.500-5-6.500-8-6.500-11a6.500 6.500 0 0 1 13 0c0 3-2 6-6.500 11z"/><circle cx="12" cy="10" r="2.300"/>',
    "search": '<circle cx="11" cy="11" r="6.500"/><path d="M16 16l4.500 4.500"/>',
    "share": '<path d="M12 15V4M8 7.500L12 3.500l4 4M6 11H5v9h14v-9h-1"/>',
    "shield": '<path d="M12 3c3 2 5 2.500 7.500 2.500V12c0 4.500-3.500 7.500-7.500 9-4-1.500-7.500-4.500-7.500-9V5.500C7 5.500 9 5 12 3z"/><path d="M8.500 12l2.500 2.500 4.500-5"/>',
    "star": '<path d="M12 3.500l2.700 5.600 6.100.9-4.400 4.300 1 6.200-5.400-2.900-5.400 2.900 1-6.200L3.200 10l6.100-.9z"/>',
    "store": '<path d="M4 10v9.500h16V10M3 10l2-5.500h14L21 10a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0zM10 19.500V14h4v5.500"/>',
    "truck": '<path d="M3 6h11v10H3zM14 9.500h4l3 3.500v3h-7z"/><circle cx="7" cy="17.500" r="1.800"/><circle cx="17" cy="17.500" r="1.800"/>',
    "undo": '<path d="M8 5L3.500 9.500 8 14M4 9.500h10a5.500 5.500 0 0 1 0 11H9"/>',
    "wallet": '<rect x="3.500" y="6" width="17" height="13" rx="2"/><path d="M3.500 10h17M15.500 14.500h2"/>',
    "wrench": '<path d="M20 7a5 5 0 0 1-6.500 6.200L7 20a2 2 0 0 1-3-3l6.700-6.500A5 5 0 0 1 17 4l-3 3 .5 2.500L17 10z"/>',
    "bell": '<path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4"/>',
    "box": '<path d="M4 8l8-4.500L20 8v8.500l-8 4.500-8-4.500zM4 8l8 4.500L20 8M12 12.500V21"/>',
    "chat": '<path d="M4 5.500h16v11H10l-4.500 4v-4H4zM8 9.500h8M8 12.500h5"/>',
    "chart": '<path d="M4 20h16M7 16.500v-5M12 16.500v-10M17 16.500v-7"/>',
    "document": '<path d="M6 3.500h8l4 4V20.500H6zM14 3.500v4h4M9 12.500h6M9 16h6"/>',
    "home": '<path d="M4 11l8-7 8 7M6 9.500V20h12V9.500M10 20v-5.500h4V20"/>',
    "key": '<circle cx="8" cy="15.500" r="4"/><path d="M11 12.500l8.500-8.500M16 7.500l3 3"/>',
    "list": '<path d="M9 6.500h11M9 12h11M9 17.500h11M4.500 6.500h.5M4.500 12h.5M4.500 17.500h.5"/>',
    "people": '<circle cx="9" cy="8.500" r="3.300"/><path d="M3 19.500c.7-3.500 3-5.300 6-5.300s5.300 1.800 6 5.300M15.500 5.500a3.300 3.300 0 0 1 0 6M17.500 14.700c2 .7 3.100 2.300 3.500 4.800"/>',
    "upload": '<path d="M12 16V4.500M7.500 9L12 4.500 16.500 9M5 15.500v4h14v-4"/>',
}


def draw_icon(name: str) -> SafeString:
    """Return an icon as inline SVG, hidden from screen readers: the words beside it say it all."""
    drawing = mark_safe(PATHS[name])  # noqa: S308 - a constant of ours
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawing)
