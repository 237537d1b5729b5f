"""What one sees through the glass: seats, dashboard, screen, steering wheel, door cards, floor."""

from typing import Any

import numpy as np

from apps.studio.body import Body
from apps.studio.curves import rounded_box, smooth_max, smooth_min
from apps.studio.fittings import brick, half_of, smooth_union
from apps.studio.mesh import Mesh, polygonize
from apps.studio.parts import Parts

Array = Any
SEAT_SIDE = 0.37


def add_cabin(body: Body, parts: Parts, *, coarse: float = 1.0) -> None:
    """Furnish the left half."""
    car = body.car
    belt = float(body.belt(car.glass.header + 0.3))
    for index, x in enumerate(car.seat_rows):
        parts.add("seat", _seat(x, belt, coarse, rear=index > 0))
    header = car.glass.header
    dash_x = header - 0.42

    def dash(x: Array, y: Array, z: Array) -> Array:
        bend = x + 0.15 * y * y
        return smooth_union(
            brick(bend, y, z, (dash_x, 0, belt - 0.20), (0.22, 0.66, 0.12), 0.06),
            brick(bend, y, z, (dash_x + 0.10, 0, belt - 0.36), (0.10, 0.62, 0.08), 0.05),
        )

    parts.add(
        "cabin", half_of(polygonize(dash, (dash_x - 0.4, -0.05, belt - 0.5), (dash_x + 0.3, 0.8, belt), 0.02 * coarse))
    )

    def floor(x: Array, y: Array, z: Array) -> Array:
        return brick(x, y, z, (header + 0.7, 0, belt - 0.68), (1.45, 0.76, 0.05), 0.03)

    parts.add(
        "black",
        half_of(polygonize(floor, (header - 0.8, -0.1, belt - 0.76), (header + 2.2, 0.8, belt - 0.6), 0.03 * coarse)),
    )

    # The roof's lining, lit a little, so that the cabin is not a black hole behind the glass.
    end = car.glass.back_from + 0.10
    corners = [
        (x, y, float(body.roof(x)) - 0.075 - body.car.roof_crown * y**2.4)
        for x in np.linspace(header + 0.12, end, 9)
        for y in (0.0, 0.25, 0.48)
    ]
    rows = np.arange(27).reshape(9, 3)
    quads = np.stack([rows[:-1, :-1], rows[1:, :-1], rows[1:, 1:], rows[:-1, 1:]], -1).reshape(-1, 4)
    faces = np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    parts.add("headliner", Mesh(np.array(corners), np.tile([0.0, 0.0, -1.0], (27, 1)), faces).oriented())

    def console(x: Array, y: Array, z: Array) -> Array:
        return brick(x, y, z, (header + 0.30, 0, belt - 0.42), (0.42, 0.10, 0.10), 0.05)

    parts.add(
        "cabin",
        half_of(
            polygonize(console, (header - 0.15, -0.05, belt - 0.54), (header + 0.75, 0.13, belt - 0.30), 0.02 * coarse)
        ),
    )


def add_controls(body: Body, parts: Parts, *, coarse: float = 1.0) -> None:
    """Add what stands on one side only: the driver's wheel (left) and the screen."""
    header, belt = body.car.glass.header, float(body.belt(body.car.glass.header + 0.3))

    def wheel(x: Array, y: Array, z: Array) -> Array:
        lean = x - header - 0.05 + 0.35 * (z - belt + 0.03)
        ring = np.hypot(np.hypot(y - SEAT_SIDE, z - belt + 0.03) - 0.172, lean) - 0.017
        hub = smooth_max(rounded_box(y - SEAT_SIDE, 0.16, z - belt + 0.04, 0.024, 0.02), np.abs(lean) - 0.016, 0.008)
        return smooth_min(ring, hub, 0.015)

    parts.add(
        "cabin", polygonize(wheel, (header - 0.1, 0.1, belt - 0.26), (header + 0.2, 0.62, belt + 0.18), 0.010 * coarse)
    )

    def screen(x: Array, y: Array, z: Array) -> Array:
        lean = x - header + 0.13 + 0.2 * (z - belt)
        return smooth_max(rounded_box(y, 0.19, z - belt + 0.01, 0.105, 0.012), np.abs(lean) - 0.008, 0.004)

    parts.add(
        "screen",
        polygonize(screen, (header - 0.2, -0.22, belt - 0.14), (header - 0.05, 0.22, belt + 0.12), 0.012 * coarse),
    )


def _seat(x0: float, belt: float, coarse: float, *, rear: bool) -> Mesh:
    """Return one seat with bolsters and a head rest; the rest sits lower behind."""
    rest = 0.245 if rear else 0.285

    def seat(x: Array, y: Array, z: Array) -> Array:
        lean = x - 0.28 * (z - belt)
        side = np.abs(y - SEAT_SIDE)
        bolster = 0.022 * np.clip((side - 0.13) / 0.08, 0, 1) ** 2
        back = brick(
            lean + bolster, y, z, (x0, SEAT_SIDE, belt - 0.13), (0.075, 0.245 - (0.03 if not rear else 0.0), 0.36), 0.07
        )
        head = brick(lean, y, z, (x0 + 0.005, SEAT_SIDE, belt + rest), (0.050, 0.135, 0.088), 0.045)
        cushion = brick(x, y, z - bolster, (x0 - 0.28, SEAT_SIDE, belt - 0.44), (0.28, 0.255, 0.085), 0.06)
        posts = np.hypot(np.abs(y - SEAT_SIDE) - 0.055, lean - x0) - 0.008
        posts = smooth_max(posts, np.abs(z - belt - 0.2) - 0.09, 0.005)
        return smooth_min(smooth_min(back, np.minimum(head, posts), 0.008), cushion, 0.04)

    return polygonize(seat, (x0 - 0.62, 0.08, belt - 0.56), (x0 + 0.34, 0.66, belt + 0.42), 0.014 * coarse)
