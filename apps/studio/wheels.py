"""Wheels: one design per wheel option, tires with ribs, discs and calipers. The axle is y, the outside is +y."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator

from apps.studio.curves import rise, rounded_box, smooth_max, smooth_min
from apps.studio.mesh import Mesh, join, lathe, polygonize

Array = Any
INCH = 0.0254
Spokes = Callable[[Array, Array, Array], Array]


def build_wheel(
    option: str, radius: float, width: float, *, grid: float = 0.0042, segments: int = 144
) -> dict[str, Mesh]:
    """
    Return one wheel by material.

    ``option`` is a wheel option's code without its prefix, such as "18-blade": rim size in inches and design.
    ``radius`` is the tire's.
    """
    found = re.fullmatch(r"(\d\d)-([a-z]+)", option)
    if not found:
        raise ValueError(option)
    rim = int(found[1]) * INCH / 2 + 0.014
    design = found[2]
    rugged = design == "trail"
    parts = _tire(radius, rim, width / 2, segments, rugged=rugged)
    parts |= _rim(DESIGNS[design], design, rim, width / 2, grid)
    parts["wheel_dark"] = lathe(
        [
            (rim - 0.003, width * 0.43),
            (rim - 0.014, width * 0.36),
            (rim - 0.028, width * 0.1),
            (rim - 0.034, -0.02),
            (rim - 0.04, -width * 0.4),
        ],
        segments,
    )
    disc = min(0.185, rim - 0.045)
    parts["disc"] = join(
        [
            lathe([(0.06, 0.02), (disc, 0.02), (disc + 0.004, 0.012), (disc + 0.004, -0.02)], segments),
            lathe([(0.0, 0.05), (0.055, 0.05), (0.06, 0.02)], 48),
        ]
    )
    parts["caliper"] = _caliper(disc)
    parts["black"] = lathe([(0.02, -0.05), (rim - 0.03, -0.06)], 48)
    return parts


def _tire(radius: float, rim: float, half: float, segments: int, *, rugged: bool) -> dict[str, Mesh]:
    wall = radius - rim
    outline = [
        (rim - 0.010, 0.84),
        (rim + 0.004, 0.93),
        (rim + wall * 0.22, 0.995),
        (rim + wall * 0.5, 1.02),
        (radius - wall * 0.28, 0.985),
    ]
    outline += [(radius - 0.020, 0.92), (radius - 0.007, 0.83), (radius - 0.001, 0.70), (radius, 0.5), (radius, 0.0)]
    knots = np.array([(r, y * half) for r, y in outline])
    steps = np.linspace(0, len(knots) - 1, 110)
    path = np.stack([PchipInterpolator(range(len(knots)), knots[:, axis])(steps) for axis in (0, 1)], 1)
    across, r = np.abs(path[:, 1]), path[:, 0]
    # A rim protector, two fine rings on the side wall, and the tread's channels.
    sidewall = path[:, 1] > half * 0.85
    path[:, 1] += np.where(sidewall, 0.0025 * np.exp(-(((r - rim - wall * 0.16) / 0.004) ** 2)), 0)
    for share in (0.40, 0.72):
        path[:, 1] -= np.where(sidewall, 0.0014 * np.exp(-(((r - rim - wall * share) / 0.0016) ** 2)), 0)
    for place in (0.12, 0.42, 0.68):
        path[:, 0] -= np.where(r > radius - 0.01, 0.006 * np.exp(-(((across - half * place) / 0.0045) ** 2)), 0)
    whole = np.vstack([path, (path * [1, -1])[::-1][1:]])
    tire = lathe(whole[::-1], segments)
    return {"tire": _lugs(tire, radius, half) if rugged else tire}


def _lugs(tire: Mesh, radius: float, half: float) -> Mesh:
    """Press an all-terrain tread's blocks into a tire, shoulders included."""
    x, y, z = tire.points.T
    angle, r = np.arctan2(z, x), np.hypot(x, z)
    block = np.sin(angle * 30 + np.sign(y) * 0.9)
    shoulder = rise(radius - 0.045, radius - 0.02, r) * rise(half * 0.35, half * 0.6, np.abs(y))
    depth = 0.008 * shoulder * (block > 0.25)
    scale = (1 - depth / np.maximum(r, 0.05))[:, None]
    return Mesh(tire.points * np.hstack([scale, np.ones_like(scale), scale]), tire.normals, tire.faces)


def _sector(x: Array, z: Array, count: int, twist: Array = 0.0) -> tuple[Array, Array]:
    """Return (distance along, distance across) of the nearest of ``count`` spokes."""
    r, angle = np.hypot(x, z), np.arctan2(z, x) + twist
    nearest = (angle + np.pi / count) % (2 * np.pi / count) - np.pi / count
    return r * np.cos(nearest), r * np.sin(nearest)


