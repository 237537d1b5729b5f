"""Cut the raw body into sheet metal, glass, cladding, doors: what is the same on every car."""

from collections.abc import Callable
from typing import Any

import numpy as np

from apps.studio.body import Body
from apps.studio.curves import polygon, rise, rounded_box, smooth_min, spline
from apps.studio.mesh import Mesh, join
from apps.studio.parts import Parts

Array = Any
SHUT_LINE = 0.0052
GAP_DEPTH = 0.010


class Panels:
    """The left half of a car, cut step by step; ``body`` is what is still painted sheet metal."""

    def __init__(self, body: Body, mesh: Mesh, parts: Parts) -> None:
        self.shape, self.car, self.parts = body, body.car, parts
        self.body = mesh

    def run(self) -> Mesh:
        """Make every cut but the wells' in order; return the painted rest."""
        self.cut_cladding()
        self.cut_greenhouse()
        self.cut_bed()
        self.cut_doors()
        self.cut_lids()
        self.cut_handles()
        return self.body

    def take(self, level: Callable[[Array], Array], material: str, *, offset: float = 0.0) -> None:
        """Cut a part out of the body with a rounded edge around it."""
        inside, self.body = self.body.cut(level)
        self.parts.add(material, inside.offset(offset) if offset else inside)

    def groove(
        self, line: Callable[[Array], Array], within: Callable[[Array], Array], width: float = SHUT_LINE
    ) -> None:
        """Press a shut line into the body."""
        band, self.body = self.body.split_line(line, within, width)
        self.parts.add("gap", band.offset(-GAP_DEPTH))

    def cut_wells(self) -> None:
        """Take the wheel wells' linings."""
        inside, self.body = self.body.clip(
            lambda v: np.where(v[:, 1] > 0.05, 0.004 - self.shape.arch(v[:, 0], v[:, 2]), -1.0)
        )
        self.parts.add("black", inside)

    def cut_cladding(self) -> None:
        """Take sills, lower bumpers and, where a car wears it, the band around the wheels."""
        car = self.car

        def level(v: Array) -> Array:
            x, _, z = v.T
            sill = car.sill - z
            if car.cladding:
                sill = np.maximum(sill, car.cladding - self.shape.arch(x, z))
            return np.maximum(
                sill,
                car.sill + car.extras.get("rear_cladding", 0.10) * rise(car.length - 0.5, car.length - 0.25, x) - z,
            )

        lower, self.body = self.body.cut(level, lip=0.007)
        self.parts.add("cladding" if car.cladding else "lower", lower)

    def cut_greenhouse(self) -> None:
        """Take the side windows, windshield, roof panel and rear window, with their black borders."""
        glass, shape = self.car.glass, self.shape
        upper, lower = self.body.clip(
            lambda v: np.minimum(v[:, 2] - shape.belt(v[:, 0]) + 0.03, 0.006 - shape.greenhouse(*v.T))
        )

        def window(v: Array) -> Array:
            x, _, z = v.T
            level = np.minimum(-shape.rail(v) - glass.rail, z - shape.belt(x) - 0.004)
            level = smooth_min(level, glass.rear + glass.slant * (z - 1.2) - x, 0.05)
            return np.minimum(level, x - glass.front - 0.05)

        side, upper = upper.cut(lambda v: window(v) + 0.015)
        side, border = side.clip(window)
        bright, border = border.clip(
            lambda v: (
                np.minimum(shape.belt(v[:, 0]) + 0.004 - v[:, 2], glass.rear - 0.02 - v[:, 0])
                if glass.bright
                else v[:, 0] * 0 - 1
            )
        )
        self.parts.add("chrome", bright.offset(0.002))
        self.parts.add("trim", border)
        for pillar in glass.pillars:
            post, side = side.clip(
                lambda v, pillar=pillar: glass.pillar_width - np.abs(v[:, 0] - pillar - 0.22 * (v[:, 2] - 1.1))
            )
            self.parts.add("gloss", post.offset(0.001))
        self._glaze(side)
        self._cut_screen(upper, lower)

    def _glaze(self, pane: Mesh) -> None:
        limit = self.car.glass.privacy_from or self.car.glass.pillars[0]
        rear, front = pane.clip(lambda v: v[:, 0] - limit)
        self.parts.add("privacy", rear.offset(-0.003))
        self.parts.add("glass", front.offset(-0.003))

    def _cut_screen(self, upper: Mesh, lower: Mesh) -> None:
        glass, shape, car = self.car.glass, self.shape, self.car

        def screen(v: Array) -> Array:
            level = np.minimum(shape.rail(v) - 0.020, glass.header + 0.10 * v[:, 1] ** 2 - v[:, 0])
            return np.minimum(level, shape.hull(*v.T) - 0.012)

        pane, upper = upper.cut(screen)
        # The black border: wide below, where the wipers rest, narrow elsewhere.
        frit, pane = pane.clip(lambda v: np.maximum(0.018 - screen(v), 0.055 - shape.hull(*v.T)))
        self.parts.add("gloss", frit)
        self.parts.add("glass", pane)
        if glass.roof_panel:
            roof, upper = upper.cut(
                lambda v: np.minimum(
                    np.minimum(shape.rail(v) - 0.06, v[:, 0] - glass.header - 0.05 - 0.1 * v[:, 1] ** 2),
                    glass.back_from - 0.08 - v[:, 0],
                )
            )
            self.parts.add("gloss", roof)

        def back(v: Array) -> Array:
            x, _, z = v.T
            level = np.minimum(np.minimum(shape.rail(v) - 0.034, x - glass.back_from), glass.back_to - x)
            bottom = glass.back_bottom or -1.0
            if car.spoiler:
                level = np.minimum(level, 0.006 - np.abs(shape.roof_field(*v.T)))
            return np.minimum(level, np.minimum(shape.hull(*v.T) - 0.014, z - np.maximum(shape.belt(x) - 0.03, bottom)))

        pane, upper = upper.cut(back)
        frit, pane = pane.clip(lambda v: 0.022 - back(v))
        self.parts.add("gloss", frit)
        self.parts.add("privacy" if car.body != "coupe" else "glass", pane)
        self.body = join([lower, upper])

    def cut_bed(self) -> None:
        """Line a pickup's bed."""
        bed = self.car.bed
        if bed is None:
            return
        self.take(
            lambda v: np.minimum(
                np.minimum(v[:, 0] - bed.start - 0.004, bed.end - 0.004 - v[:, 0]),
                np.minimum(bed.half_width - 0.004 - np.abs(v[:, 1]), self.shape.top(v[:, 0]) - 0.03 - v[:, 2]),
            ),
            "cladding",
        )

    def cut_doors(self) -> None:
        """Cut the doors' shut lines; the rear one follows the wheel."""
        car, shape = self.car, self.shape
        foot = car.sill + 0.035

        def side(v: Array) -> Array:
            return np.minimum(v[:, 2] - foot, np.minimum(v[:, 1] - 0.55, shape.belt(v[:, 0]) + 0.02 - v[:, 2]))

        first, *middle, last = car.doors
        self.groove(lambda v: v[:, 0] - first - 0.05 * (v[:, 2] - 0.7) - 0.09 * rise(0.55, 0.25, v[:, 2]), side)
        for door in middle:
            self.groove(lambda v, door=door: v[:, 0] - door - 0.05 * (v[:, 2] - 0.7), side)

        def rear_edge(v: Array) -> Array:
            x, _, z = v.T
            return smooth_min(
                last + 0.02 + 0.35 * np.maximum(z - car.haunch_z - 0.12, 0) - x,
                self._from_rear_wheel(x, z) - 0.06,
                0.08,
            )

        self.groove(rear_edge, side)
        self.groove(
            lambda v: v[:, 2] - foot - 0.001,
            lambda v: np.minimum(
                np.minimum(v[:, 0] - first - 0.07, np.minimum(rear_edge(v), last + 0.1 - v[:, 0])), v[:, 1] - 0.5
            ),
        )
        if car.sliding_door:
            track = car.extras["track_z"]
            self.groove(
                lambda v: v[:, 2] - track,
                lambda v: np.minimum(np.minimum(v[:, 0] - last - 0.05, car.length - 0.52 - v[:, 0]), v[:, 1] - 0.5),
                0.014,
            )

    def _from_rear_wheel(self, x: Array, z: Array) -> Array:
        return np.hypot(x - self.car.rear_axle, z - self.car.wheel_radius) - self.car.arch_radius

    def cut_lids(self) -> None:
        """Cut bonnet, tailgate and charging flap."""
        car, shape = self.car, self.shape
        edge = spline(car.bonnet)
        self.groove(
            lambda v: np.maximum(np.abs(v[:, 1]) - edge(v[:, 0]), car.bonnet_front + 0.22 * v[:, 1] ** 2 - v[:, 0]),
            lambda v: np.minimum(
                np.minimum(v[:, 2] - car.bonnet_above, car.glass.front + 0.35 - v[:, 0]), -(shape.hull(*v.T) - 0.012)
            ),
        )
        half, bottom = car.tailgate
        self.groove(
            lambda v: np.maximum(v[:, 1] - half, bottom - v[:, 2]),
            lambda v: np.minimum(
                v[:, 0] - car.length + 0.5, np.minimum(shape.belt(v[:, 0]) + 0.06 - v[:, 2], v[:, 2] - 0.35)
            ),
        )
        z = float(spline(car.creases[0].line)(car.rear_axle)) - 0.005 if car.creases else car.sill + 0.5
        self.groove(
            lambda v: rounded_box(v[:, 0] - car.rear_axle - 0.02, 0.085, v[:, 2] - z, 0.075, 0.03),
            lambda v: np.minimum(v[:, 1] - 0.6, v[:, 0] - car.length / 2),
            0.004,
        )

    def cut_handles(self) -> None:
        """Cut flush handles, one per door."""
        car = self.car
        line = spline(car.creases[0].line) if car.creases else lambda x: x * 0 + car.sill + 0.5
        for door in car.doors[1:]:
            x0 = door - 0.17 + (0.02 if door == car.doors[-1] else 0)
            z0 = float(line(x0)) - 0.05

            def outline(v: Array, grow: float, x0: float = x0, z0: float = z0) -> Array:
                bar = rounded_box(
                    v[:, 0] - x0, 0.105 + grow, v[:, 2] - z0 - 0.03 * (v[:, 0] - x0), 0.0165 + grow, 0.0165 + grow
                )
                return np.where(v[:, 1] > 0.6, -bar, -1.0)

            pocket, self.body = self.body.cut(lambda v: outline(v, 0.0), lip=0.006)
            handle, gap = pocket.clip(lambda v: outline(v, -0.004))
            self.parts.add("gap", gap.offset(-0.006))
            self.parts.add("paint", handle.offset(0.003), handle.offset(0.003).wall(0.008, faces_in=False))


def within_outline(body: Body, outline: tuple[tuple[float, float], ...], radius: float) -> Callable[[Array], Array]:
    """Return a level that is positive inside an outline drawn in (s, z)."""
    return lambda v: -polygon(body.around(v[:, 0], v[:, 1]), v[:, 2], outline, radius)
