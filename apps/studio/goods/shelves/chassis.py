"""Suspension, steering and drive shafts."""

import numpy as np

from apps.studio.goods.materials import (
    BLACK_STEEL,
    CAST_ALUMINUM,
    CAST_IRON,
    CHROME,
    RUBBER,
    STEEL,
    ZINC,
    lacquer,
)
from apps.studio.goods.piece import Piece, Pieces, goods, ground, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    circle,
    cylinder,
    extrude,
    helix,
    isosurface,
    join,
    lathe,
    pipe,
    rectangle,
    ring,
    smooth_min,
    smooth_path,
    sphere,
    superellipse,
    sweep,
    torus,
    tube,
)


def spring(radius: float, wire: float, height: float, turns: float, *, waist: float = 0) -> Mesh:
    """A coil standing on z = 0 whose end turns lie flat; ``waist`` narrows both ends."""
    n = int(turns * 48)
    t = np.linspace(0, 1, n)
    ease = t + 0.55 / turns * np.sin(2 * np.pi * t) * -1
    path = helix(1, 1, turns, 48)[:n]
    r = radius * (1 - waist * np.abs(2 * t - 1) ** 3)
    path = np.column_stack([path[:, 0] * r, path[:, 1] * r, wire + (height - 2 * wire) * ease])
    return tube(path, wire, 18)


def bellows(radius: float, end: float, height: float, folds: int) -> Mesh:
    """A rubber gaiter standing on z = 0, ``radius`` wide below and ``end`` above."""
    t = np.linspace(0, 1, folds * 14)
    r = radius + (end - radius) * t
    wave = r * (0.90 + 0.12 * np.cos(2 * np.pi * folds * t))
    outer = np.column_stack([wave, t * height])
    return lathe([*outer, *[(p[0] - 3, p[1]) for p in outer[::-1]]], solid=True)


def bush(radius: float, width: float) -> Pieces:
    """A rubber bush with its steel sleeves, its axis along z, its middle at the origin."""
    return [
        Piece(ring(radius, radius * 0.86, width).move(z=-width / 2), STEEL, bevel=0.8),
        Piece(
            lathe(
                [
                    (radius * 0.42, -width * 0.56),
                    (radius * 0.62, -width * 0.54),
                    (radius * 0.86, -width * 0.40),
                    (radius * 0.86, width * 0.40),
                    (radius * 0.62, width * 0.54),
                    (radius * 0.42, width * 0.56),
                ],
                solid=True,
            ),
            RUBBER,
        ),
        Piece(ring(radius * 0.42, radius * 0.26, width * 1.3).move(z=-width * 0.65), ZINC, bevel=0.6),
    ]


def strut() -> Pieces:
    """A damper with its spring, standing on z = 0."""
    gold = lacquer("#1746d1")
    return [
        Piece(lathe([(0.1, 60), (25, 60), (27, 64), (27, 330), (24, 336), (10, 338)]), BLACK_STEEL, soft=30),
        Piece(cylinder(10, 230).move(z=330), CHROME),
        Piece(
            lathe([(26, 250), (62, 262), (66, 268), (66, 274), (60, 274), (26, 262)], solid=True), BLACK_STEEL, bevel=1
        ),
        Piece(spring(58, 6.5, 252, 6.2, waist=0.12).move(z=270), gold),
        Piece(
            lathe([(12, 516), (64, 516), (68, 524), (60, 534), (40, 545), (36, 560), (12, 566)], solid=True),
            BLACK_STEEL,
            bevel=1,
        ),
        Piece(extrude(smooth_path(circle(64, 3), 90, closed=True), 7).move(z=545), CAST_ALUMINUM, bevel=2),
        Piece(cylinder(4.5, 34, 20).move(44).around(3).move(z=545), ZINC, bevel=0.5),
        Piece(extrude(circle(12, 6), 12).move(z=566), ZINC, bevel=0.8),
        Piece(cylinder(6, 24).move(z=566), ZINC, bevel=0.5),
        Piece(bellows(20, 17, 120, 8).move(z=392), RUBBER),
        *[
            Piece(extrude(rectangle(44, 92, 8), 5).turn("x", 90).move(24, y, 60), BLACK_STEEL, bevel=1)
            for y in (-20, 25)
        ],
        *[Piece(ring(12, 7, 52).turn("x", 90).move(34, 28, z), ZINC, bevel=0.6) for z in (34, 84)],
    ]


@goods("damper", azimuth=-24, elevation=30)
def damper() -> Pieces:
    return ground(place(strut(), lean=90, turn=8)) + ground(place(strut(), 30, 190, lean=90, turn=-2))


@goods("coil-spring", azimuth=-20, elevation=18)
def coil_spring() -> Pieces:
    blue = lacquer("#1746d1")
    standing = Piece(spring(62, 7.5, 300, 6.6, waist=0.1), blue)
    lying = Piece(spring(62, 7.5, 300, 6.6, waist=0.1).turn("y", 90).turn("z", -12).move(-40, -160, 70), blue)
    return [standing, lying]