def _aero(x: Array, z: Array, rim: float) -> Array:
    """Draw a closed face with five narrow slots, each swept."""
    r = np.hypot(x, z)
    _, across = _sector(x, z, 7, 0.55 * (r / rim))
    slot = smooth_max(
        np.abs(across) - 0.008 - 0.016 * (r / rim) ** 2, np.maximum(rim * 0.46 - r, r - rim * 0.86), 0.012
    )
    return -slot


def _blade(x: Array, z: Array, rim: float) -> Array:
    """Draw five twin spokes."""
    along, across = _sector(x, z, 5)
    s = np.clip(along / rim, 0, 1)
    spoke = np.abs(across) - (0.024 + 0.046 * s**1.3)
    gap = smooth_max(np.abs(across) - (0.004 + 0.024 * s**1.1), 0.105 - along, 0.01)
    return smooth_max(spoke, -gap, 0.006)


def _star(x: Array, z: Array, rim: float) -> Array:
    """Draw ten spokes, every other one slimmer, like rays of a star."""
    along, across = _sector(x, z, 5)
    wide = np.abs(across) - (0.026 - 0.012 * np.clip(along / rim, 0, 1))
    along2, across2 = _sector(x, z, 5, np.pi / 5)
    slim = np.abs(across2) - (0.007 + 0.009 * np.clip(along2 / rim, 0, 1))
    return smooth_min(wide, slim, 0.012)


def _forged(x: Array, z: Array, rim: float) -> Array:
    """Draw ten thin spokes that fork halfway out."""
    along, across = _sector(x, z, 10)
    s = np.clip(along / rim, 0, 1)
    fork = 0.034 * rise(0.42, 1.02, s)
    return smooth_max(np.abs(np.abs(across) - fork) - 0.0075 - 0.003 * s, -along, 0.005)


def _trail(x: Array, z: Array, rim: float) -> Array:
    """Draw six blunt spokes with round windows."""
    along, across = _sector(x, z, 6, np.pi / 6)
    return -rounded_box(along - rim * 0.66, rim * 0.17, across, 0.038 + 0.022 * np.clip(along / rim, 0, 1), 0.03)


DESIGNS: dict[str, Spokes] = {"aero": _aero, "blade": _blade, "star": _star, "forged": _forged, "trail": _trail}
# How much of a face is machined bright rather than painted.
BRIGHT = {"aero": 0.985, "blade": 0.80, "star": 0.55, "forged": 0.30, "trail": 0.9}


def _rim(spokes: Spokes, design: str, rim: float, half: float, grid: float) -> dict[str, Mesh]:
    dish = {"aero": 0.012, "trail": 0.030}.get(design, 0.055)

    def face(x: Array, y: Array, z: Array) -> Array:
        r = np.hypot(x, z)
        s = np.clip(r / rim, 0, 1)
        plane = half * 0.66 - dish * (1 - s) ** 2 + 0.006 * np.sin(np.pi * s)
        arm = np.maximum(spokes(x, z, rim), r - rim + 0.004)
        arm = smooth_min(arm, r - 0.066, 0.03)
        f = smooth_max(arm, np.abs(y - plane) - (0.014 + 0.012 * (1 - s)), 0.010)
        hoop = smooth_max(np.abs(r - rim + 0.006) - 0.010, np.abs(y - half * 0.74) - 0.030, 0.008)
        f = smooth_min(f, hoop, 0.012)
        if design != "aero":
            for index in range(5):
                angle = 2 * np.pi * (index + 0.5) / 5
                bolt = np.hypot(x - 0.050 * np.cos(angle), z - 0.050 * np.sin(angle)) - 0.008
                f = smooth_max(f, -smooth_max(bolt, half * 0.3 - y, 0.003), 0.003)
        cap = smooth_max(r - 0.031, np.abs(y - half * 0.66 + dish - 0.006) - 0.020, 0.006)
        return smooth_min(f, cap, 0.003)

    mesh = polygonize(face, (-rim - 0.01, -0.02, -rim - 0.01), (rim + 0.01, half * 1.02, rim + 0.01), grid)
    bright, painted = mesh.clip(lambda v: mesh.normals[:, 1] - 0.60)
    if BRIGHT[design] < 0.9:
        return {"rim_bright": bright, "rim_painted": painted}
    # A covered face: painted but for a bright edge.
    edge, cover = bright.clip(lambda v: np.hypot(v[:, 0], v[:, 2]) - rim * 0.93)
    return {"rim_bright": edge, "rim_painted": join([painted, cover])}


def _caliper(disc: float) -> Mesh:
    def field(x: Array, y: Array, z: Array) -> Array:
        across = np.abs(np.arctan2(z, x) - 0.5) * disc - 0.075
        return smooth_max(
            np.abs(np.hypot(x, z) - disc + 0.022) - 0.030, smooth_max(np.abs(y - 0.022) - 0.026, across, 0.01), 0.01
        )

    return polygonize(field, (0.03, -0.02, -0.03), (0.24, 0.06, 0.24), 0.006)
