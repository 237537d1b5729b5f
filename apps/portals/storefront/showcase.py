"""What the page of one series shows of it: pictures, key figures, trims beside each other, facts by group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalog.api import AttributeView, OptionGroupView, Series, TrimView
from apps.dealers.api import Store
from apps.kernel.api import is_english
from apps.portals.storefront import pictures
from apps.portals.storefront.configurator import INTERIOR_GROUP, PAINT_GROUP, Difference

# What people ask first, in this order; four are shown, each at its best among the trims.
KEY_FIGURES: Mapping[str, tuple[Promise, type]] = {
    "range_cltc_km": (gettext_lazy("Range (CLTC), up to"), max),
    "accel_0_100_s": (gettext_lazy("0–100 km/h, from"), min),
    "dc_30_80_min": (gettext_lazy("30–80 % charged, from"), min),
    "system_kw": (gettext_lazy("Power, up to"), max),
}
TRIM_FACTS = ("range_cltc_km", "range_combined_km", "system_kw", "accel_0_100_s", "battery_kwh", "drive", "dc_peak_kw")
FACT_GROUPS: Mapping[Promise, tuple[str, ...]] = {
    gettext_lazy("Power and range"): (
        *("range_cltc_km", "range_combined_km", "consumption_kwh_100km", "fuel_l_100km", "system_kw", "motor_kw"),
        *("engine_kw", "torque_nm", "drive", "accel_0_100_s", "top_speed_kmh"),
    ),
    gettext_lazy("Battery and charging"): (
        *("battery_kwh", "battery_chemistry", "dc_peak_kw", "dc_30_80_min", "ac_kw", "fuel_tank_l"),
    ),
    gettext_lazy("Size and weight"): (
        *("length_mm", "width_mm", "height_mm", "wheelbase_mm", "ground_clearance_mm", "turning_circle_m"),
        *("curb_weight_kg", "drag_cd"),
    ),
    gettext_lazy("Space and load"): (
        *("seats", "doors", "trunk_l", "bed_length_mm", "bed_width_mm", "bed_height_mm", "payload_kg", "towing_kg"),
    ),
}
MOST_CITIES = 12


@dataclass(frozen=True, kw_only=True)
class Paint:
    """A paint, and the car in it; without a picture of its own it is a disc alone."""

    code: str
    name: str
    summary: str
    swatch: str
    picture: pictures.CarPicture | None
    alt: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number in large type."""

    name: str
    value: str | int | float | bool
    unit: str


@dataclass(frozen=True, kw_only=True)
class FactGroup:
    """Specifications that belong together."""

    name: str
    facts: tuple[AttributeView, ...]


@dataclass(frozen=True, kw_only=True)
class Highlight:
    """One thing worth knowing about a series."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Interior:
    """An interior all around, in the colors of one option."""

    panorama: pictures.Panorama
    name: str
    alt: str


def find_cover(series: Series, *, view: str = pictures.COVER_VIEW) -> pictures.Shot | None:
    """Return a series as it is shown where nobody chose anything."""
    found = pictures.find_picture(series.code, view=view, paints=[pictures.paint_of(series.image_key)])
    return pictures.Shot(picture=found, alt=pictures.describe(series.name, view=found.view)) if found else None


def list_sides(series: Series) -> list[pictures.Shot]:
    """Return a series from the sides its cover does not show."""
    views = [view for view in pictures.list_views(series.code) if view != pictures.COVER_VIEW]
    return [shot for view in views if (shot := find_cover(series, view=view))]


def list_paints(series: Series, groups: Sequence[OptionGroupView]) -> list[Paint]:
    """Return the paints of a series, each with its own picture where there is one."""
    rows = []
    for option in next((group.options for group in groups if group.code == PAINT_GROUP), []):
        found = pictures.find_picture(series.code, paints=[option.code])
        own = found if found and found.is_paint else None
        rows.append(
            Paint(
                code=option.code,
                name=option.name,
                summary=option.summary,
                swatch=option.swatch,
                picture=own,
                alt=pictures.describe(series.name, view=pictures.COVER_VIEW, paint=option.name),
            )
        )
    return rows


def find_spin(series: Series) -> pictures.Spin | None:
    """Return the turn around a series in the paint it is shown in."""
    return pictures.find_spin(series.code, series.body_type, paints=[pictures.paint_of(series.image_key)])


def find_interior(series: Series, groups: Sequence[OptionGroupView]) -> Interior | None:
    """Return the first interior of a series that was photographed all around."""
    for option in next((group.options for group in groups if group.code == INTERIOR_GROUP), []):
        found = pictures.find_panorama(*pictures.interior_names(series.code, series.body_type, option.code))
        if found:
            alt = _("Inside the %(name)s in %(interior)s") % {"name": series.name, "interior": option.name}
            return Interior(panorama=found, name=option.name, alt=alt)
    return None


def list_figures(trims: Sequence[TrimView]) -> list[Figure]:
    """Return the key figures of a series: the best of its trims."""
    figures = []
    for code, (name, best) in KEY_FIGURES.items():
        facts = [row.specs[code] for row in trims if code in row.specs]
        numbers = [fact.value for fact in facts if isinstance(fact.value, int | float)]
        if numbers:
            figures.append(Figure(name=str(name), value=best(numbers), unit=facts[0].unit))
    return figures


def compare_trims(trims: Sequence[TrimView]) -> list[Difference]:
    """Return the facts that tell trims apart, line by line."""
    rows = []
    for code in TRIM_FACTS:
        facts = [row.specs.get(code) for row in trims]
        named = next((fact for fact in facts if fact), None)
        if named:
            values = tuple(f"{fact.value} {fact.unit}".strip() if fact else "–" for fact in facts)
            rows.append(Difference(name=named.name, values=values))
    return rows


def group_facts(shown: TrimView) -> list[FactGroup]:
    """Return the specifications of a trim by group."""
    facts = shown.specs
    groups = [
        FactGroup(name=str(name), facts=tuple(facts[code] for code in codes if code in facts))
        for name, codes in FACT_GROUPS.items()
    ]
    return [group for group in groups if group.facts]


def list_highlights(series: Series) -> list[Highlight]:
    """Return what is worth knowing about a series, in the reader's language."""
    tail = _tail()
    return [
        Highlight(title=row[f"title_{tail}"], text=row[f"text_{tail}"])
        for row in series.details.get("highlights", ())
        if row.get(f"title_{tail}")
    ]


def tell_warranty(series: Series) -> str:
    """Return the warranty of a series in words, "" where none is told."""
    return series.details.get("warranty", {}).get(f"text_{_tail()}", "")


def list_cities(stores: Iterable[Store]) -> list[tuple[str, str, int]]:
    """Return the cities there are stores in: code, name, how many; those with the most first."""
    cities: dict[str, list[Store]] = {}
    for store in stores:
        cities.setdefault(store.city, []).append(store)
    ordered = sorted(cities.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [(code, found[0].city_name, len(found)) for code, found in ordered[:MOST_CITIES]]


def _tail() -> str:
    return "en" if is_english() else "zh"
