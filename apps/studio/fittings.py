"""What is fixed to a body: mirrors, number plate, roof rails, wipers."""

from typing import Any

import numpy as np

from apps.studio.body import Body
from apps.studio.curves import polyline, rounded_box, rounded_brick, smooth_max, smooth_min
from apps.studio.mesh import Mesh, polygonize
from apps.studio.parts import Parts

Array = Any


def add_fittings(body: Body, parts: Parts, *, coarse: float = 1.0) -> None:
    """Add everything that is not cut out of the body; ``coarse`` multiplies the grids."""
    _add_mirror(body, parts, coarse)
    _add_plate(body, parts, coarse)
    _add_wiper(body, parts, coarse)
    if body.car.rails:
        _add_rail(body, parts, coarse)


def _add_mirror(body: Body, parts: Parts, coarse: float) -> None:
    """Hang the left mirror on the door: a wing-shaped shell on a slim foot."""
    car = body.car
    x0 = car.glass.front + car.extras.get("mirror_back", 0.60)
    inner = float(body.half_width(np.array(x0), body.belt(np.array(x0)) - 0.06)) - 0.015
    z0 = float(body.belt(x0)) + 0.085
    y0 = inner + 0.145
    half_y, half_z = 0.112, car.extras.get("mirror_height", 0.062)

    def shell(x: Array, y: Array, z: Array) -> Array:
        u = (y - y0) / half_y  # -1 at the door, 1 at the tip
        sweep = x - x0 - 0.030 * u - 0.012 * u**2
        lift = z - z0 - 0.008 * u
        thick = half_z * (1 - 0.10 * u - 0.10 * u**2)
        round_ = (np.abs(sweep / 0.105) ** 2.4 + np.abs(u) ** 3.4 + np.abs(lift / np.maximum(thick, 0.01)) ** 2.6) ** (
            1 / 2.6
        ) - 1
        return smooth_max(round_ * 0.05, sweep - 0.040, 0.012)

    def foot(x: Array, y: Array, z: Array) -> Array:
        t = np.clip((y - inner) / (y0 - inner), 0, 1.0)
        x_mid, z_mid = x0 - 0.015 + 0.005 * t, z0 - 0.085 + 0.060 * t**0.8
        f = np.hypot((x - x_mid) / 1.9, z - z_mid) - 0.013
        return smooth_max(f, np.maximum(inner - 0.05 - y, y - y0), 0.01)

    low, high = (x0 - 0.14, inner - 0.06, z0 - 0.12), (x0 + 0.12, y0 + 0.14, z0 + 0.10)
    mesh = polygonize(shell, low, high, 0.0055 * coarse)
    glass, mesh = mesh.clip(lambda v: mesh.normals[:, 0] - 0.90)
    lower, upper = mesh.clip(lambda v: z0 - 0.030 - v[:, 2])
    signal, upper = upper.clip(lambda v: 0.0035 - np.abs(v[:, 2] - z0 + 0.022))
    parts.add("mirror", glass)
    parts.add("gloss", lower, polygonize(foot, low, high, 0.006 * coarse))
    parts.add("trim", signal)
    parts.add("paint", upper)


def _add_plate(body: Body, parts: Parts, coarse: float) -> None:
    car = body.car
    z0 = car.extras.get("plate_z", 0.58)
    x0 = car.length - float(body.tail(z0)) + 0.026
    if car.extras.get("plate_z", 0.58) < 0:
        return

    def field(x: Array, y: Array, z: Array) -> Array:
        return smooth_max(
            rounded_box(y, 0.22, z - z0, 0.070, 0.012),
            np.abs(x - x0 + car.extras.get("plate_lean", 0.25) * (z - z0) + 0.03) - 0.004,
            0.003,
        )

    half = polygonize(field, (x0 - 0.08, -0.03, z0 - 0.08), (x0 + 0.03, 0.24, z0 + 0.08), 0.006 * coarse).clip(
        lambda v: v[:, 1]
    )[0]
    parts.add("plate", half)


def _add_wiper(body: Body, parts: Parts, coarse: float) -> None:
    """Rest a wiper at the foot of the windshield (half of a pair that parks symmetrically)."""

    def field(x: Array, y: Array, z: Array) -> Array:
        lift = np.abs(body.greenhouse(x, y, z) - 0.012) - 0.006
        height = body.hull(x, y, z)
        blade = polyline(y, height, ((0.06, 0.055), (0.62, 0.040)), 0.014)
        return smooth_max(blade, lift, 0.004)

    front = body.car.glass.front
    mesh = polygonize(field, (front - 0.35, 0.03, 0.8), (front + 0.6, 0.68, 1.45), 0.007 * coarse)
    parts.add("black", mesh)


def _add_rail(body: Body, parts: Parts, coarse: float) -> None:
    car = body.car
    start, end = car.glass.header + 0.25, car.extras.get("rail_end", car.glass.back_from - 0.12)

    def field(x: Array, y: Array, z: Array) -> Array:
        rail = body.roof_field(x, y, z) - body.glass_side(x, y, z) - 0.10
        above = body.greenhouse(x, y, z)
        lift = 0.030 * np.clip(np.minimum(x - start, end - x) / 0.10, 0, 1) ** 0.5
        bar = np.hypot(rail / 1.3, above - lift) - 0.013
        return smooth_max(bar, np.maximum(start - x, x - end), 0.01)

    half = body.half
    parts.add(
        "rail",
        polygonize(
            field, (start - 0.02, half * 0.45, car.height - 0.25), (end + 0.02, half, car.height + 0.06), 0.009 * coarse
        ),
    )


def smooth_union(*fields: Array) -> Array:
    """Return solids joined with small fillets."""
    f = fields[0]
    for other in fields[1:]:
        f = smooth_min(f, other, 0.02)
    return f


def brick(
    x: Array, y: Array, z: Array, center: tuple[float, float, float], half: tuple[float, float, float], radius: float
) -> Array:
    """Return the distance to a rounded box around ``center``."""
    return rounded_brick(x - center[0], y - center[1], z - center[2], half, radius)


def half_of(mesh: Mesh) -> Mesh:
    """Return the left half of a mesh that crosses the center line."""
    return mesh.clip(lambda v: v[:, 1])[0]
