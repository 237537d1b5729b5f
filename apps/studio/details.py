"""What gives a car its face: lamps with depth, grilles, lower bumper, badge."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from apps.studio.body import Body
from apps.studio.curves import polygon, polyline, rounded_box
from apps.studio.mesh import Mesh, join
from apps.studio.parts import Parts
from apps.studio.specs.spec import End, Lamp, Panel, Recess, Stroke

Array = Any
# The four-point star of the brand's mark, in units of its half height.
STAR = ((0, 1), (0.23, 0.33), (0.93, 0), (0.23, -0.33), (0, -1), (-0.23, -0.33), (-0.93, 0), (-0.23, 0.33))


class Face:
    """One end of a car, cut into its details."""

    def __init__(self, body: Body, end: End, parts: Parts, *, is_front: bool) -> None:
        self.shape, self.end, self.parts, self.is_front = body, end, parts, is_front

    def skin(self, v: Array) -> Array:
        """Return the depth field of this end's outer skin."""
        return (self.shape.front if self.is_front else self.shape.back)(*v.T)

    def around(self, v: Array) -> Array:
        """Return s of points."""
        return self.shape.around(v[:, 0], v[:, 1])

    def cut(self, mesh: Mesh) -> Mesh:
        """Cut every detail of this end out of a mesh, what lies in others first; return the painted rest."""
        if self.end.badge:
            mesh = self.cut_badge(mesh)
        for stroke in self.end.strokes:
            mesh = self.cut_stroke(mesh, stroke)
        for lamp in self.end.lamps:
            mesh = self.cut_lamp(mesh, lamp)
        for panel in self.end.panels:
            mesh = self.cut_panel(mesh, panel)
        for recess in self.end.recesses:
            mesh = self.cut_recess(mesh, recess)
        return mesh

    def cut_recess(self, mesh: Mesh, recess: Recess) -> Mesh:
        """Give a pressed part of the bumper its floor, and what stands in it."""

        def level(v: Array) -> Array:
            return -polygon(self.around(v), v[:, 2], recess.outline, recess.round) + 0.001

        if recess.floor == "paint":
            return mesh
        floor, mesh = mesh.clip(level)
        if recess.insert:
            bottom, sides = floor.clip(lambda v: np.minimum(-self.skin(v) - recess.depth * 0.6, level(v) - 0.004))
            standing, ground = bottom.refined(self.shape.field).clip(_pattern(recess, self.around))
            self.parts.add(
                recess.insert_material, standing.offset(0.016), standing.offset(0.016).wall(0.02, faces_in=False)
            )
            self.parts.add("black", ground)
            self.parts.add(recess.floor, sides)
        else:
            self.parts.add(recess.floor, floor)
        return mesh

    def cut_panel(self, mesh: Mesh, panel: Panel) -> Mesh:
        """Set a flush panel of another material."""

        def level(v: Array) -> Array:
            return -polygon(self.around(v), v[:, 2], panel.outline, panel.round)

        inside, mesh = mesh.cut(level)
        top, gap = inside.clip(lambda v: level(v) - 0.003)
        self.parts.add("gap", gap.offset(-0.006))
        self.parts.add(
            panel.material,
            top.offset(panel.raised),
            top.offset(panel.raised).wall(0.008 + panel.raised, faces_in=False),
        )
        return mesh

    def cut_lamp(self, mesh: Mesh, lamp: Lamp) -> Mesh:
        """Sink a lamp: walls, floor, projectors and lit strokes under a clear cover."""

        def level(v: Array) -> Array:
            return -polygon(self.around(v), v[:, 2], lamp.outline, lamp.round)

        near, mesh = mesh.clip(lambda v: level(v) + 0.015)
        opening, near = near.refined(self.shape.field).cut(level)
        mesh = join([near, mesh])
        cover, seal = opening.clip(lambda v: level(v) - 0.0025)
        self.parts.add("gap", seal.offset(-0.003))
        self.parts.add(lamp.cover, cover)
        self.parts.add("lamp_wall", cover.wall(lamp.depth, faces_in=True))
        floor = cover
        for stroke in lamp.strokes:
            lit, floor = floor.clip(
                lambda v, stroke=stroke: -polyline(self.around(v), v[:, 2], stroke.points, stroke.width)
            )
            raised = lit.offset(-lamp.depth * 0.35)
            self.parts.add(stroke.material, raised, raised.wall(lamp.depth * 0.6, faces_in=False))
        for projector in lamp.projectors:
            floor = self._set_projector(floor, projector, lamp.depth)
        self.parts.add(lamp.floor, floor.offset(-lamp.depth))
        return mesh

    def _set_projector(self, floor: Mesh, projector: tuple[float, ...], depth: float) -> Mesh:
        s0, z0, *size = projector

        def level(v: Array) -> Array:
            across, up = self.around(v) - s0, v[:, 2] - z0
            return (
                size[0] - np.hypot(across, up) if len(size) == 1 else -rounded_box(across, size[0], up, size[1], 0.006)
            )

        unit, floor = floor.clip(level)
        core, ring = unit.clip(lambda v: level(v) - 0.0045)
        self.parts.add(
            "reflector", ring.offset(-depth * 0.3), ring.offset(-depth * 0.3).wall(depth * 0.7, faces_in=False)
        )
        self.parts.add("projector", core.offset(-depth * 0.45))
        return floor

    def cut_stroke(self, mesh: Mesh, stroke: Stroke) -> Mesh:
        """Set a bright strip or a line of light into the sheet metal."""

        def level(v: Array) -> Array:
            return -polyline(self.around(v), v[:, 2], stroke.points, stroke.width)

        near, mesh = mesh.clip(lambda v: level(v) + 0.015)
        lit, near = near.refined(self.shape.field).cut(level, lip=0.003)
        self.parts.add(stroke.material, lit.offset(0.001))
        return join([near, mesh])

    def cut_badge(self, mesh: Mesh) -> Mesh:
        """Fix the brand's star on the center line."""
        size, z0 = self.end.badge_size, self.end.badge
        star = tuple((a * size, b * size) for a, b in STAR)
        near = self._near_center(mesh, size)
        inside, rest = near[0].cut(lambda v: -polygon(v[:, 1], v[:, 2] - z0, star, 0.001), lip=0.003)
        raised = inside.offset(0.006)
        self.parts.add("chrome", raised, raised.wall(0.008, faces_in=False))
        return join([rest, near[1]])

    def _near_center(self, mesh: Mesh, size: float) -> tuple[Mesh, Mesh]:
        z0 = self.end.badge
        inside, outside = mesh.clip(lambda v: size * 1.4 - np.maximum(np.abs(v[:, 1]), np.abs(v[:, 2] - z0)))
        return inside.refined(self.shape.field), outside


def _pattern(recess: Recess, around: Callable[[Array], Array]) -> Callable[[Array], Array]:
    pitch = recess.pitch

    def level(v: Array) -> Array:
        s, z = around(v), v[:, 2]
        if recess.insert == "slats":
            return pitch * 0.17 - _wave(z, pitch)
        if recess.insert == "bars":
            return pitch * 0.20 - _wave(s, pitch)
        if recess.insert == "mesh":  # diamonds
            return pitch * 0.13 - np.minimum(_wave(s + 1.6 * z, pitch), _wave(s - 1.6 * z, pitch))
        row = np.floor(z / pitch)  # dots, in staggered rows
        return pitch * 0.27 - np.hypot(_wave(s + pitch / 2 * (row % 2), pitch), z - (row + 0.5) * pitch)

    return level


def _wave(values: Array, pitch: float) -> Array:
    """Return the distance to the nearest multiple of ``pitch``."""
    return np.abs((values / pitch + 0.5) % 1 - 0.5) * pitch


def ends(body: Body, parts: Parts) -> Iterator[Face]:
    """Yield both ends of a car."""
    yield Face(body, body.car.front, parts, is_front=True)
    yield Face(body, body.car.rear, parts, is_front=False)
