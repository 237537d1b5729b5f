"""
Where the picture of a product lies: ``image_key`` is its path under ``static/img`` without width and suffix.

``parts/tire`` is the files ``parts/tire-400.avif``, ``tire-800.avif``, ``tire-400.webp`` and ``tire-800.webp``, or one
file ``parts/tire.svg``. What is known beside the files (the shape; a tiny blurred picture to show first) is read from
``index.json`` in the top folder: ``{"height_per_width": 0.75, "pictures": {"tire": {"blur": "data:image/webp;…"}}}``; a
picture of another shape has a ``height_per_width`` of its own.

``uploaded/…`` is a picture a supplier brought with a product, drawn anew and kept as a private file; it is served by
its id once the product is in the shop.

A key that names a directory (``vehicles/wangshu``), or a file that was not made (``vehicles/wangshu/dune``), shows the
first picture of that directory; a paint (``vehicles/wangshu/celadon``) the car in that paint.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

# What stands in where a supplier brought no picture: the brand's mark.
STAND_IN = "mark"
UPLOADED = "uploaded/"
FILE_NAME = re.compile(r"(?P<stem>.+?)(?:-(?P<width>\d{3,4}))?\.(?P<suffix>avif|webp|svg|png|jpg)")
TYPES = {"avif": "image/avif", "webp": "image/webp"}
# The first of these is what browsers without <picture> and other programs get.
PLAIN = ("webp", "svg", "png", "jpg", "avif")
# Width and height per width where neither the file names nor the index tell.
USUAL_WIDTH, USUAL_SHAPE = 1200, {"vehicles": 0.5625}
SHAPE_OF_GOODS = 0.75
COVER_VIEW = "front34"


@dataclass(frozen=True, slots=True)
class PictureSource:
    """One format of a picture: its media type and the ``srcset`` of its widths."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class PictureSet:
    """What a ``<picture>`` element needs; ``placeholder`` is a tiny blurred ``data:`` picture, or empty."""

    sources: tuple[PictureSource, ...]
    src: str
    width: int
    height: int
    placeholder: str = ""


def picture_url(image_key: str, *, kind: str = "") -> str:
    """The address of a picture by its key; with a ``kind``, a stand-in where there is none, else ""."""
    found = picture_set(image_key, kind=kind)
    return found.src if found else ""


def uploaded_key(file_id: UUID) -> str:
    """The key of a picture that a supplier brought."""
    return f"{UPLOADED}{file_id}"


def picture_set(image_key: str, *, kind: str = "") -> PictureSet | None:
    """A picture in all its widths and formats by its key; with a ``kind``, a stand-in where there is none."""
    if image_key.startswith(UPLOADED):
        src = reverse("catalog:uploaded-picture", args=[image_key.removeprefix(UPLOADED)])
        return PictureSet(sources=(), src=src, width=USUAL_WIDTH, height=round(USUAL_WIDTH * SHAPE_OF_GOODS))
    for key in (image_key, STAND_IN if kind else ""):
        found = _find(key) if key else ""
        if found:
            return _set_of(found)
    return None


def list_pictures(folder: str) -> tuple[str, ...]:
    """The keys of the pictures in a folder under ``static/img``, in order: ``vehicles/wangshu`` → ``…/front34-…``."""
    return tuple(f"{folder}/{stem}" for stem in _shelf(folder))


@lru_cache(maxsize=4096)
def _find(key: str) -> str:
    """The key of the picture to show for ``key``, "" where there is none."""
    folder, _, stem = key.rpartition("/")
    if stem in _shelf(folder):
        return key
    return _first_in(key) or _in_paint(folder, stem) or _first_in(folder)


def _in_paint(folder: str, paint: str) -> str:
    wanted = f"{COVER_VIEW}-paint-{paint}-"
    return next((f"{folder}/{stem}" for stem in _shelf(folder) if stem.startswith(wanted)), "")


def _first_in(folder: str) -> str:
    # Only directories of one product's own pictures: img/parts holds those of all parts.
    if "/" not in folder:
        return ""
    stems = sorted(_shelf(folder), key=lambda stem: (not stem.startswith(COVER_VIEW), stem))
    return f"{folder}/{stems[0]}" if stems else ""


@lru_cache(maxsize=512)
def _shelf(folder: str) -> Mapping[str, Mapping[str, Mapping[int, str]]]:
    """What lies in a folder: stem → suffix → width (0: the only one) → file name."""
    found = finders.find(f"img/{folder}") if folder else finders.find("img")
    shelf: dict[str, dict[str, dict[int, str]]] = {}
    for path in sorted(Path(found).iterdir()) if found and Path(found).is_dir() else ():
        name = FILE_NAME.fullmatch(path.name)
        if name:
            widths = shelf.setdefault(name["stem"], {}).setdefault(name["suffix"], {})
            widths[int(name["width"] or 0)] = path.name
    return shelf


@lru_cache(maxsize=32)
def _index(top: str) -> Mapping[str, Mapping]:
    found = finders.find(f"img/{top}/index.json") if top else None
    return json.loads(Path(found).read_text(encoding="utf-8")) if found else {}


@lru_cache(maxsize=4096)
def _set_of(key: str) -> PictureSet:
    folder, _, stem = key.rpartition("/")
    top, _, rest = key.partition("/")
    formats = _shelf(folder)[stem]
    prefix = f"img/{folder}/" if folder else "img/"
    index = _index(top)
    known = index.get("pictures", {}).get(rest, {})
    usual = index.get("height_per_width", USUAL_SHAPE.get(top, SHAPE_OF_GOODS))
    width = max(max(widths) for widths in formats.values()) or USUAL_WIDTH
    height = round(width * known.get("height_per_width", usual))
    plain = next(formats[suffix] for suffix in PLAIN if suffix in formats)
    return PictureSet(
        sources=tuple(
            PictureSource(
                type=TYPES[suffix],
                srcset=", ".join(f"{static(prefix + name)} {wide}w" for wide, name in sorted(widths.items())),
            )
            for suffix in TYPES
            if (widths := {wide: name for wide, name in formats.get(suffix, {}).items() if wide})
        ),
        src=static(prefix + plain[max(plain)]),
        width=width,
        height=height,
        placeholder=known.get("blur", ""),
    )
