"""The regions of China. Source: config/reference/regions.json (GB/T 2260)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from apps.dealers.errors import UnknownRegion
from apps.dealers.policies import WHOLE_COUNTRY
from apps.kernel.api import in_language


@dataclass(frozen=True, kw_only=True)
class ChinaRegion:
    """A province, city or district; ``level`` names which. ``place`` is the center of a city as (north, east)."""

    code: str
    parent: str | None
    level: str
    name_zh: str
    name_en: str
    place: tuple[float, float] | None

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


@cache
def all_regions() -> dict[str, ChinaRegion]:
    """Return every region by its code, the whole country first; read once."""
    text = (Path(settings.BASE_DIR) / "config" / "reference" / "regions.json").read_text(encoding="utf-8")
    table = json.loads(text)
    country = ChinaRegion(
        code=WHOLE_COUNTRY, parent=None, level="country", name_zh="全国", name_en="All of China", place=None
    )
    regions = {WHOLE_COUNTRY: country}
    for values in table["rows"]:
        row = dict(zip(table["columns"], values, strict=False))
        regions[row["code"]] = ChinaRegion(
            code=row["code"],
            parent=row["parent"],
            level=row["level"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            place=(row["lat"], row["lng"]) if row.get("lat") is not None else None,
        )
    return regions


def get_region(code: str) -> ChinaRegion:
    """
    Return the region with a code.

    :raises UnknownRegion: if there is none
    """
    region = all_regions().get(code)
    if region is None:
        raise UnknownRegion(region=code, fields={"region_code": [str(UnknownRegion(region=code))]})
    return region


def list_regions(*levels: str) -> Sequence[ChinaRegion]:
    """Return the regions of these levels ("country", "province", "city", "district"), by code."""
    return [region for _, region in sorted(all_regions().items()) if region.level in levels]


def name_region(code: str) -> str:
    """Return a region with those around it, in the reader's language, and its code: 上海市 上海市 310100."""
    region = all_regions().get(code)
    names: list[str] = []
    while region is not None:
        if region.name not in names:
            names.insert(0, region.name)
        region = all_regions().get(region.parent) if region.parent else None
    return " ".join([*names, code]) if names else code
