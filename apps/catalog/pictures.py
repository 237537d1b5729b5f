"""
Where the picture of a product lies: ``image_key`` is its path under ``static/img`` without suffix.

A key that names a directory (``vehicles/wangshu``), or a file that was not made (``vehicles/wangshu/dune``), shows the
first picture of that directory.
"""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

SUFFIXES = (".webp", ".avif", ".svg", ".png", ".jpg")
# What stands in where a supplier brought no picture: the brand's mark.
STAND_IN = "mark"


def picture_url(image_key: str, *, kind: str = "") -> str:
    """The address of a picture by its key; with a ``kind``, a stand-in where there is none, else ""."""
    for key in (image_key, STAND_IN if kind else ""):
        path = _find(key) if key else ""
        if path:
            return static(path)
    return ""


@lru_cache(maxsize=4096)
def _find(key: str) -> str:
    exact = next((f"img/{key}{suffix}" for suffix in SUFFIXES if finders.find(f"img/{key}{suffix}")), "")
    return exact or _first_in(f"img/{key}") or (_first_in(f"img/{key.rpartition('/')[0]}") if "/" in key else "")


def _first_in(directory: str) -> str:
    # Only directories of one product's own pictures: img/parts holds those of all parts.
    if directory.count("/") < 2:
        return ""
    found = finders.find(directory)
    if not found or not Path(found).is_dir():
        return ""
    names = sorted(path.name for path in Path(found).iterdir() if path.suffix in SUFFIXES)
    return f"{directory}/{names[0]}" if names else ""
