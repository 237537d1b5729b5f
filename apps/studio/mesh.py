"""Triangle meshes with their own normals: cut exactly along level sets, give cuts rounded lips and walls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from skimage.measure import marching_cubes

Array = Any
Field = Callable[[Array, Array, Array], Array]
Level = Callable[[Array], Array]
MIRROR = np.array([1.0, -1.0, 1.0])


@dataclass(frozen=True)
class Mesh:
    """Points (n, 3) in meters, unit normals (n, 3), triangles (m, 3)."""

    points: Array
    normals: Array
    faces: Array

    def clip(self, level: Level) -> tuple["Mesh", "Mesh"]:
        """Split exactly where ``level`` is 0; return the part where it is positive, and the other."""
        if not len(self.faces):
            return self, self
        values = level(self.points)
        values = np.where(np.abs(values) < 1e-7, 1e-7, values)
        above = values > 0
        count = above[self.faces].sum(1)
        mixed = self.faces[(count == 1) | (count == 2)]
        wholly, not_at_all = self.faces[count == 3], self.faces[count == 0]
        if not len(mixed):
            return self._with(wholly), self._with(not_at_all)
        sides = above[mixed]
        single = sides.sum(1) == 1
        lone = np.where(single, sides.argmax(1), (~sides).argmax(1))
        rows = np.arange(len(mixed))
        a, b, c = (mixed[rows, (lone + step) % 3] for step in range(3))
        size = len(self.points)
        keys = np.concatenate(
            [
                np.minimum(a, b).astype(np.int64) * size + np.maximum(a, b),
                np.minimum(a, c).astype(np.int64) * size + np.maximum(a, c),
            ]
        )
        edges, where = np.unique(keys, return_inverse=True)
        i, j = edges // size, edges % size
        t = (values[i] / (values[i] - values[j]))[:, None]
        points = np.vstack([self.points, self.points[i] * (1 - t) + self.points[j] * t])
        normals = np.vstack([self.normals, unit(self.normals[i] * (1 - t) + self.normals[j] * t)])
        p, q = size + where[: len(a)], size + where[len(a) :]
        tip, left, right = np.stack([a, p, q], 1), np.stack([p, b, c], 1), np.stack([p, c, q], 1)
        upper = np.vstack([wholly, tip[single], left[~single], right[~single]])
        lower = np.vstack([not_at_all, tip[~single], left[single], right[single]])
        whole = Mesh(points, normals, upper)
        return whole._with(upper), whole._with(lower)

    def cut(self, level: Level, *, lip: float = 0.005, lean: float = 0.9) -> tuple["Mesh", "Mesh"]:
        """
        Split like ``clip``, and round the edge of the outer part by leaning its normals into the opening.

        ``lip`` is the width of the rounding, ``lean`` the tangent of its angle: a pressed edge costs no triangles.
        """
        inside, outside = self.clip(level)
        if not len(inside.faces):
            return inside, outside
        band, rest = outside.clip(lambda v: level(v) + lip)
        return inside, join([rest, _lean(band, level, lip, lean)])

    def split_line(self, line: Level, within: Level, width: float) -> tuple["Mesh", "Mesh"]:
        """Cut a band of ``width`` along ``line`` = 0 where ``within`` > 0; return it and the rest, edges rounded."""
        bands, rests = [], []
        for sign, half in zip((1.0, -1.0), self.clip(line), strict=True):
            band, rest = half.cut(lambda v, sign=sign: np.minimum(width / 2 - sign * line(v), within(v)))
            bands.append(band)
            rests.append(rest)
        return join(bands), join(rests)

    def _with(self, faces: Array) -> "Mesh":
        used, faces_ = np.unique(faces, return_inverse=True)
        return Mesh(self.points[used], self.normals[used], faces_.reshape(-1, 3))

    def offset(self, distance: float) -> "Mesh":
        """Return this mesh moved along its normals."""
        return Mesh(self.points + self.normals * distance, self.normals, self.faces)

    def moved(self, by: Iterable[float]) -> "Mesh":
        """Return this mesh moved as a whole."""
        return Mesh(self.points + np.array(list(by)), self.normals, self.faces)

    def mirrored(self) -> "Mesh":
        """Return the other half, left to right."""
        return Mesh(self.points * MIRROR, self.normals * MIRROR, self.faces[:, ::-1])

    def both(self) -> "Mesh":
        """Return this half and its mirror image."""
        return join([self, self.mirrored()])

    def wall(self, depth: float, *, faces_in: bool) -> "Mesh":
        """Return walls from this patch's border down along its normals: a pocket's (``faces_in``) or a block's."""
        if not len(self.faces):
            return self
        edges = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]])
        # Patches joined along a cut have double points: an edge is a border only if no other lies on it.
        places, same = np.unique(np.round(self.points, 6), axis=0, return_inverse=True)
        named = np.sort(same.reshape(-1)[edges], 1)
        _, first, count = np.unique(
            named[:, 0].astype(np.int64) * len(places) + named[:, 1], return_index=True, return_counts=True
        )
        border = edges[first[count == 1]]
        border = border[np.abs(self.points[border][:, :, 1]).max(1) > 1e-5]
        start, end = self.points[border[:, 0]], self.points[border[:, 1]]
        up = unit(self.normals[border].sum(1))
        outward = unit(np.cross(end - start, up))
        if faces_in:
            outward = -outward
        points = np.concatenate(
            [start, end, end - self.normals[border[:, 1]] * depth, start - self.normals[border[:, 0]] * depth]
        )
        n = len(border)
        a, b, c, d = (np.arange(n) + n * step for step in range(4))
        faces = np.vstack([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
        return Mesh(points, np.tile(outward, (4, 1)), faces).oriented()

    def oriented(self) -> "Mesh":
        """Return this mesh with its triangles wound as its normals point."""
        corners = self.points[self.faces]
        flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        wrong = (flat * self.normals[self.faces].mean(1)).sum(1) < 0
        faces = self.faces.copy()
        faces[wrong] = faces[wrong][:, ::-1]
        return Mesh(self.points, self.normals, faces)

    def refined(self, field: Field) -> "Mesh":
        """Return this mesh with each triangle split in four, its new points pulled onto the field's surface."""
        edges = np.sort(np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]]), 1)
        pairs, where = np.unique(edges, axis=0, return_inverse=True)
        where = where.reshape(3, -1) + len(self.points)
        middle = settle(field, self.points[pairs].mean(1), reach=0.003)
        points = np.vstack([self.points, middle])
        normals = np.vstack([self.normals, unit(gradient(field, middle))])
        (a, b, c), (ab, bc, ca) = self.faces.T, where
        faces = np.vstack([np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        return Mesh(points, normals, faces)


def _lean(band: Mesh, level: Level, lip: float, lean: float) -> Mesh:
    if not len(band.faces):
        return band
    step = 5e-4
    towards = np.stack([level(band.points + step * axis) - level(band.points - step * axis) for axis in np.eye(3)], 1)
    towards = unit(towards - band.normals * (towards * band.normals).sum(1, keepdims=True))
    near = np.clip(1 + level(band.points) / lip, 0, 1)[:, None]
    return Mesh(band.points, unit(band.normals + towards * near * lean), band.faces)


def unit(vectors: Array) -> Array:
    """Return the vectors at length 1; none becomes shorter than a guard against slivers allows."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


def join(meshes: Iterable[Mesh]) -> Mesh:
    """Return several meshes as one."""
    full = [mesh for mesh in meshes if len(mesh.faces)]
    if not full:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3), int))
    starts = np.cumsum([0] + [len(mesh.points) for mesh in full])
    return Mesh(
        np.vstack([mesh.points for mesh in full]),
        np.vstack([mesh.normals for mesh in full]),
        np.vstack([mesh.faces + start for mesh, start in zip(full, starts, strict=False)]),
    )


def gradient(field: Field, points: Array, step: float = 1.0e-3) -> Array:
    """Return the field's gradient at points, by central differences."""
    x, y, z = points.T
    return np.stack(
        [
            field(x + step, y, z) - field(x - step, y, z),
            field(x, y + step, z) - field(x, y - step, z),
            field(x, y, z + step) - field(x, y, z - step),
        ],
        1,
    ) / (2 * step)


def settle(field: Field, points: Array, *, reach: float, rounds: int = 2) -> Array:
    """Return points pulled onto the field's zero by Newton's steps, none longer than ``reach``."""
    for _ in range(rounds):
        slope = gradient(field, points)
        step = (field(*points.T) / np.maximum((slope**2).sum(1), 0.3))[:, None] * slope
        length = np.linalg.norm(step, axis=1, keepdims=True)
        points = points - step * np.minimum(1, reach / np.maximum(length, 1e-9))
    return points


def polygonize(field: Field, low: Iterable[float], high: Iterable[float], grid: float) -> Mesh:
    """Return a field's surface inside a box: marching cubes, Newton's steps; normals are the field's gradient."""
    axes = [np.arange(a - 2 * grid, b + 3 * grid, grid) for a, b in zip(low, high, strict=True)]
    x, y, z = axes[0][:, None, None], axes[1][None, :, None], axes[2][None, None, :]
    values = np.empty([len(axis) for axis in axes], np.float32)
    for start in range(0, len(axes[0]), 24):
        values[start : start + 24] = field(x[start : start + 24], y, z)
    points, faces, _, _ = marching_cubes(values, 0.0, spacing=(grid, grid, grid))
    points = settle(field, points.astype(float) + [axis[0] for axis in axes], reach=grid / 2)
    return Mesh(points, unit(gradient(field, points)), faces.astype(np.int64)).oriented()


def lathe(profile: Iterable[tuple[float, float]], segments: int = 128) -> Mesh:
    """Return a body of revolution around the y axis from (radius, y) pairs."""
    path = np.array(list(profile), float)
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    count = len(path)
    radius, height = path.T
    points = np.stack(
        [np.outer(np.cos(angle), radius), np.tile(height, (segments, 1)), np.outer(np.sin(angle), radius)], 2
    )
    along = np.gradient(path, axis=0)
    across = unit(np.stack([-along[:, 1], along[:, 0]], 1))
    normals = np.stack(
        [
            np.outer(np.cos(angle), across[:, 0]),
            np.tile(across[:, 1], (segments, 1)),
            np.outer(np.sin(angle), across[:, 0]),
        ],
        2,
    )
    row, column = np.arange(segments)[:, None], np.arange(count - 1)[None]
    a, b = row * count + column, (row + 1) % segments * count + column
    faces = np.concatenate([np.stack([a, b, b + 1], 2).reshape(-1, 3), np.stack([a, b + 1, a + 1], 2).reshape(-1, 3)])
    return Mesh(points.reshape(-1, 3), normals.reshape(-1, 3), faces).oriented()
