"""Names of provinces, offered while an address is typed. Source: config/reference/regions.json (GB/T 2260)."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language


def list_provinces() -> list[str]:
    """Return the provinces in the reader's language."""
    chinese, english = zip(*_provinces(), strict=True)
    return list(english if (get_language() or "").startswith("en") else chinese)


@cache
def _provinces() -> list[tuple[str, str]]:
    table = json.loads((Path(settings.BASE_DIR) / "config" / "reference" / "regions.json").read_text(encoding="utf-8"))
    rows = [dict(zip(table["columns"], values, strict=False)) for values in table["rows"]]
    return [(row["name_zh"], row["name_en"]) for row in rows if row["level"] == "province"]
