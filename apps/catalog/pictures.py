"""Where the picture of a product lies."""

from functools import lru_cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static

SUFFIXES = (".webp", ".avif", ".svg", ".png", ".jpg")
FALLBACKS = {
    "vehicle": "products/vehicle",
    "part": "products/part",
    "accessory": "products/accessory",
    "package": "products/package",
    "service": "products/service",
}


def picture_url(image_key: str, *, kind: str = "") -> str:
    """The address of a picture by its key, or that of its kind's stand-in; "" if there is neither."""
    for key in (image_key, FALLBACKS.get(kind, "")):
        path = _find(key) if key else ""
        if path:
            return static(path)
    return ""


@lru_cache(maxsize=4096)
def _find(key: str) -> str:
    return next((f"img/{key}{suffix}" for suffix in SUFFIXES if finders.find(f"img/{key}{suffix}")), "")
