"""
Solids from a few numbers: turned, extruded, swept, lofted, or taken from a field. Units are millimeters; z points up.

Outlines are ``(n, 2)`` arrays, counter-clockwise; paths and points are ``(n, 3)``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

Array = np.ndarray
AXES = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True)
class Mesh:
    """Points with faces; ``uvs`` has one row a point where a drawing is laid on, else None."""

    points: Array
    faces: tuple[tuple[int, ...], ...]
    uvs: Array | None = None

    def move(self, x: float = 0, y: float = 0, z: float = 0) -> "Mesh":
        return replace(self, points=self.points + np.array([x, y, z], float))

    def turn(self, axis: str, degrees: float) -> "Mesh":
        return replace(self, points=self.points @ rotation(axis, degrees).T)

    def scale(self, x: float, y: float | None = None, z: float | None = None) -> "Mesh":
        factors = np.array([x, x if y is None else y, x if z is None else z], float)
        flipped = np.prod(factors) < 0
        faces = tuple(face[::-1] for face in self.faces) if flipped else self.faces
        return replace(self, points=self.points * factors, faces=faces)

    def mirror(self, axis: str) -> "Mesh":
        return self.scale(*(-1 if axis == name else 1 for name in "xyz"))

    def bend(self, change: Callable[[Array], Array]) -> "Mesh":
        """Move every point by a rule of its place."""
        return replace(self, points=change(self.points.copy()))

    def __add__(self, other: "Mesh") -> "Mesh":
        shift = len(self.points)
        faces = self.faces + tuple(tuple(i + shift for i in face) for face in other.faces)
        return Mesh(np.vstack([self.points, other.points]), faces)

    def around(self, count: int, axis: str = "z") -> "Mesh":
        """``count`` copies around an axis through the origin."""
        return join(self.turn(axis, 360 * k / count) for k in range(count))

    def row(self, count: int, x: float = 0, y: float = 0, z: float = 0) -> "Mesh":
        """``count`` copies, each a step further."""
        return join(self.move(x * k, y * k, z * k) for k in range(count))


def join(meshes: Iterable[Mesh]) -> Mesh:
    return reduce(lambda left, right: left + right, meshes)


def rotation(axis: str, degrees: float) -> Array:
    angle = np.radians(degrees)
    c, s = np.cos(angle), np.sin(angle)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
    return matrix


# -- outlines ---------------------------------------------------------------------------------------------------------


def circle(radius: float, n: int = 64, x: float = 0, y: float = 0) -> Array:
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.column_stack([x + radius * np.cos(t), y + radius * np.sin(t)])


def shifted(outline: Array, x: float, y: float) -> Array:
    return outline + np.array([x, y])


def rectangle(width: float, height: float, radius: float = 0, x: float = 0, y: float = 0, n: int = 6) -> Array:
    """A rectangle around ``(x, y)``, its corners rounded."""
    a, b = width / 2 - radius, height / 2 - radius
    if radius <= 0:
        return shifted(np.array([[-a, -b], [a, -b], [a, b], [-a, b]], float), x, y)
    t = np.linspace(0, np.pi / 2, n)
    corners = [(a, b, 0), (-a, b, 1), (-a, -b, 2), (a, -b, 3)]
    rows = [
        np.column_stack([cx + radius * np.cos(t + q * np.pi / 2), cy + radius * np.sin(t + q * np.pi / 2)])
        for cx, cy, q in corners
    ]
    return shifted(np.vstack(rows), x, y)


def superellipse(a: float, b: float, power: float = 4, n: int = 72) -> Array:
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(t), np.sin(t)
    return np.column_stack([a * np.sign(c) * abs(c) ** (2 / power), b * np.sign(s) * abs(s) ** (2 / power)])


def gear(radius: float, depth: float, teeth: int) -> Array:
    t = np.linspace(0, 2 * np.pi, teeth * 4, endpoint=False)
    r = radius - depth * (np.arange(teeth * 4) // 2 % 2)
    return np.column_stack([r * np.cos(t), r * np.sin(t)])


def ring_sector(inner: float, outer: float, start: float, end: float, n: int = 24) -> Array:
    """A piece of a ring between two angles in degrees."""
    t = np.radians(np.linspace(start, end, n))
    rim = np.column_stack([np.cos(t), np.sin(t)])
    return np.vstack([outer * rim, inner * rim[::-1]])


def smooth_path(points: Sequence[Sequence[float]] | Array, n: int = 80, *, closed: bool = False) -> Array:
    """A Catmull-Rom curve through the points, in two or three dimensions."""
    p = np.asarray(points, float)
    p = np.vstack([p[-1], p, p[:2]]) if closed else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    spans = len(p) - 3
    t = np.linspace(0, spans, n, endpoint=not closed)
    k = np.minimum(t.astype(int), spans - 1)
    u = (t - k)[:, None]
    a, b, c, d = p[k], p[k + 1], p[k + 2], p[k + 3]
    return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)


def eased(outline: Array, times: int = 4) -> Array:
    """A closed outline with its corners worn off."""
    for _ in range(times):
        outline = (np.roll(outline, 1, axis=0) + 2 * outline + np.roll(outline, -1, axis=0)) / 4
    return outline


def helix(radius: float, pitch: float, turns: float, n_per_turn: int = 40) -> Array:
    t = np.linspace(0, 2 * np.pi * turns, int(n_per_turn * turns))
    return np.column_stack([radius * np.cos(t), radius * np.sin(t), pitch * t / (2 * np.pi)])


# -- solids -----------------------------------------------------------------------------------------------------------


def _strips(rings: int, n: int, *, wrap: bool, around: bool = True) -> list[tuple[int, ...]]:
    """Quads between consecutive rings of ``n`` points."""
    faces = []
    for r in range(rings if wrap else rings - 1):
        lower, upper = r * n, (r + 1) % rings * n
        for k in range(n if around else n - 1):
            m = (k + 1) % n
            faces.append((lower + k, lower + m, upper + m, upper + k))
    return faces


def loft(rings: Sequence[Array], *, closed: bool = False, caps: bool = True) -> Mesh:
    """A skin over rings of equally many points, each ring counter-clockwise seen from the far end."""
    n = len(rings[0])
    faces = _strips(len(rings), n, wrap=closed)
    if caps and not closed:
        faces += [tuple(range(n))[::-1], tuple((len(rings) - 1) * n + k for k in range(n))]
    return Mesh(np.vstack(rings), tuple(faces))


def lathe(profile: Sequence[Sequence[float]], n: int = 96, *, solid: bool = False, caps: bool = True) -> Mesh:
    """
    Turn a profile of (radius, height) around z, from the bottom up.

    ``solid``: the profile is a closed outline (a ring); else its ends are capped where ``caps``.
    """
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings = [np.column_stack([max(r, 1e-4) * np.cos(t), max(r, 1e-4) * np.sin(t), np.full(n, h)]) for r, h in profile]
    return loft(rings, closed=solid, caps=caps)


def cylinder(radius: float, height: float, n: int = 64, *, top: float | None = None) -> Mesh:
    """A cylinder, or a cone where ``top`` is another radius, standing on z = 0."""
    return lathe([(radius, 0), (radius if top is None else top, height)], n)


def ring(outer: float, inner: float, height: float, n: int = 96) -> Mesh:
    return lathe([(inner, 0), (outer, 0), (outer, height), (inner, height)], n, solid=True)


def torus(radius: float, thickness: float, n: int = 96, m: int = 20) -> Mesh:
    return lathe(circle(thickness, m, radius), n, solid=True)


def sphere(radius: float, n: int = 48) -> Mesh:
    t = np.linspace(-np.pi / 2, np.pi / 2, n // 2)
    return lathe(np.column_stack([radius * np.cos(t), radius * np.sin(t)]), n)


def box(x: float, y: float, z: float) -> Mesh:
    """A box around the middle of its base."""
    return extrude(rectangle(x, y), z)


def extrude(outline: Array, height: float, holes: Sequence[Array] = (), *, draft: float = 0) -> Mesh:
    """Raise an outline from z = 0; ``draft`` scales the upper end by 1 − draft."""
    from mathutils import Vector
    from mathutils.geometry import tessellate_polygon

    loops = [np.asarray(outline, float), *[np.asarray(hole, float)[::-1] for hole in holes]]
    flat = np.vstack(loops)
    n = len(flat)
    top = flat * (1 - draft)
    points = np.vstack([np.column_stack([flat, np.zeros(n)]), np.column_stack([top, np.full(n, height)])])
    if holes:
        cover = tessellate_polygon([[Vector((*p, 0)) for p in loop] for loop in loops])
        caps = [_wound(flat, tuple(face)) for face in cover]
    else:
        caps = [tuple(range(n))]
    faces: list[tuple[int, ...]] = [face[::-1] for face in caps] + [tuple(i + n for i in face) for face in caps]
    start = 0
    for loop in loops:
        m = len(loop)
        for k in range(m):
            a, b = start + k, start + (k + 1) % m
            faces.append((a, b, b + n, a + n))
        start += m
    return Mesh(points, tuple(faces))


def _wound(flat: Array, face: tuple[int, ...]) -> tuple[int, ...]:
    a, b, c = (flat[i] for i in face[:3])
    area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    return face if area > 0 else face[::-1]


def sweep(path: Array, profile: Array, *, closed: bool = False, scale: Array | None = None, roll: float = 0) -> Mesh:
    """Carry a profile along a path, turned as little as possible; ``scale`` has one factor a path point."""
    path = np.asarray(path, float)
    tangents = np.gradient(path, axis=0)
    if closed:
        tangents = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1)[:, None]
    first = np.cross(tangents[0], [0, 0, 1.0])
    if np.linalg.norm(first) < 1e-3:
        first = np.cross(tangents[0], [0, 1.0, 0])
    normals = [first / np.linalg.norm(first)]
    for tangent in tangents[1:]:
        normal = normals[-1] - tangent * (normals[-1] @ tangent)
        normals.append(normal / np.linalg.norm(normal))
    c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    rings = []
    for k, (point, tangent, normal) in enumerate(zip(path, tangents, normals, strict=True)):
        binormal = np.cross(normal, tangent)
        across, up = c * normal + s * binormal, c * binormal - s * normal
        size = 1 if scale is None else scale[k]
        rings.append(point + size * (profile[:, :1] * across + profile[:, 1:] * up))
    mesh = loft(rings, closed=closed)
    return replace(mesh, faces=tuple(face[::-1] for face in mesh.faces))


def tube(path: Array, radius: float, n: int = 20, *, closed: bool = False, scale: Array | None = None) -> Mesh:
    return sweep(path, circle(radius, n), closed=closed, scale=scale)


def pipe(start: Sequence[float], end: Sequence[float], radius: float, n: int = 24) -> Mesh:
    """A straight rod between two points."""
    return tube(np.linspace(start, end, 2), radius, n)


def sheet(
    width: float, depth: float, thickness: float, height: Callable[[Array, Array], Array], n: int = 90, m: int = 90
) -> Mesh:
    """A cloth, mat or panel: ``height(x, y)`` is its upper face's z, ``thickness`` reaches down from there."""
    x, y = np.meshgrid(np.linspace(-width / 2, width / 2, n), np.linspace(-depth / 2, depth / 2, m))
    z = height(x, y) + np.zeros_like(x)
    upper = np.column_stack([x.ravel(), y.ravel(), z.ravel()])
    lower = upper - [0, 0, thickness]
    size = n * m
    quads = _strips(m, n, wrap=False, around=False)
    rim = [*range(n), *range(2 * n - 1, size, n), *range(size - 2, size - n - 1, -1), *range(size - 2 * n, 0, -n)]
    faces = [*quads, *[tuple(i + size for i in face[::-1]) for face in quads]]
    faces += [(b, a, a + size, b + size) for a, b in zip(rim, rim[1:] + rim[:1], strict=True)]
    return Mesh(np.vstack([upper, lower]), tuple(faces))


