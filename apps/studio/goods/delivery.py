"""From a rendered PNG to what the shop serves: AVIF and WebP at each width, and the index with its blurs."""

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

IMAGES = Path("static/img")
PARTS, PACKAGES, INTERIORS = IMAGES / "parts", IMAGES / "packages", IMAGES / "interiors"
WIDTHS = {PARTS: (400, 800), PACKAGES: (400, 800), INTERIORS: (640, 1200)}
SHAPES = {PARTS: 0.75, PACKAGES: 0.75, INTERIORS: 0.5625}
WEBP_QUALITY, AVIF_QUALITY = 80, 60
BLUR_WIDTH = 16
PANORAMA_WIDTHS = (2048, 4096)
MAX_PANORAMA = 600_000


def deliver(source: Path, folder: Path, key: str) -> None:
    """Write a picture in every width and format."""
    folder.mkdir(exist_ok=True)
    with Image.open(source) as picture:
        plain = picture.convert("RGB")
    for width in WIDTHS[folder]:
        sized = plain.resize((width, round(width * plain.height / plain.width)), Image.Resampling.LANCZOS)
        save(sized, folder / f"{key}-{width}.webp", quality=WEBP_QUALITY, method=6)
        save(sized, folder / f"{key}-{width}.avif", quality=AVIF_QUALITY, speed=4)


def save(picture: Image.Image, target: Path, **settings: int) -> None:
    """Write a file at once, so that nobody finds half a picture."""
    buffer = io.BytesIO()
    picture.save(buffer, target.suffix.removeprefix(".").upper(), **settings)
    target.write_bytes(buffer.getvalue())


def deliver_panorama(source: Path, code: str) -> None:
    """Write an equirectangular picture in both widths, each within MAX_PANORAMA."""
    with Image.open(source) as picture:
        plain = picture.convert("RGB")
    for width in PANORAMA_WIDTHS:
        sized = plain.resize((width, width // 2), Image.Resampling.LANCZOS)
        target = INTERIORS / f"{code}-pano-{width}.webp"
        quality = WEBP_QUALITY
        sized.save(target, quality=quality, method=6)
        while target.stat().st_size > MAX_PANORAMA and quality > 40:
            quality -= 6
            sized.save(target, quality=quality, method=6)


def is_delivered(folder: Path, key: str, *, width: int, samples: int) -> bool:
    """Tell whether a picture is there, taken at least that finely."""
    taken = read_index(folder)["pictures"].get(key, {}).get("taken", [0, 0])
    if taken[0] < width or taken[1] < samples:
        return False
    names = (f"{key}-{width}.{suffix}" for width in WIDTHS[folder] for suffix in ("avif", "webp"))
    return all((folder / name).exists() for name in names)


def read_index(folder: Path) -> dict[str, Any]:
    path = folder / "index.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"pictures": {}}


def write_index(folder: Path, keys: Sequence[str] = (), *, width: int = 0, samples: int = 0) -> None:
    """
    Write each picture's blur into the folder's index; keys without a picture stay in it, without a blur.

    ``keys`` were taken just now, so many pixels wide, with so many samples a pixel.
    """
    index = read_index(folder)
    for key in keys:
        index["pictures"].setdefault(key, {})["taken"] = [width, samples]
    small = WIDTHS[folder][0]
    for file in sorted(folder.glob(f"*-{small}.webp")):
        key = file.stem.removesuffix(f"-{small}")
        index["pictures"].setdefault(key, {})["blur"] = _blur(file)
    index["widths"], index["height_per_width"] = list(WIDTHS[folder]), SHAPES[folder]
    rows = [f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in index["pictures"].items()]
    head = {name: value for name, value in index.items() if name != "pictures"}
    body = ",\n".join(rows)
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "pictures": {\n' + body + "\n}}\n"
    (folder / "index.json").write_text(text, encoding="utf-8")


def _blur(file: Path) -> str:
    """A 16 pixel wide copy as a data URI."""
    with Image.open(file) as picture:
        tiny = picture.convert("RGB").resize((BLUR_WIDTH, round(BLUR_WIDTH * picture.height / picture.width)))
    buffer = io.BytesIO()
    tiny.save(buffer, "WEBP", quality=30, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def contact_sheet(files: Sequence[Path], target: Path, columns: int = 4) -> None:
    """Lay pictures side by side, to look at them."""
    width, height = 400, 300
    sheet = Image.new("RGB", (columns * width, -(-len(files) // columns) * height), "white")
    for place, file in enumerate(files):
        with Image.open(file) as picture:
            sheet.paste(
                picture.convert("RGB").resize((width, height)), (place % columns * width, place // columns * height)
            )
    sheet.save(target)
