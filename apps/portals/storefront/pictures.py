"""
Pictures of cars: which still, spin, 3D model or interior shows a configuration best.

A still is ``static/img/vehicles/<series>/<view>-<paint>-<wheels>-<width>.{avif,webp}``, named by the codes of the
options in lower case. Not every combination is photographed; what comes closest is shown, and ``CarPicture`` says what
it shows, so that a page can tell when that is not quite the car that was chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalog.api import PictureSet, list_pictures, picture_set

VIEWS: dict[str, Promise] = {
    "front34": gettext_lazy("Front"),
    "side": gettext_lazy("Side"),
    "rear34": gettext_lazy("Rear"),
}
COVER_VIEW = "front34"
SPIN_FRAMES = 36


@dataclass(frozen=True, slots=True)
class Still:
    """One still as it lies there: its key, and the view, paint and wheels (option codes) it shows."""

    key: str
    view: str
    paint: str
    wheels: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarPicture:
    """The still to show for a choice; ``is_paint`` and ``is_wheels`` tell whether it shows what was asked for."""

    picture: PictureSet
    view: str
    paint: str
    wheels: str
    is_paint: bool
    is_wheels: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture with the words for those who do not see it."""

    picture: CarPicture
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spin:
    """A turn around the car: the addresses of its frames, and the paint they show."""

    frames: tuple[str, ...]
    paint: str
    is_paint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panorama:
    """An interior all around: a still of it, and the small and the large equirectangular picture."""

    still: PictureSet | None
    small: str
    large: str


def find_picture(
    series_code: str,
    *,
    view: str = COVER_VIEW,
    paints: Iterable[str] = (),
    wheels: str = "",
    is_about_wheels: bool = False,
) -> CarPicture | None:
    """
    Return the still of a series that comes closest to a choice, None if the series has none at all.

    What is asked for counts in this order: a paint (the first of ``paints`` there is one of), the view, the wheels. A
    buyer who chooses a paint wants to see it, from whichever side; one who chooses wheels (``is_about_wheels``) wants
    to see those first.
    """
    stills = _stills(series_code.lower())
    if not stills:
        return None
    wanted = [paint.lower() for paint in paints if paint]
    asked_wheels = wheels.lower()

    def distance(still: Still) -> tuple:
        paint = wanted.index(still.paint) if still.paint in wanted else len(wanted)
        other_wheels = still.wheels != asked_wheels
        place = (paint, still.view != view, still.view != COVER_VIEW, other_wheels, still.key)
        return (other_wheels, *place) if is_about_wheels else place

    best = min(stills, key=distance)
    found = picture_set(best.key)
    if found is None:
        return None
    return CarPicture(
        picture=found,
        view=best.view,
        paint=best.paint.upper(),
        wheels=best.wheels.upper(),
        is_paint=not wanted or best.paint == wanted[0],
        is_wheels=not asked_wheels or best.wheels == asked_wheels,
    )


def list_views(series_code: str) -> tuple[str, ...]:
    """Return the views a series was photographed from, in their order."""
    taken = {still.view for still in _stills(series_code.lower())}
    return tuple(view for view in VIEWS if view in taken)


def car_picture(series_code: str, *paints: str) -> str:
    """Return the address of a series' picture in the first of the paints there is one of, or in any; "" without one."""
    found = find_picture(series_code, paints=paints)
    return found.picture.src if found else ""


def paint_of(image_key: str) -> str:
    """Return the paint a picture's key names: "PAINT-CELADON" of "vehicles/wangshu/celadon"."""
    parts = image_key.split("/")
    return f"PAINT-{parts[2].upper()}" if len(parts) == 3 else ""


