"""
Reading one record of the OpenEV data set: what must be there, of which type, in which range. Pure.

Every problem is named: a code for programs, the path of the value, and a sentence for people.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.catalog.specs import SPECS

MAX_CODE = 64
MAX_NAME = 80
YEARS = range(1980, 2101)
VEHICLE_TYPES = ("suv", "passenger_car", "van", "pickup")
BODY_OF_STYLE = {
    "crossover": "crossover",
    "sedan": "sedan",
    "suv": "suv",
    "mini_suv": "suv",
    "hatchback": "hatchback",
    "coupe": "coupe",
    "pickup": "pickup",
    "van": "van",
    "mpv": "mpv",
    "minivan": "mpv",
    "convertible": "convertible",
}
BODY_OF_TYPE = {"suv": "suv", "passenger_car": "sedan", "van": "van", "pickup": "pickup"}
# Where a specification of ours stands in a record; the first path that is there wins.
SPEC_PATHS: Mapping[str, tuple[str, ...]] = {
    "battery_kwh": ("battery.pack_capacity_kwh_net", "battery.pack_capacity_kwh_gross"),
    "battery_chemistry": ("battery.chemistry",),
    "system_kw": ("powertrain.system_power_kw",),
    "torque_nm": ("powertrain.system_torque_nm",),
    "drive": ("powertrain.drivetrain",),
    "accel_0_100_s": ("performance.acceleration_0_100_kmh_s",),
    "top_speed_kmh": ("performance.top_speed_kmh",),
    "dc_peak_kw": ("charging.dc.max_power_kw",),
    "ac_kw": ("charging.ac.max_power_kw",),
    "length_mm": ("dimensions.length_mm",),
    "width_mm": ("dimensions.width_mm",),
    "height_mm": ("dimensions.height_mm",),
    "wheelbase_mm": ("dimensions.wheelbase_mm",),
    "ground_clearance_mm": ("dimensions.ground_clearance_mm",),
    "drag_cd": ("body.drag_coefficient_cd",),
    "trunk_l": ("capacity.cargo_l",),
    "curb_weight_kg": ("weights.curb_weight_kg",),
    "towing_kg": ("capacity.towing_braked_kg",),
    "doors": ("body.doors",),
    "seats": ("body.seats",),
}
# A record without these is no car of this data set.
REQUIRED_SPECS = ("battery_chemistry", "system_kw", "drive")
RANGE_CYCLES = ("cltc", "wltp", "epa", "nedc")
TYPE_NAMES = {str: "text", int: "a whole number", list: "a list", dict: "an object"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record: ``code`` for programs, ``path`` of the value, ``text`` for people."""

    code: str
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRecord:
    """A checked record in our words. ``digest`` tells whether anything we keep has changed since."""

    source_code: str
    make_code: str
    make_name: str
    series_code: str
    series_name: str
    body_type: str
    model_year: int
    trim_code: str
    trim_name: str
    title: str
    specs: Mapping[str, Any]
    digest: str


def read_line(line: bytes) -> tuple[Any, Problem | None]:
    """Return the value of one line of a JSON Lines file, or what keeps it from being read."""
    try:
        return json.loads(line.decode("utf-8")), None
    except UnicodeDecodeError:
        return None, Problem("not_utf8", "", "The line is not UTF-8.")
    except (ValueError, RecursionError):
        return None, Problem("malformed_json", "", "The line is not well-formed JSON.")


def read_record(value: Any) -> tuple[VehicleRecord | None, list[Problem]]:
    """Check a record; return it in our words, or every problem it has."""
    if not isinstance(value, dict):
        return None, [Problem("wrong_type", "", "A record must be an object.")]
    reader = _Reader(value)
    names = {path: reader.text(path) for path in ("make.name", "model.name", "trim.name")}
    slugs = {path: reader.slug(path) for path in ("make.slug", "model.slug", "trim.slug")}
    source_code = reader.text("unique_code", longest=MAX_CODE)
    reader.text("schema_version")
    vehicle_type = reader.one_of("vehicle_type", VEHICLE_TYPES)
    year = reader.year("year")
    reader.need("markets", list)
    reader.need("sources", list)
    variant_name = reader.text("variant.name", required=False)
    variant_slug = reader.slug("variant.slug", required=False)
    style = reader.one_of("body.style", tuple(BODY_OF_STYLE), required=False)
    specs = reader.specs() | reader.ranges()
    if reader.problems:
        return None, reader.problems
    trim_name = " ".join(dict.fromkeys(filter(None, (names["trim.name"], variant_name))))
    kept: dict[str, Any] = {
        "source_code": source_code,
        "make_code": slugs["make.slug"],
        "make_name": names["make.name"],
        "series_code": slugs["model.slug"],
        "series_name": names["model.name"],
        "body_type": BODY_OF_STYLE[style] if style else BODY_OF_TYPE[vehicle_type],
        "model_year": year,
        "trim_code": "-".join(filter(None, (slugs["trim.slug"], variant_slug))),
        "trim_name": trim_name,
        "title": f"{names['make.name']} {names['model.name']} {trim_name} {year}",
        "specs": specs,
    }
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    return VehicleRecord(**kept, digest=digest), []


