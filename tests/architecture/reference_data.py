"""The reference data of the demo world, read once for the tests beside this file."""

import json
import re
from decimal import Decimal
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "config" / "reference"
FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(REFERENCE.glob("*.json"))}

REGION = {row[0]: dict(zip(FILES["regions"]["columns"], row, strict=False)) for row in FILES["regions"]["rows"]}
VEHICLES = FILES["vehicles"]
SERIES = {row["code"]: row for row in VEHICLES["series"]}
MODELS = {row["code"]: row for row in VEHICLES["models"]}
TRIMS = {row["code"]: row for row in VEHICLES["trims"]}
OPTIONS = {row["code"]: row for row in VEHICLES["options"]}
GROUPS = {row["code"]: row for row in VEHICLES["option_groups"]}
RULES = {row["code"]: row for row in VEHICLES["rules"]}
PARTS = {row["sku"]: row for row in FILES["parts"]["parts"]}
PACKAGES = {row["code"]: row for row in FILES["packages"]["packages"]}
CATEGORIES = {row["code"]: row for row in FILES["categories"]["categories"]}
ORGANIZATIONS = {row["code"]: row for row in FILES["organizations"]["organizations"]}
SUPPLIERS = {row["code"]: row for row in FILES["suppliers"]["suppliers"]}
DEALERS = {row["code"]: row for row in FILES["dealers"]["dealers"]}
STORES = {row["code"]: row for row in FILES["dealers"]["stores"]}
SITES = {row["code"]: row for row in FILES["sites"]["sites"]}


def money(text: str) -> Decimal:
    assert re.fullmatch(r"\d+\.\d\d", text), text
    return Decimal(text)
