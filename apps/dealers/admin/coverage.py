"""Who covers China, for one brand and kind of business, on one day: a map of cities and lists."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dealers import api
from apps.dealers.admin.base import brand_field, choice_field, day_field, kind_field, text_field
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import DomainError, ports

WIDTH, HEIGHT = 760, 560
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 17.0, 54.0
COLORS = {"exclusive": "#15803d", "open": "#2563eb", "partial": "#d97706", "none": "#9ca3af"}
STATES = {
    "exclusive": _("one dealer alone"),
    "open": _("several may"),
    "partial": _("in some districts only"),
    "none": _("nobody"),
}
LEVELS = [("city", _("Cities")), ("district", _("Districts")), ("province", _("Provinces"))]
MOST_LISTED = 400


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A city on the map."""

    x: str
    y: str
    radius: int
    color: str
    title: str


class CoverageForm(forms.Form):
    """What is asked for."""

    brand_code = brand_field()
    kind = kind_field()
    level = choice_field(_("level"), LEVELS)
    on = day_field(_("day"))
    region_code = text_field(
        _("who covers"), required=False, longest=6, help_text=_("A six-digit code, such as 310115.")
    )


def draw_coverage(form: CoverageForm, *, today: date) -> dict[str, Any]:
    """Return the map, the counts, the uncovered regions and, for one region, who covers it."""
    asked = _asked(form, today=today)
    level = asked.pop("level")
    region_code = asked.pop("region_code")
    rows = api.list_coverage(**asked, level=level)
    on_map = rows if level == "city" else api.list_coverage(**asked, level="city")
    uncovered = [row for row in rows if row.state in ("none", "partial")]
    context: dict[str, Any] = {
        "width": WIDTH,
        "height": HEIGHT,
        "dots": [_dot(row) for row in on_map if row.region.place is not None],
        "legend": [(label, COLORS[state], sum(row.state == state for row in rows)) for state, label in STATES.items()],
        "uncovered": [
            (api.name_region(row.region.code), STATES[row.state], ", ".join(dealer.name for dealer in row.dealers))
            for row in uncovered[:MOST_LISTED]
        ],
        "left_off": max(len(uncovered) - MOST_LISTED, 0),
        "asked": asked,
    }
    if region_code:
        try:
            region = api.get_region(region_code)
        except DomainError as refusal:
            form.add_error("region_code", str(refusal))
        else:
            context |= {
                "region": api.name_region(region.code),
                "coverers": api.who_covers(region_code=region.code, **asked),
            }
    return context


def _asked(form: CoverageForm, *, today: date) -> dict[str, Any]:
    brands = ports.adapter("dealers.vehicles").list_brands()
    values = {
        "brand_code": brands[0][0] if brands else "",
        "kind": AuthorizationKind.SALES,
        "level": "city",
        "on": today,
        "region_code": "",
    }
    if form.is_bound and form.is_valid():
        values |= {name: value for name, value in form.cleaned_data.items() if value}
    elif not form.is_bound:
        form.initial = values
    return values


def _dot(row: api.RegionCoverage) -> Dot:
    place = row.region.place or (0.0, 0.0)
    names = ", ".join(dealer.name for dealer in row.dealers) or str(STATES["none"])
    return Dot(
        x=f"{(place[1] - WEST) / (EAST - WEST) * WIDTH:.1f}",
        y=f"{(NORTH - place[0]) / (NORTH - SOUTH) * HEIGHT:.1f}",
        radius=4 if row.state == "none" else 6,
        color=COLORS[row.state],
        title=f"{row.region.name}: {names}",
    )
