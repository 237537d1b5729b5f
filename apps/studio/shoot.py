"""
Take the raw pictures: linear light and masks, kept under .local/studio/raw until they are developed.

Needs Blender's module.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from apps.studio import paints, plan, render, studio, turntable
from apps.studio.model import Model, build_model, restore_model, store_model
from apps.studio.specs import CARS
from apps.studio.specs.spec import Car
from apps.studio.studio import View

log = logging.getLogger("studio")
Array = Any
STILL, SPIN = (1200, 675), (640, 360)


def raw_path(series: str, shot: str, wheels: str, digest: str) -> Path:
    """Return where a raw picture is kept."""
    return plan.WORK / "raw" / series / f"{shot}-{wheels}.{digest}.npz"


def still_path(series: str, view: str, wheels: str, samples: int) -> Path:
    """Return where the raw picture of a still is kept."""
    return raw_path(series, view, wheels, plan.digest(CARS[series], view, wheels, samples, STILL))


def shoot_stills(series: str, view: str, samples: int, *, designs: int = 9) -> None:
    """
    Take one view of a series with its first ``designs`` wheel designs.

    The first is rendered whole; for the others only the band of the picture that holds wheels is rendered and set in.
    """
    car, wanted = CARS[series], design_order(series)[:designs]
    paths = {wheels: still_path(series, view, wheels, samples) for wheels in wanted}
    if all(path.exists() for path in paths.values()):
        return
    first, *others = wanted
    model = _model(series)
    _stage(model, studio.VIEWS[view], first, STILL)
    if paths[first].exists():
        light, masks = load(paths[first])
    else:
        light = render.render(STILL, samples)
        log.info("%s %s: halfway paint is off by %.3f", series, view, paints.departure(light))
        masks = render.render_masks(STILL)
        keep(paths[first], light, masks)
        if others:
            _stage(model, studio.VIEWS[view], first, STILL)
    crop = wheel_band(car, studio.VIEWS[view], STILL)
    for wheels in others:
        if not paths[wheels].exists():
            render.scene.set_wheels(model, short(wheels))
            keep(paths[wheels], set_in(light, render.render(STILL, samples, crop=crop), crop), masks)


def design_order(series: str) -> tuple[str, ...]:
    """Return a series' wheel designs, the one for its portrait first: the second the catalog names."""
    first, second, *others = plan.all_series()[series].wheels
    return second, first, *others


def shoot_spin(body: str, samples: int) -> None:
    """Take the frames of a turn around a body type's car, in its first wheels."""
    series = plan.SPIN_SERIES[body]
    wheels = design_order(series)[0]
    paths = [spin_path(body, frame, samples) for frame in range(plan.FRAMES)]
    missing = [frame for frame, path in enumerate(paths) if not path.exists()]
    if not missing:
        return
    model = _model(series)
    render.open_stage(model, short(wheels))
    # First the light of all frames, then all masks: the stage is set once for each.
    for frame in missing:
        lit = paths[frame].with_suffix(".light.npy")
        if not lit.exists():
            turntable.place(model, frame, SPIN, lit=True)
            lit.parent.mkdir(parents=True, exist_ok=True)
            np.save(lit, render.render(SPIN, samples))
    for frame in missing:
        lit = paths[frame].with_suffix(".light.npy")
        turntable.place(model, frame, SPIN, lit=False)
        keep(paths[frame], np.load(lit), render.render_masks(SPIN))
        lit.unlink()


@lru_cache(maxsize=1)
def _model(series: str) -> Model:
    """Return a series' model, as it was built last if nothing that draws has changed since."""
    kept = plan.WORK / "built" / f"{series}.{plan.digest(CARS[series])}.npz"
    if not kept.exists():
        store_model(build_model(CARS[series]), kept)
    return restore_model(CARS[series], kept)


def spin_path(body: str, frame: int, samples: int) -> Path:
    """Return where the raw picture of a frame is kept."""
    return raw_path(
        f"spin-{body}",
        f"{frame:02}",
        "spin",
        plan.digest(CARS[plan.SPIN_SERIES[body]], frame, samples, SPIN, turntable.LIGHTS),
    )


def _stage(model: Model, view: View, wheels: str, size: tuple[int, int]) -> None:
    render.open_stage(model, short(wheels))
    render.point_camera(model, view, size)


def short(wheels: str) -> str:
    """Return "18-blade" of "wheel-18-blade"."""
    return wheels.removeprefix("wheel-")


def wheel_band(car: Car, view: View, size: tuple[int, int]) -> render.Crop:
    """Return the part of the picture that holds the wheels, their shadows and their reflections."""
    reach = car.arch_radius + 0.05
    corners = [
        (x + dx - car.length / 2, side * car.width / 2, z)
        for x in (car.front_axle, car.rear_axle)
        for dx in (-reach, reach)
        for side in (1, -1)
        for z in (0.0, car.wheel_radius + reach)
    ]
    flat = studio.on_picture(np.array(corners), size[0] / size[1])
    (left, top), (right, bottom) = flat.min(0), flat.max(0)
    return max(0.0, left - 0.01), min(1.0, right + 0.01), max(0.0, top - 0.01), min(1.0, bottom + 0.10)


def set_in(whole: Array, part: Array, crop: render.Crop, feather: int = 10) -> Array:
    """Return ``whole`` with ``part`` set in where it was rendered, its border feathered over some pixels."""
    height, width = whole.shape[:2]
    left, right, top, bottom = crop
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    inside = np.minimum(
        np.minimum(x - left * width, right * width - x), np.minimum(y - top * height, bottom * height - y)
    )
    share = np.clip((inside - 1) / feather, 0, 1)[..., None].astype(np.float32)
    return whole * (1 - share) + part * share


def keep(path: Path, light: Array, masks: Array) -> None:
    """Write a raw picture; a half-written one never has the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp.npz")
    np.savez_compressed(draft, light=np.minimum(light, 6e4).astype(np.float16), masks=(masks * 255).astype(np.uint8))
    draft.replace(path)


def load(path: Path) -> tuple[Array, Array]:
    """Return light and masks of a raw picture."""
    with np.load(path) as kept:
        return kept["light"].astype(np.float32), kept["masks"].astype(np.float32) / 255