@goods("arm", azimuth=-12, elevation=38)
def arm() -> Pieces:
    def field(x: Array, y: Array, z: Array) -> Array:
        def capsule(a: tuple[float, float], b: tuple[float, float], r: float) -> Array:
            ax, ay, bx, by = *a, *b
            t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1)
            flat = np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) - r
            return np.maximum(flat, np.abs(z) - 17)

        body = smooth_min(capsule((-150, -90), (140, 10), 30), capsule((-60, 120), (30, -26), 25), 45)
        body = smooth_min(body, np.maximum(np.hypot(x + 60, y - 120) - 40, np.abs(z) - 26), 8)
        body = smooth_min(body, np.maximum(np.hypot(x - 150, y - 12) - 36, np.abs(z) - 22), 12)
        pocket = np.minimum(capsule((-95, -70), (60, -16), 13), capsule((-48, 62), (2, -4), 9)) - 3
        upper = np.maximum(pocket, 9 - z)
        hole = np.minimum(np.hypot(x + 60, y - 120) - 30, np.hypot(x - 150, y - 12) - 22)
        eye = np.maximum(np.hypot(y + 98, z) - 30, np.abs(x + 165) - 34)
        body = smooth_min(body, eye, 10)
        hole = np.minimum(hole, np.hypot(y + 98, z) - 23)
        return np.maximum(np.maximum(body, -upper), -hole) + 0 * z

    body = isosurface(field, (-212, -150, -42), (200, 175, 42), 3.2)
    joint = [
        Piece(sphere(20).move(z=6), STEEL),
        Piece(bellows(21, 12, 22, 2).move(z=14), RUBBER),
        Piece(lathe([(0.1, 30), (9, 30), (7.5, 58), (6, 58), (6, 74), (5, 75)]), ZINC, soft=30),
        Piece(lathe([(0.1, -24), (25, -24), (27, -18), (27, 14), (22, 16)]), BLACK_STEEL, soft=30),
    ]
    pieces = [
        Piece(body, CAST_ALUMINUM, soft=50),
        *place(bush(30, 54), -60, 120),
        *place(bush(23, 72), -165, -98, lean=90),
        *place(joint, 150, 12),
    ]
    return ground(pieces)


@goods("cv-boot", azimuth=-25, elevation=18)
def cv_boot() -> Pieces:
    gaiter = [
        Piece(bellows(46, 20, 92, 6), RUBBER),
        Piece(ring(47, 43, 14).move(z=-12), RUBBER, bevel=1),
        Piece(ring(19, 15, 14).move(z=90), RUBBER, bevel=1),
    ]
    clamps = []
    for radius, z in ((48.4, -8), (20, 93)):
        clamps.append(Piece(ring(radius, radius - 1, 7).move(z=z), STEEL, bevel=0.3))
        clamps.append(Piece(cylinder(3.2, 7, 20).move(radius + 2, 0, z).turn("z", -70), STEEL, bevel=0.3))
    loose = [Piece(ring(44, 43, 7), STEEL, bevel=0.3), Piece(ring(20, 19, 7).move(8, -8), STEEL, bevel=0.3)]
    lying = ground(place(gaiter + clamps, -10, 20, lean=64, turn=-25))
    return lying + place(loose, 64, -72)


@goods("stabilizer-link", azimuth=-35, elevation=24)
def stabilizer_link() -> Pieces:
    def end(direction: float) -> Pieces:
        return [
            Piece(ring(15, 9, 22).turn("x", 90).move(0, 11), BLACK_STEEL, bevel=1.5),
            Piece(bellows(13, 7, 16, 2).turn("x", 90 * direction).move(0, -10 * direction), RUBBER),
            Piece(cylinder(5, 46, 24).turn("x", 90 * direction).move(0, -18 * direction), ZINC, bevel=0.6),
            Piece(extrude(circle(9.5, 6), 9).turn("x", 90 * direction).move(0, -46 * direction), ZINC, bevel=0.8),
        ]

    def link() -> Pieces:
        rod = Piece(pipe((0, 0, 14), (0, 0, 236), 6.5), BLACK_STEEL)
        return [rod, *end(1), *place(end(-1), 0, 0, 250)]

    return ground(place(link(), lean=90)) + ground(place(link(), 20, 74, lean=90, turn=14))


@goods("bushing", azimuth=-30, elevation=26)
def bushing() -> Pieces:
    return (
        place(bush(34, 60), 0, 0, 34, tilt=90, turn=-14)
        + place(bush(34, 60), 84, -14, 38)
        + place(bush(22, 40), 18, -66, 25)
    )


@goods("tie-rod", azimuth=-25, elevation=28)
def tie_rod() -> Pieces:
    def rod() -> Pieces:
        thread = join(torus(7.2, 0.9, 32, 8).move(z=2.4 * k) for k in range(24)).turn("y", 90).move(-178)
        joint = [
            Piece(lathe([(0.1, -18), (17, -18), (20, -14), (20, 12), (16, 15)]), CAST_IRON, soft=30),
            Piece(bellows(17, 9, 20, 2).move(z=13), RUBBER),
            Piece(lathe([(0.1, 26), (8, 26), (7, 52), (6, 52), (6, 66), (5, 67)]), ZINC, soft=30),
        ]
        path = smooth_path([(-120, 0, 0), (-60, 0, 0), (-15, 0, 0), (10, 0, 0)], 40)
        return [
            Piece(thread, ZINC),
            Piece(cylinder(7, 64).turn("y", 90).move(-180), ZINC, bevel=0.8),
            Piece(extrude(circle(13, 6), 10).turn("y", 90).move(-128), ZINC, bevel=0.8),
            Piece(sweep(path, superellipse(9, 10, 3), scale=np.linspace(1, 1.35, 40)), CAST_IRON),
            *joint,
        ]

    return ground(rod()) + ground(place(rod(), 30, 82, turn=-16))