def pillow(width: float, depth: float, height: float, power: float = 3, n: int = 48) -> Mesh:
    """A stuffed cushion around its middle: full in the middle, a seam around."""
    s = np.sin(np.linspace(-np.pi / 2, np.pi / 2, n))
    u, v = np.meshgrid(s, s)
    rise = np.clip((1 - abs(u) ** power) * (1 - abs(v) ** power), 0, 1) ** 0.5 * height / 2
    pull = 1 - 0.06 * (u**2) * (v**2)
    upper = np.column_stack([(u * pull * width / 2).ravel(), (v * pull * depth / 2).ravel(), rise.ravel()])
    quads = _strips(n, n, wrap=False, around=False)
    return Mesh(upper, tuple(quads)) + Mesh(upper * [1, 1, -1], tuple(face[::-1] for face in quads))


def isosurface(
    field: Callable[[Array, Array, Array], Array], low: Sequence[float], high: Sequence[float], step: float
) -> Mesh:
    """The surface where a signed distance field is zero, between two corners."""
    from skimage.measure import marching_cubes

    axes = [np.arange(a, b + step, step) for a, b in zip(low, high, strict=True)]
    values = field(*np.meshgrid(*axes, indexing="ij"))
    points, faces, _, _ = marching_cubes(values, 0.0, spacing=(step,) * 3, gradient_direction="ascent")
    return Mesh(points + np.array(low, float), tuple(map(tuple, faces.tolist())))


