"""A car's body as one implicit field: negative inside, smooth where sheet metal is."""

from typing import Any

import numpy as np

from apps.studio import curves
from apps.studio.curves import bell, polygon, rise, smooth_max, smooth_min, spline
from apps.studio.mesh import Mesh, polygonize
from apps.studio.specs.spec import WRAP, Car, Recess

Array = Any
# Beyond this from either end no recess reaches.
END_DEPTH = 0.75


class Body:
    """
    The field of one car.

    Side, top, nose, tail and underside meet by smooth maxima; the greenhouse joins by a smooth minimum; wheel wells,
    bumper recesses and a bed are taken out.
    """

    def __init__(self, car: Car) -> None:
        self.car = car
        self.top, self.section = spline(car.top), spline(car.section)
        self.nose, self.tail = spline(car.nose), spline(car.tail)
        self.belt, self.glass_width = spline(car.glass.belt), spline(car.greenhouse)
        self.creases = [(crease, spline(crease.line)) for crease in car.creases]
        self.half = car.width / 2
        self.belt_z = float(self.belt(car.length / 2))
        self.roof = self._roof_of_height(spline(car.roof))
        self._plan, self._widen = spline(car.plan), 0.0
        x, z = np.linspace(0.3, car.length - 0.3, 160)[:, None], np.linspace(0.3, 1.0, 60)[None]
        # A smooth maximum of two equal fields lies k / 6 outside of both.
        self._widen = self.half - float(self.half_width(x, z).max()) - car.shoulder_round / 6

    def _roof_of_height(self, drawn: curves.Curve) -> curves.Curve:
        """Stretch the drawn roof above its belt to the height the catalog states."""
        peak = float(drawn(np.linspace(0, self.car.length, 400)).max())
        base = self.belt_z
        scale = (self.car.height - base) / (peak - base)
        return lambda x: base + (drawn(x) - base) * scale

    def half_width(self, x: Array, z: Array) -> Array:
        """Return the body's half width: plan and section, haunches, lips around the wheels, feature lines."""
        car = self.car
        width = self._plan(x) + self._widen + self.section(z)
        for axle, swell in ((car.front_axle, car.haunch_front), (car.rear_axle, car.haunch_rear)):
            width = width + swell * bell(x - axle, 0.75) * bell(z - car.haunch_z, 0.24)
            width = width + car.flare * rise(car.arch_radius + 0.11, car.arch_radius + 0.005, self._around(axle, x, z))
        for crease, line in self.creases:
            above = z - line(x)
            reach = rise(crease.starts, crease.starts + 1.0, x) * rise(crease.ends, crease.ends - 1.0, x)
            width = width - crease.depth * reach * rise(-0.004, crease.sharp, above) * bell(
                np.maximum(above - crease.sharp, 0), crease.fade
            )
        return width

    def _around(self, axle: float, x: Array, z: Array) -> Array:
        power = self.car.arch_power
        return (np.abs(x - axle) ** power + np.abs(z - self.car.wheel_radius) ** power) ** (1 / power)

    def arch(self, x: Array, z: Array) -> Array:
        """Return the distance from the wheel openings, negative within."""
        return (
            np.minimum(self._around(self.car.front_axle, x, z), self._around(self.car.rear_axle, x, z))
            - self.car.arch_radius
        )

    def front(self, x: Array, y: Array, z: Array) -> Array:
        """Return the field of the nose: negative behind it."""
        q = np.abs(y) / self.half
        a, b = self.car.nose_corner
        return (self.nose(z) + a * q**2 + b * q**self.car.nose_power - x) * 0.8

    def back(self, x: Array, y: Array, z: Array) -> Array:
        """Return the field of the tail: negative before it."""
        q = np.abs(y) / self.half
        a, b = self.car.tail_corner
        return (x - self.car.length + self.tail(z) + a * q**2 + b * q**5) * 0.85

    def above(self, x: Array, y: Array, z: Array) -> Array:
        """Return the field of bonnet, shoulders and deck: negative below."""
        car, q = self.car, np.abs(y) / self.half
        height = self.top(x) - car.crown * q**2.5 + car.fender * bell(q - 0.78, 0.16) * bell(x - car.front_axle, 0.7)
        fold = 0.16 + 0.36 * np.clip(x / 1.2, 0, 1.4)
        ridge = rise(fold - 0.16, fold, np.abs(y)) - rise(fold, fold + 0.05, np.abs(y))
        height = height + car.bonnet_fold * 0.6 * ridge * rise(0.1, 0.5, x) * rise(1.5, 1.1, x)
        return (z - height) * 0.93

    def hull(self, x: Array, y: Array, z: Array) -> Array:
        """Return the body below the glass."""
        car = self.car
        f = smooth_max(self.above(x, y, z), np.abs(y) - self.half_width(x, z), car.shoulder_round)
        f = smooth_max(f, self.front(x, y, z), car.front_round)
        f = smooth_max(f, self.back(x, y, z), car.rear_round)
        bottom = (
            car.clearance + 0.03 + car.lift[0] * rise(0.75, 0, x) + car.lift[1] * rise(car.length - 0.7, car.length, x)
        )
        return smooth_max(f, bottom - z, 0.05)

    def roof_field(self, x: Array, y: Array, z: Array) -> Array:
        """Return the field of windshield, roof and rear window, bowed across the car."""
        car, across = self.car, np.abs(y) ** 2.2
        length = car.length
        bowed = x - car.windshield_bow * across * rise(length * 0.62, length * 0.38, x)
        bowed = bowed + car.backlight_bow * across * rise(length * 0.6, length * 0.85, x)
        return (z - self.roof(bowed) + car.roof_crown * np.abs(y) ** 2.4) * 0.88

    def glass_side(self, x: Array, y: Array, z: Array) -> Array:
        """Return the field of the side windows' plane, leaning inwards."""
        base = self.belt_z - 0.03
        lean, more = self.car.tumblehome
        over = z - base
        return (np.abs(y) - self.glass_width(x) + lean * over + more * np.maximum(over, 0) ** 2) * 0.93

    def greenhouse(self, x: Array, y: Array, z: Array) -> Array:
        """Return the body above the belt."""
        car = self.car
        f = smooth_max(self.roof_field(x, y, z), self.glass_side(x, y, z), car.rail_round)
        f = smooth_max(f, self.back(x, y, z) + car.greenhouse_tail, 0.06)
        if car.spoiler:
            f = smooth_min(f, self._spoiler(x, y, z), 0.02)
        f = smooth_max(f, self.front(x, y, z) + 0.3, 0.05)
        # Below the belt the leaning sides would come out of the doors.
        return smooth_max(f, self.belt_z - 0.20 - z, 0.02)

    def _spoiler(self, x: Array, y: Array, z: Array) -> Array:
        """Return the lip that lengthens a roof over the rear window: (from, to) along the car."""
        start, end = self.car.spoiler
        level = self.roof(start - 0.05) - 0.10 * (x - start) - self.car.roof_crown * np.abs(y) ** 2.4
        f = smooth_max(np.abs(z - level + 0.022) - 0.020, self.glass_side(x, y, z) + 0.035, 0.02)
        return smooth_max(f, np.maximum(start - 0.1 - x, x - end + 0.10 * np.abs(y) ** 2), 0.02) * 0.9

    def rail(self, points: Array) -> Array:
        """Return how far on the roof's side of the rails a point lies."""
        return self.roof_field(*points.T) - self.glass_side(*points.T)

    def field(self, x: Array, y: Array, z: Array) -> Array:
        """Return the whole body."""
        car = self.car
        f = smooth_min(self.hull(x, y, z), self.greenhouse(x, y, z), car.belt_round)
        if car.bed:
            bed = car.bed
            hole = smooth_max(
                np.abs(x - (bed.start + bed.end) / 2) - (bed.end - bed.start) / 2, np.abs(y) - bed.half_width, 0.04
            )
            f = smooth_max(f, -smooth_max(hole, bed.floor - z, 0.05), 0.02)
        f = self._pressed(f, x, y, z)
        well = smooth_max(self.arch(x, z), 0.56 - np.abs(y), 0.05)
        return smooth_max(f, -well, 0.012)

    def _pressed(self, f: Array, x: Array, y: Array, z: Array) -> Array:
        for near, recesses, surface in (
            (x < END_DEPTH, self.car.front.recesses, self.front),
            (x > self.car.length - END_DEPTH, self.car.rear.recesses, self.back),
        ):
            if not recesses or not near.any():
                continue
            if f.ndim == 1:  # points: only those near this end
                f = f.copy()
                f[near] = self._press(f[near], recesses, surface, x[near], y[near], z[near])
            else:  # a slab of the grid
                f = np.where(near, self._press(f, recesses, surface, x, y, z), f)
        return f

    def _press(self, f: Array, recesses: tuple[Recess, ...], surface: Any, x: Array, y: Array, z: Array) -> Array:
        skin = surface(x, y, z)
        for recess in recesses:
            hole = polygon(self.around(x, y), z, recess.outline, recess.round)
            f = smooth_max(f, -smooth_max(hole, -(skin + recess.depth), 0.02), recess.soft)
        return f

    def around(self, x: Array, y: Array) -> Array:
        """Return s, the way around the nearer end (see specs.spec)."""
        return np.abs(y) + WRAP * np.minimum(x, self.car.length - x)

    def half_mesh(self, grid: float) -> Mesh:
        """Return the left half (y >= 0), polygonized at ``grid`` meters."""
        car = self.car
        low = (-0.04, -2 * grid, car.clearance - 0.02)
        high = (car.length + 0.04, self.half + 0.03, car.height + 0.03)
        return polygonize(self.field, low, high, grid).clip(lambda v: v[:, 1])[0]
