"""What the front page tells: one car in full, all series, the paints, what goes with them, where to find us."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.catalog.api import AttributeView, Option, PictureSet, Series, spec_attributes
from apps.dealers.api import Store
from apps.portals.storefront.pictures import find_picture

PAINT_GROUP = "EXTERIOR"
# What is said of the car in front, and whether more or less of it is better.
HERO_FIGURES = (("range_cltc_km", max), ("accel_0_100_s", min), ("system_kw", max))
PAINTS_SHOWN = 6
CITIES_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class ShownPaint:
    """A paint with its words and a car that wears it."""

    option: Option
    series: Series
    picture: PictureSet


def list_hero_figures(series: Series) -> list[AttributeView]:
    """
    Return the best range, sprint and power among a series' trims, those that are known.

    Trims with 680 km and 3.8 s, and with 600 km and 2.9 s, show 680 km and 2.9 s: the page says "from" and "up to".
    """
    trims = [trim.specs for model in series.models.all() for trim in model.trims.all()]
    best = {}
    for code, pick in HERO_FIGURES:
        values = [specs[code] for specs in trims if isinstance(specs.get(code), int | float)]
        if values:
            best[code] = pick(values)
    order = [code for code, _pick in HERO_FIGURES]
    return sorted(spec_attributes(best), key=lambda row: order.index(row.code))


def list_paints(series: Sequence[Series]) -> list[ShownPaint]:
    """Return the paints that tell something, each on the first series that was photographed in it. One query."""
    rows = Option.objects.filter(group__code=PAINT_GROUP).exclude(summary_zh="").order_by("-position", "pk")
    shown: list[ShownPaint] = []
    used: set[int] = set()
    for option in rows:
        for row in sorted(series, key=lambda one: one.pk in used):
            found = find_picture(row.code, paints=[option.code])
            if found is not None and found.paint == option.code:
                shown.append(ShownPaint(option=option, series=row, picture=found.picture))
                used.add(row.pk)
                break
        if len(shown) == PAINTS_SHOWN:
            break
    return shown


def list_cities(stores: Iterable[Store]) -> list[tuple[str, str, int]]:
    """Return the cities with most stores: code, name and how many."""
    counts: dict[str, tuple[str, str, int]] = {}
    for store in stores:
        code, name, count = counts.get(store.city, (store.city, str(store.city_name), 0))
        counts[store.city] = (code, name, count + 1)
    return sorted(counts.values(), key=lambda row: -row[2])[:CITIES_SHOWN]
