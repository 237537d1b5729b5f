"""What is seen of a car while it is configured: still, interior, turn, model; and one side of a comparison."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.catalog.api import CarOnStage, ConfigurationView, OptionGroupView, Series, TrimView
from apps.financing.api import FinanceProductView
from apps.portals.storefront import configurator, pictures
from apps.portals.storefront.car_wish import Car, Chosen, Place, Wish, choose
from apps.portals.storefront.instalments import Calculator, calculate


@dataclass(frozen=True, kw_only=True)
class View:
    """A side a car may be looked at from."""

    code: str
    name: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Sight:
    """
    What the stage shows. ``note`` says what in the picture is not what was chosen, "" where all is.

    ``interior`` is there at the step where the interior is chosen, where one was photographed. ``paints`` is JSON for
    the 3D model: code, name and color of each.
    """

    shot: pictures.Shot | None
    views: tuple[View, ...]
    note: str
    interior: pictures.Panorama | None
    interior_alt: str
    spin: pictures.Spin | None
    model: str
    paint: str
    paints: str


@dataclass(frozen=True, kw_only=True)
class Side:
    """One car of a comparison."""

    stage: CarOnStage
    chosen: Chosen
    groups: list[OptionGroupView]
    sight: Sight
    finance: Calculator | None
    url: str


def look_at(
    series: Series,
    shown: TrimView,
    groups: Sequence[OptionGroupView],
    view: ConfigurationView,
    *,
    view_code: str = "",
    step: str = "",
) -> Sight:
    """Return what to show of a car as it was chosen, from one side."""
    by_code = {group.code: group for group in groups}
    paint = configurator.find_chosen(view, by_code.get(configurator.PAINT_GROUP))
    wheels = configurator.find_chosen(view, by_code.get(configurator.WHEEL_GROUP))
    interior = configurator.find_chosen(view, by_code.get(configurator.INTERIOR_GROUP))
    asked = view_code if view_code in pictures.VIEWS else pictures.COVER_VIEW
    paints = [paint.code] if paint else []
    fallbacks = [pictures.paint_of(shown.image_key), pictures.paint_of(series.image_key)]
    still = pictures.find_picture(
        series.code,
        view=asked,
        paints=[*paints, *fallbacks],
        wheels=wheels.code if wheels else "",
        is_about_wheels=step == configurator.WHEEL_GROUP.lower(),
    )
    names = {option.code: option.name for group in groups for option in group.options}
    alt = pictures.describe(
        shown.title,
        view=still.view if still else asked,
        paint=names.get(still.paint, "") if still else "",
        wheels=names.get(still.wheels, "") if still else "",
    )
    is_inside = step == configurator.INTERIOR_GROUP.lower() and interior is not None
    return Sight(
        shot=pictures.Shot(picture=still, alt=alt) if still else None,
        views=tuple(
            View(code=code, name=str(pictures.VIEWS[code]), is_current=bool(still) and code == still.view)
            for code in pictures.list_views(series.code)
        ),
        note=_note(still, names) if still else "",
        interior=pictures.find_panorama(*pictures.interior_names(series.code, series.body_type, interior.code))
        if is_inside
        else None,
        interior_alt=_("Inside the %(name)s in %(interior)s") % {"name": series.name, "interior": interior.name}
        if interior
        else "",
        spin=pictures.find_spin(series.code, series.body_type, paints=paints),
        model=pictures.find_model(series.code, series.body_type),
        paint=paint.code if paint else "",
        paints=json.dumps(
            [
                {"code": option.code, "name": option.name, "color": option.swatch}
                for option in by_code[configurator.PAINT_GROUP].options
            ]
            if configurator.PAINT_GROUP in by_code
            else [],
            ensure_ascii=False,
        ),
    )


def _note(still: pictures.CarPicture, names: Mapping[str, str]) -> str:
    """What a picture shows otherwise than it was chosen, by the names of a trim's options."""
    if not still.is_paint:
        return _("Shown in %(paint)s") % {"paint": names.get(still.paint, "")} if still.paint in names else ""
    if not still.is_wheels and still.wheels:
        known = names.get(still.wheels)
        return _("Shown with %(wheels)s") % {"wheels": known} if known else _("Shown with other wheels")
    return ""


def show_side(stage: CarOnStage, car: Car, products: Sequence[FinanceProductView]) -> Side:
    """Return one car of a comparison, with what it costs by the month on the usual terms."""
    chosen = choose(stage, Wish(options=car.options), trim=car.trim)
    series = stage.shown.trim.model.series
    groups = stage.groups
    return Side(
        stage=stage,
        chosen=chosen,
        groups=groups,
        sight=look_at(series, stage.shown, groups, chosen.view),
        finance=calculate(products, chosen.view.price),
        url=Place(base=reverse("shop:configure", args=[series.slug]), car=chosen.car).address(),
    )