def describe(name: str, *, view: str, paint: str = "", wheels: str = "") -> str:
    """Return what a picture shows, for readers who do not see it, from names in the reader's language."""
    words = {"name": name, "paint": paint, "wheels": wheels}
    if not paint:
        return {
            "side": _("%(name)s from the side"),
            "rear34": _("%(name)s from behind"),
        }.get(view, _("%(name)s from the front")) % words
    if not wheels:
        return {
            "side": _("%(name)s in %(paint)s from the side"),
            "rear34": _("%(name)s in %(paint)s from behind"),
        }.get(view, _("%(name)s in %(paint)s from the front")) % words
    return {
        "side": _("%(name)s in %(paint)s with %(wheels)s from the side"),
        "rear34": _("%(name)s in %(paint)s with %(wheels)s from behind"),
    }.get(view, _("%(name)s in %(paint)s with %(wheels)s from the front")) % words


def find_spin(series_code: str, body_type: str, *, paints: Iterable[str] = ()) -> Spin | None:
    """Return the turn around a series, or its body type, in the first of the paints there is one of, or in any."""
    wanted = [_short(paint) for paint in paints if paint]
    for folder in (series_code.lower(), body_type.lower()):
        taken = _spins(folder)
        if taken:
            paint = next((paint for paint in wanted if paint in taken), min(taken))
            return Spin(frames=taken[paint], paint=f"PAINT-{paint.upper()}", is_paint=wanted[:1] == [paint])
    return None


def find_model(series_code: str, body_type: str) -> str:
    """Return the address of a series' 3D model, or of its body type's; "" without one."""
    for name in (series_code.lower(), body_type.lower()):
        if finders.find(f"models/{name}.glb"):
            return static(f"models/{name}.glb")
    return ""


def find_panorama(*names: str) -> Panorama | None:
    """Return the first interior there is of these, such as ("sedan-int-oat", "int-oat", "sedan")."""
    for name in names:
        sizes = {width: f"img/interiors/{name.lower()}-pano-{width}.webp" for width in (2048, 4096)}
        found = {width: static(path) for width, path in sizes.items() if finders.find(path)}
        if found:
            return Panorama(still=_still_of(name), small=found[min(found)], large=found[max(found)])
    return None


def _still_of(interior: str) -> PictureSet | None:
    key = f"interiors/{interior.lower()}"
    return picture_set(key) if key in list_pictures("interiors") else None


def interior_names(series_code: str, body_type: str, interior: str) -> tuple[str, ...]:
    """Return what an interior may have been photographed under, from the most to the least exact."""
    return f"{series_code}-{interior}", f"{body_type}-{interior}", interior


@lru_cache(maxsize=128)
def _stills(series: str) -> tuple[Still, ...]:
    return tuple(_read_still(key) for key in list_pictures(f"vehicles/{series}"))


def _read_still(key: str) -> Still:
    """Read ``…/front34-paint-celadon-wheel-17-aero``; a picture without a view is named by its paint alone."""
    stem = key.rpartition("/")[2]
    view, _dash, rest = stem.partition("-")
    if view not in VIEWS:
        return Still(key=key, view=COVER_VIEW, paint=f"paint-{stem}", wheels="")
    paint, _dash, wheels = rest.partition("-wheel-")
    return Still(key=key, view=view, paint=paint, wheels=f"wheel-{wheels}" if wheels else "")


def _short(paint: str) -> str:
    return paint.lower().removeprefix("paint-")


@lru_cache(maxsize=64)
def _spins(folder: str) -> dict[str, tuple[str, ...]]:
    """The paints a folder of spins holds all frames of, and their addresses in order."""
    found = finders.find(f"img/spins/{folder}")
    names = {path.name for path in Path(found).glob("*.webp")} if found else set()
    paints = {name.rpartition("-")[0] for name in names}
    return {
        _short(paint): tuple(static(f"img/spins/{folder}/{paint}-{number:02}.webp") for number in range(SPIN_FRAMES))
        for paint in sorted(paints)
        if all(f"{paint}-{number:02}.webp" in names for number in range(SPIN_FRAMES))
    }
