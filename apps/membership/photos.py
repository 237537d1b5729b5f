"""
Photos that members upload: read by content, drawn anew, in three files.

Drawing anew leaves behind whatever is not a pixel: places, cameras, comments, scripts. A picture is measured before it
is unfolded, so that a few kilobytes cannot become gigabytes.
"""

import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.membership.errors import PhotoRefused

# Six of these are less than settings.MOST_BODY_BYTES: a larger body is refused before it is read.
MOST_BYTES = 7 * 1024 * 1024
# A JPEG is unfolded at a fraction of its size; the others whole, four bytes a pixel.
MOST_PIXELS = {"JPEG": 110_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LEAST_SIDE = 80
LARGE, SMALL = 1600, 360
WEBP = {"format": "WEBP", "quality": 80, "method": 4}
AVIF = {"format": "AVIF", "quality": 55, "speed": 8}
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPhoto:
    """The three files of one photo; width and height are those of the large one, in pixels."""

    width: int
    height: int
    large: bytes
    small_webp: bytes
    small_avif: bytes


def prepare_photo(upload: "File[Any]") -> PreparedPhoto:
    """
    Draw an uploaded photo anew, upright, without anything but its pixels.

    :raises PhotoRefused: if it is no JPEG, PNG or WebP, is broken, too large or too small
    """
    refusal = PhotoRefused(name=(upload.name or "")[-60:], megabytes=MOST_BYTES // 1024**2)
    if not upload.size or upload.size > MOST_BYTES:
        raise refusal
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise refusal
    try:
        with Image.open(io.BytesIO(content), formats=list(MOST_PIXELS)) as picture:
            if picture.width * picture.height > MOST_PIXELS[picture.format or ""]:
                raise refusal
            if min(picture.width, picture.height) < LEAST_SIDE:
                raise refusal
            return _drawn(picture)
    except _BROKEN as error:
        raise refusal from error


def _drawn(picture: Image.Image) -> PreparedPhoto:
    picture.draft("RGB", (LARGE, LARGE))
    upright = ImageOps.exif_transpose(picture)
    seen = upright.convert("RGBA")
    # White shows through where a picture is transparent.
    canvas = Image.new("RGB", seen.size, "white")
    canvas.paste(seen, mask=seen.getchannel("A"))
    canvas.thumbnail((LARGE, LARGE))
    small = canvas.copy()
    small.thumbnail((SMALL, SMALL))
    return PreparedPhoto(
        width=canvas.width,
        height=canvas.height,
        large=_written(canvas, WEBP),
        small_webp=_written(small, WEBP),
        small_avif=_written(small, AVIF),
    )


def _written(picture: Image.Image, how: dict[str, Any]) -> bytes:
    content = io.BytesIO()
    picture.save(content, **how)
    return content.getvalue()
