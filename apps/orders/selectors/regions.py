"""Administrative regions by name: where an address lies. Source: config/reference/regions.json (GB/T 2260)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Region:
    """The deepest known region of an address; ``place`` is the center of its city as (latitude, longitude)."""

    code: str
    place: tuple[float, float] | None


def find_region(*, province: str, city: str, district: str) -> Region | None:
    """Return the region an address names, in Chinese or English; None where the province is unknown."""
    found, place = None, None
    parent = None
    for level, name in (("province", province), ("city", city), ("district", district)):
        row = _rows().get((level, parent, _plain(name)))
        if row is None:
            break
        found = parent = row["code"]
        place = row["place"] or place
    return Region(code=found, place=place) if found else None


def _plain(name: str) -> str:
    """Fold what people leave out or add: case, spaces, and the kind of place at the end."""
    folded = name.strip().lower().replace(" ", "")
    for ending in ("district", "city", "province", "省", "市", "区", "县"):
        if len(folded) > len(ending) + 1:
            folded = folded.removesuffix(ending)
    return folded


@cache
def _rows() -> dict[tuple[str, str | None, str], dict]:
    text = (Path(settings.BASE_DIR) / "config" / "reference" / "regions.json").read_text(encoding="utf-8")
    table = json.loads(text)
    rows = {}
    for values in table["rows"]:
        row = dict(zip(table["columns"], values, strict=False))
        entry = {
            "code": row["code"],
            "place": (row["lat"], row["lng"]) if row.get("lat") is not None else None,
        }
        for name in (row["name_zh"], row["name_en"]):
            rows[row["level"], row["parent"], _plain(name)] = entry
    return rows
