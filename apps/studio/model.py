"""Put one car together: meshes by material for the body, and a wheel to be set four times."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.studio.body import Body
from apps.studio.cabin import add_cabin, add_controls
from apps.studio.details import ends
from apps.studio.fittings import add_fittings
from apps.studio.mesh import Mesh, join
from apps.studio.panels import Panels
from apps.studio.parts import Parts
from apps.studio.specs.spec import Car
from apps.studio.wheels import build_wheel

# From here to the nose or the tail the mesh is refined, so that lamps get clean outlines.
DETAILED = 0.64


@dataclass(frozen=True)
class Model:
    """``half`` is the left half by material, to be mirrored; ``single`` stands once."""

    car: Car
    half: dict[str, Mesh]
    single: dict[str, Mesh]


def build_model(car: Car, *, grid: float = 0.012, refine: int = 1, coarse: float = 1.0) -> Model:
    """Build a series' body and cabin; ``grid`` in meters, ``refine`` halvings of it at the ends."""
    body, parts = Body(car), Parts()
    panels = Panels(body, body.half_mesh(grid), parts)
    panels.cut_wells()
    front, rest = panels.body.clip(lambda v: DETAILED - v[:, 0])
    rear, middle = rest.clip(lambda v: v[:, 0] - car.length + DETAILED)
    cut = [middle]
    for face, piece in zip(ends(body, parts), (front, rear), strict=True):
        fine = piece
        for _ in range(refine):
            fine = fine.refined(body.field)
        cut.append(face.cut(fine))
    panels.body = join(cut)
    parts.add("paint", panels.run())
    add_fittings(body, parts, coarse=coarse)
    add_cabin(body, parts, coarse=coarse)
    alone = Parts()
    add_controls(body, alone, coarse=coarse)
    return Model(car, parts.joined(), alone.joined())


def store_model(model: Model, path: Path) -> None:
    """Write a model's meshes; a half-written file never has the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp.npz")
    meshes = {
        f"{side}/{name}": mesh
        for side, half in (("half", model.half), ("single", model.single))
        for name, mesh in half.items()
    }
    kinds = {"points": np.float32, "normals": np.float32, "faces": np.int32}
    arrays = {
        f"{name}/{kind}": getattr(mesh, kind).astype(number)
        for name, mesh in meshes.items()
        for kind, number in kinds.items()
    }
    np.savez(draft, **arrays)
    draft.replace(path)


def restore_model(car: Car, path: Path) -> Model:
    """Read a model that was stored."""
    sides: dict[str, dict[str, Mesh]] = {"half": {}, "single": {}}
    with np.load(path) as kept:
        for side, name in sorted({tuple(key.split("/")[:2]) for key in kept.files}):
            sides[side][name] = Mesh(*(kept[f"{side}/{name}/{kind}"] for kind in ("points", "normals", "faces")))
    return Model(car, sides["half"], sides["single"])


def place_wheels(
    car: Car, option: str, *, coarse: float = 1.0
) -> tuple[dict[str, Mesh], list[tuple[float, float, float]]]:
    """Return one wheel, and where its four copies go; those with negative y are mirrored."""
    wheel = build_wheel(option, car.wheel_radius, car.tire_width, grid=0.0042 * coarse, segments=int(144 / coarse))
    y = car.width / 2 - car.tire_width / 2 - 0.012
    return wheel, [(x, side * y, car.wheel_radius) for x in (car.front_axle, car.rear_axle) for side in (1, -1)]
