"""Pictures of cars: one per series and paint, and what to show where one was not taken."""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

from apps.catalog.api import picture_url

SUFFIX = ".webp"


def car_picture(series_code: str, *paints: str) -> str:
    """Return the address of a series' picture in the first of the paints there is one of, or in any; "" without one."""
    series = series_code.lower()
    for paint in (*paints, *_taken(series)):
        address = picture_url(f"vehicles/{series}/{paint.lower().removeprefix('paint-')}") if paint else ""
        if address:
            return address
    return ""


def paint_of(image_key: str) -> str:
    """Return the paint a picture's key names: "celadon" of "vehicles/wangshu/celadon"."""
    parts = image_key.split("/")
    return parts[2] if len(parts) == 3 else ""


@lru_cache(maxsize=64)
def _taken(series: str) -> tuple[str, ...]:
    folder = finders.find(f"img/vehicles/{series}")
    return tuple(sorted(path.stem for path in Path(folder).glob(f"*{SUFFIX}"))) if folder else ()