class _Reader:
    """Takes values out of a record by path and notes what is wrong with them."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        self.problems: list[Problem] = []

    def text(self, path: str, *, required: bool = True, longest: int = MAX_NAME) -> str:
        value = self.need(path, str) if required else self._optional(path, str)
        if value is None:
            return ""
        if required and not value.strip():
            self._note("missing_key", path, "is empty")
        elif len(value) > longest:
            self._note("too_long", path, f"is longer than {longest} characters")
        elif any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            self._note("bad_character", path, "holds characters that cannot be stored")
        return value.strip()

    def slug(self, path: str, *, required: bool = True) -> str:
        value = self.text(path, required=required, longest=60)
        if value and not all(character.isascii() and (character.isalnum() or character in "_-") for character in value):
            self._note("bad_character", path, "may hold letters, digits, dashes and underscores only")
        # Codes of our own brand are upper case: no record can pass for one of them.
        return value.lower()

    def one_of(self, path: str, choices: tuple[str, ...], *, required: bool = True) -> str:
        value = self.text(path, required=required)
        if value and value not in choices:
            self._note("unknown_value", path, f"must be one of: {', '.join(choices)}")
        return value

    def year(self, path: str) -> int:
        value = self.need(path, int)
        if value is not None and value not in YEARS:
            self._note("out_of_range", path, f"must be from {YEARS.start} to {YEARS.stop - 1}")
        return value or 0

    def need(self, path: str, kind: type) -> Any:
        value = self._find(path)
        if value is None:
            self._note("missing_key", path, "is missing")
            return None
        return self._typed(path, value, kind)

    def specs(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for code, paths in SPEC_PATHS.items():
            path, value = next(((path, value) for path in paths if (value := self._find(path)) is not None), ("", None))
            if value is not None:
                found |= self._spec(code, path, value)
            elif code in REQUIRED_SPECS:
                self._note("missing_key", paths[0], "is missing")
        return found

    def ranges(self) -> dict[str, Any]:
        rows = self.need("range.rated", list)
        found: dict[str, Any] = {}
        for position, row in enumerate(rows or []):
            path = f"range.rated.{position}"
            if not isinstance(row, dict):
                self._note("wrong_type", path, "must be an object")
            elif row.get("cycle") in RANGE_CYCLES:
                code = f"range_{row['cycle']}_km"
                # A record may give a cycle twice (wheels, market): the first one is the one it leads with.
                found = self._spec(code, f"{path}.range_km", row.get("range_km")) | found
        return found

    def _spec(self, code: str, path: str, value: Any) -> dict[str, Any]:
        spec = SPECS[code]
        if spec.accepts(value):
            return {code: value}
        if spec.is_number and isinstance(value, int | float) and not isinstance(value, bool):
            self._note("out_of_range", path, f"must be from {spec.low} to {spec.high} {spec.unit}".rstrip())
        else:
            self._note("wrong_type", path, "must be a number" if spec.is_number else "must be text")
        return {}

    def _optional(self, path: str, kind: type) -> Any:
        value = self._find(path)
        return None if value is None else self._typed(path, value, kind)

    def _typed(self, path: str, value: Any, kind: type) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self._note("wrong_type", path, f"must be {TYPE_NAMES[kind]}")
            return None
        return value

    def _find(self, path: str) -> Any:
        value: Any = self.record
        for name in path.split("."):
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    def _note(self, code: str, path: str, text: str) -> None:
        self.problems.append(Problem(code, path, f"{path} {text}."))
