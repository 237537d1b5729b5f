"""Products side by side, fact by fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.catalog.models import Fitment, ProductInfo, Trim
from apps.catalog.selectors.products import AttributeView, ProductCard, list_attributes, list_cards
from apps.catalog.states import ProductKind
from apps.kernel.api import is_english

MOST_COMPARED = 4

# In the order in which people compare cars.
SPEC_GROUPS: Mapping[Promise, Sequence[str]] = {
    gettext_lazy("Range and energy"): (
        "range_cltc_km", "range_wltp_km", "range_epa_km", "range_nedc_km", "range_combined_km", "battery_kwh",
        "battery_chemistry", "consumption_kwh_100km", "fuel_l_100km", "fuel_tank_l",
    ),
    gettext_lazy("Drive and performance"): (
        "drive", "system_kw", "motor_kw", "engine_kw", "torque_nm", "accel_0_100_s", "top_speed_kmh",
    ),
    gettext_lazy("Charging"): ("dc_peak_kw", "dc_30_80_min", "ac_kw"),
    gettext_lazy("Size and space"): (
        "length_mm", "width_mm", "height_mm", "wheelbase_mm", "ground_clearance_mm", "trunk_l", "seats", "doors",
        "bed_length_mm", "bed_width_mm", "bed_height_mm", "turning_circle_m", "drag_cd",
    ),
    gettext_lazy("Weight and towing"): ("curb_weight_kg", "payload_kg", "towing_kg"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ComparedFact:
    """
    One fact of every product, in their order; None where a product has no such fact.

    A value is text, a number, or truth; ``unit`` may be empty.
    """

    name: str
    unit: str
    values: tuple[str | int | float | bool | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the products differ in it."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, kw_only=True)
class ComparedGroup:
    """Facts that belong together."""

    title: str
    facts: list[ComparedFact]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Products side by side."""

    cards: list[ProductCard]
    groups: list[ComparedGroup]


def compare_products(product_ids: Sequence[int]) -> Comparison:
    """Compare the public ones among these products, the first four of them, in their order; five queries at most."""
    cards = list_cards(list(dict.fromkeys(product_ids)))[:MOST_COMPARED]
    infos = {
        info.pk: info
        for info in ProductInfo.objects.filter(pk__in=[card.id for card in cards]).select_related(
            "product__trim__model__series", "product__package", "brand"
        )
    }
    shown = [infos[card.id] for card in cards]
    groups = [_basics(cards, shown), *_facts(shown), _equipment(shown), _fitments(shown)]
    return Comparison(cards=cards, groups=[group for group in groups if group.facts])


def _basics(cards: Sequence[ProductCard], infos: Sequence[ProductInfo]) -> ComparedGroup:
    facts = [
        _fact(_("Kind"), [str(info.get_kind_display()) for info in infos]),
        _fact(_("Brand"), [info.brand.name if info.brand else None for info in infos]),
        _fact(_("In stock"), [card.in_stock for card in cards]),
        _fact(_("Rating"), [card.rating for card in cards]),
        _fact(_("Part number"), [card.sku if card.kind != ProductKind.VEHICLE else None for card in cards]),
    ]
    packages = [getattr(info.product, "package", None) for info in infos]
    if any(packages):
        facts += [
            _fact(_("Service visits"), [package and package.visits for package in packages]),
            _fact(_("Valid for"), [package and package.months for package in packages], pgettext("unit", "months")),
            _fact(_("Up to a mileage of"), [package and package.km for package in packages], "km"),
        ]
    return ComparedGroup(title=_("At a glance"), facts=_known(facts))


def _facts(infos: Sequence[ProductInfo]) -> list[ComparedGroup]:
    """Specifications by group, then everything else by name."""
    columns = [{fact.code: fact for fact in list_attributes(info, _trim_of(info))} for info in infos]
    codes = list(dict.fromkeys(code for column in columns for code in column))
    groups = []
    for title, members in SPEC_GROUPS.items():
        chosen = [code for code in members if code in codes]
        codes = [code for code in codes if code not in members]
        groups.append(ComparedGroup(title=str(title), facts=[_row(code, columns) for code in chosen]))
    groups.append(ComparedGroup(title=_("Product details"), facts=[_row(code, columns) for code in codes]))
    return groups


def _equipment(infos: Sequence[ProductInfo]) -> ComparedGroup:
    """What comes with the car: one line for each thing, and which of the cars have it."""
    trims = [_trim_of(info) for info in infos]
    if not any(trims):
        return ComparedGroup(title="", facts=[])
    lists = [_words_of(trim) for trim in trims]
    things = dict.fromkeys(thing for words in lists for thing in words)
    facts = [_fact(thing, [thing in words for words in lists]) for thing in things]
    return ComparedGroup(title=_("Equipment"), facts=facts)


def _fitments(infos: Sequence[ProductInfo]) -> ComparedGroup:
    """The series each product is for."""
    fitted = [info.pk for info in infos if info.kind in (ProductKind.PART, ProductKind.ACCESSORY)]
    if not fitted:
        return ComparedGroup(title="", facts=[])
    rows = Fitment.objects.filter(product__in=fitted).select_related("series").order_by("series__position", "series")
    names: dict[int, dict[str, None]] = {}
    for row in rows:
        names.setdefault(row.product_id, {})[row.series.name] = None
    comma = ", " if is_english() else "、"
    values = [
        (comma.join(names[info.pk]) if info.pk in names else _("Every car")) if info.pk in fitted else None
        for info in infos
    ]
    return ComparedGroup(title=_("Fits these cars"), facts=[_fact(_("Series"), values)])


def _trim_of(info: ProductInfo) -> Trim | None:
    return getattr(info.product, "trim", None)


def _words_of(trim: Trim | None) -> Sequence[str]:
    if trim is None:
        return ()
    return trim.equipment_en or trim.equipment_zh if is_english() else trim.equipment_zh or trim.equipment_en


def _row(code: str, columns: Sequence[Mapping[str, AttributeView]]) -> ComparedFact:
    known = next(column[code] for column in columns if code in column)
    values = [column[code].value if code in column else None for column in columns]
    return _fact(known.name, values, known.unit)


def _fact(name: str, values: Iterable[Any], unit: str = "") -> ComparedFact:
    return ComparedFact(name=name, unit=unit, values=tuple(values))


def _known(facts: Iterable[ComparedFact]) -> list[ComparedFact]:
    return [fact for fact in facts if any(value is not None for value in fact.values)]
