"""Curves, smooth blends and flat outlines: the drawing tools of every implicit field. Lengths are meters."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

Array = Any
Point = tuple[float, float]
Curve = Callable[[Array], Array]
SAMPLES = 220


def spline(points: Sequence[Point]) -> Curve:
    """
    Return z(x) of a uniform cubic B-spline over a control polygon.

    The curve is C2: reflections on what it bounds have no kinks. It does not pass through its control points but the
    first and the last (nearly), and it stays constant outside of them.
    """
    control = np.array(points, float)
    first, second, last, before = control[0], control[1], control[-1], control[-2]
    head = [first - (second - first) * 0.5, first - (second - first) * 0.25]
    foot = [last + (last - before) * 0.25, last + (last - before) * 0.5]
    control = np.vstack([head, control, foot])
    pieces = []
    for index in range(len(control) - 3):
        t = np.linspace(0, 1, 120, endpoint=False)[:, None]
        weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
        pieces.append(sum(weight * control[index + step] for step, weight in enumerate(weights)) / 6)
    path = np.vstack(pieces)
    path = path[np.argsort(path[:, 0])]
    path = path[np.r_[True, np.diff(path[:, 0]) > 1e-4]]
    xs = np.linspace(path[0, 0], path[-1, 0], SAMPLES)
    smooth = CubicSpline(xs, np.interp(xs, path[:, 0], path[:, 1]))
    return lambda x: smooth(np.clip(x, xs[0], xs[-1]))


def smooth_max(a: Array, b: Array, k: float) -> Array:
    """Return the larger of two fields, rounded within ``k`` of where they meet (their intersection as solids)."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.maximum(a, b) + h * h * h * k / 6


def smooth_min(a: Array, b: Array, k: float) -> Array:
    """Return the smaller of two fields, filleted within ``k`` (their union as solids)."""
    return -smooth_max(-a, -b, k)


def bell(x: Array, width: float) -> Array:
    """Return a Gaussian bump of height 1 at 0."""
    return np.exp(-((x / width) ** 2))


def rise(start: float, end: float, x: Array) -> Array:
    """Return 0 before ``start``, 1 after ``end``, C2 between; ``start`` may lie behind ``end``."""
    t = np.clip((x - start) / (end - start), 0, 1)
    return t * t * t * (t * (6 * t - 15) + 10)


def rounded_box(a: Array, half_a: float, b: Array, half_b: float, radius: float) -> Array:
    """Return the distance to a rounded rectangle around the origin of two coordinates."""
    return np.hypot(np.maximum(np.abs(a) - half_a + radius, 0), np.maximum(np.abs(b) - half_b + radius, 0)) - radius


def rounded_brick(x: Array, y: Array, z: Array, half: tuple[float, float, float], radius: float) -> Array:
    """Return the distance to a rounded box around the origin."""
    over = [np.maximum(np.abs(axis) - size + radius, 0) for axis, size in zip((x, y, z), half, strict=True)]
    return np.sqrt(over[0] ** 2 + over[1] ** 2 + over[2] ** 2) - radius


def polyline(a: Array, b: Array, points: Sequence[Point], width: float) -> Array:
    """Return the distance to a stroke of ``width`` with round ends."""
    nearest = np.inf
    for (a0, b0), (a1, b1) in pairwise(points):
        da, db = a1 - a0, b1 - b0
        t = np.clip(((a - a0) * da + (b - b0) * db) / (da * da + db * db), 0, 1)
        nearest = np.minimum(nearest, np.hypot(a - a0 - t * da, b - b0 - t * db))
    return nearest - width / 2


def polygon(a: Array, b: Array, points: Sequence[Point], radius: float = 0.0) -> Array:
    """
    Return the signed distance to a closed outline, negative inside.

    ``radius`` rounds outer corners: the outline is shrunk by it first, so that its edges stay where they are drawn.
    """
    corners = shrink(points, radius) if radius else list(points)
    nearest: Array = np.inf
    inside: Array = np.zeros(np.broadcast(a, b).shape, bool)
    for (a0, b0), (a1, b1) in zip(corners, corners[1:] + corners[:1], strict=True):
        da, db = a1 - a0, b1 - b0
        t = np.clip(((a - a0) * da + (b - b0) * db) / (da * da + db * db + 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.hypot(a - a0 - t * da, b - b0 - t * db))
        if b0 != b1:
            crosses = (b0 > b) != (b1 > b)
            inside = inside ^ (crosses & (a < da * (b - b0) / db + a0))
    return np.where(inside, -nearest, nearest) - radius


def shrink(points: Sequence[Point], distance: float) -> list[Point]:
    """Return an outline moved inwards by ``distance`` along its edges' normals."""
    ring = np.array(points, float)
    ahead = np.roll(ring, -1, 0) - ring
    area = np.sum(ring[:, 0] * np.roll(ring[:, 1], -1) - ring[:, 1] * np.roll(ring[:, 0], -1))
    turn = np.sign(area)
    normals = (
        np.stack([-ahead[:, 1], ahead[:, 0]], 1) * turn / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    )
    before = np.roll(normals, 1, 0)
    bisector = normals + before
    scale = np.maximum(np.sum(bisector * normals, 1, keepdims=True), 0.25)
    return [tuple(corner) for corner in ring + bisector / scale * distance]