def smooth_min(a: Array, b: Array, k: float) -> Array:
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b * (1 - h) + a * h - k * h * (1 - h)


def smooth_max(a: Array, b: Array, k: float) -> Array:
    return -smooth_min(-a, -b, k)


def box_field(x: Array, y: Array, z: Array, half: Sequence[float], radius: float) -> Array:
    """The distance to a rounded box around the origin; ``half`` are its half sizes."""
    q = [abs(v) - (h - radius) for v, h in zip((x, y, z), half, strict=True)]
    outside = np.sqrt(sum(np.maximum(v, 0) ** 2 for v in q))
    return outside + np.minimum(np.maximum(np.maximum(q[0], q[1]), q[2]), 0) - radius


# -- drawings on faces ------------------------------------------------------------------------------------------------


def label(width: float, height: float) -> Mesh:
    """A flat drawing in the plane y = 0, seen from −y, around the origin."""
    a, b = width / 2, height / 2
    points = np.array([[-a, 0, -b], [a, 0, -b], [a, 0, b], [-a, 0, b]])
    return Mesh(points, ((0, 1, 2, 3),), np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float))


def wrapped_label(radius: float, height: float, degrees: float, n: int = 48) -> Mesh:
    """A drawing bent around z, its middle facing −y, standing on z = 0."""
    u = np.linspace(0, 1, n)
    t = np.radians(-90 + (u - 0.5) * degrees)
    rim = np.column_stack([radius * np.cos(t), radius * np.sin(t)])
    points = np.vstack([np.column_stack([rim, np.full(n, h)]) for h in (0.0, height)])
    uvs = np.vstack([np.column_stack([u, np.full(n, v)]) for v in (0.0, 1.0)])
    return Mesh(points, tuple(_strips(2, n, wrap=False, around=False)), uvs)
