"""
Provinces, cities and districts: offered while an address is typed, and found by whatever somebody types for a place.

Source: config/reference/regions.json (GB/T 2260); cities carry the position of their center.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from apps.catalog.api import syllables_of
from apps.kernel.api import is_english

LONGEST_PLACE = 40
MOST_FOUND = 6
# What an official name ends in, and people leave out; longest first.
_ENDINGS = ("特别行政区", "自治州", "自治县", "地区", "新区", "林区", "市", "区", "县", "盟", "旗")
_LEVELS = {"city": 0, "district": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    A city or district with a place to count distances from, in degrees (WGS 84).

    That is the center of its city, or, where the table has none (``is_exact`` False), of the first city of its province
    that has one: good enough to sort stores by, not to tell how far they are.
    """

    code: str
    level: str
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str
    latitude: float
    longitude: float
    is_exact: bool
    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the reader's language, a district after its city."""
        name, city = (self.name_en, self.city_en) if is_english() else (self.name_zh, self.city_zh)
        return name if self.level == "city" else f"{city} {name}"


def list_provinces() -> list[str]:
    """Return the provinces in the reader's language."""
    field = "name_en" if is_english() else "name_zh"
    return [row[field] for row in _rows() if row["level"] == "province"]


def find_places(text: str) -> list[Place]:
    """
    Return the cities and districts somebody may mean, the best match first.

    By name with or without its ending (苏州, 苏州市), by pinyin (suzhou), by initials (sz), by English name. A whole
    name beats the beginning of one, a city a district, then the order of the codes.
    """
    typed = _key(text[:LONGEST_PLACE])
    if not typed:
        return []
    found = [
        (min(rank for key in place.keys if (rank := _rank(key, typed)) is not None), place)
        for place in _places()
        if any(key.startswith(typed) for key in place.keys)
    ]
    found.sort(key=lambda row: (row[0], _LEVELS[row[1].level], row[1].code))
    return [place for _, place in found[:MOST_FOUND]]


def list_city_dots() -> list[tuple[float, float]]:
    """Return the known centers of cities, (degrees north, degrees east)."""
    return [(place.latitude, place.longitude) for place in _places() if place.level == "city" and place.is_exact]


def _rank(key: str, typed: str) -> int | None:
    if not key.startswith(typed):
        return None
    return 0 if key == typed else 1


def _key(text: str) -> str:
    return "".join(text.lower().split()).replace("'", "")


@cache
def _rows() -> list[dict]:
    table = json.loads((Path(settings.BASE_DIR) / "config" / "reference" / "regions.json").read_text(encoding="utf-8"))
    return [dict(zip(table["columns"], values, strict=False)) for values in table["rows"]]


@cache
def _places() -> tuple[Place, ...]:
    return tuple(_read_places())


def _read_places() -> Iterator[Place]:
    cities = {row["code"]: row for row in _rows() if row["level"] == "city"}
    centers: dict[str, dict] = {}
    for row in cities.values():
        if row.get("lat") is not None:
            centers.setdefault(row["parent"], row)
    for row in _rows():
        city = cities.get(row["code"] if row["level"] == "city" else row["parent"] or "")
        if row["level"] not in _LEVELS or city is None:
            continue
        center = city if city.get("lat") is not None else centers.get(city["parent"])
        if center is not None:
            yield Place(
                code=row["code"],
                level=row["level"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                city_zh=city["name_zh"],
                city_en=city["name_en"],
                latitude=center["lat"],
                longitude=center["lng"],
                is_exact=center is city,
                keys=tuple(_keys(row["name_zh"], row["name_en"])),
            )


def _keys(name_zh: str, name_en: str) -> Iterator[str]:
    short = next((name_zh.removesuffix(end) for end in _ENDINGS if name_zh.endswith(end)), name_zh)
    syllables = syllables_of(short)
    yield name_zh
    if len(short) > 1:
        yield short
    yield "".join(syllables)
    yield "".join(syllable[0] for syllable in syllables)
    yield _key(name_en)
