"""Develop raw pictures in every paint, pack them for the web, and keep the index of what there is."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from apps.studio import paints, plan, shoot

Array = Any
# So that all stills, some 450, stay below 24 MB.
WEBP_QUALITY, AVIF_QUALITY = {640: 56, 1200: 54}, {640: 46, 1200: 45}
SPIN_QUALITY = 56
MAX_STILL = 60_000
INDEX = plan.STILLS / "index.json"


def deliver_stills(series: str, view: str, samples: int) -> int:
    """Develop one view of a series in every paint, on the wheels that have been shot; return how many were written."""
    sold, made, written = plan.all_series()[series], _read_index(), 0
    for wheels in sold.wheels:
        raw = shoot.still_path(series, view, wheels, samples)
        if not raw.exists():
            continue
        taken: tuple[Array, Array] | None = None
        for paint in sold.paints:
            name = f"{series}/{view}-{paint}-{wheels}"
            mark = f"{raw.stem.rpartition('.')[2]}-{plan.swatches()[paint]}"
            if made.get(name, {}).get("from") == mark and all(path.exists() for path in files_of(name)):
                continue
            taken = taken or shoot.load(raw)
            made[name] = {"blur": _pack_still(_develop(*taken, paint), name), "from": mark}
            written += 1
    if written:
        _write_index(made)
    return written


def _develop(light: Array, masks: Array, paint: str) -> Image.Image:
    color = paints.compensate(paints.linear(plan.swatches()[paint]))
    return Image.fromarray(paints.encode(paints.tone_map(paints.develop(light, masks, color))))


def files_of(name: str) -> list[Path]:
    """Return the files of a still such as "wangshu/side-paint-rime-wheel-16-aero"."""
    return [plan.STILLS / f"{name}-{width}.{suffix}" for width in plan.WIDTHS for suffix in ("avif", "webp")]


def _pack_still(picture: Image.Image, name: str) -> str:
    """Write a still in both widths and formats; return its blur."""
    path = plan.STILLS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for width in plan.WIDTHS:
        sized = (
            picture
            if width == picture.width
            else picture.resize((width, round(width * picture.height / picture.width)), Image.Resampling.LANCZOS)
        )
        _save_below(sized, Path(f"{path}-{width}.webp"), WEBP_QUALITY[width])
        sized.save(f"{path}-{width}.avif", quality=AVIF_QUALITY[width], speed=6)
    tiny = picture.resize((16, 9), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    tiny.save(buffer, "WEBP", quality=30, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def _save_below(picture: Image.Image, path: Path, quality: int) -> None:
    picture.save(path, "WEBP", quality=quality, method=5)
    while path.stat().st_size > MAX_STILL and quality > 40:
        quality -= 6
        picture.save(path, "WEBP", quality=quality, method=5)


def deliver_spin(body: str, samples: int, codes: tuple[str, ...]) -> int:
    """Develop a body type's turn once all its frames have been shot; return how many frames were written."""
    raws = [shoot.spin_path(body, frame, samples) for frame in range(plan.FRAMES)]
    if not all(raw.exists() for raw in raws):
        return 0
    folder, written = plan.SPINS / body, 0
    folder.mkdir(parents=True, exist_ok=True)
    for frame, raw in enumerate(raws):
        taken = shoot.load(raw)
        for paint in codes:
            target = folder / f"{paint}-{frame:02}.webp"
            if not target.exists() or target.stat().st_mtime < raw.stat().st_mtime:
                _develop(*taken, paint).save(target, "WEBP", quality=SPIN_QUALITY, method=5)
                written += 1
    return written


def _read_index() -> dict[str, dict[str, str]]:
    return json.loads(INDEX.read_text(encoding="utf-8"))["pictures"] if INDEX.exists() else {}


def _write_index(made: dict[str, dict[str, str]]) -> None:
    """Write the index, one picture a line, so that changes are easy to read."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in sorted(made.items()))
    head = f'{{"height_per_width": 0.5625, "widths": {list(plan.WIDTHS)}, "formats": ["avif", "webp"], "pictures": {{'
    INDEX.write_text(f"{head}\n{lines}\n}}}}\n", encoding="utf-8")


def contact_sheet(series: str, samples: int, paint: str = "") -> Path:
    """Lay the shot views of a series side by side, to be looked at; return where."""
    sold = plan.all_series()[series]
    tiles = []
    for wheels in sold.wheels:
        for view in plan.VIEWS:
            raw = shoot.still_path(series, view, wheels, samples)
            if raw.exists():
                tiles.append(np.asarray(_develop(*shoot.load(raw), paint or sold.cover_paint).resize((800, 450))))
    rows = [np.hstack(tiles[start : start + len(plan.VIEWS)]) for start in range(0, len(tiles), len(plan.VIEWS))]
    target = plan.WORK / f"{series}.png"
    Image.fromarray(np.vstack([row for row in rows if row.shape == rows[0].shape])).save(target)
    return target
