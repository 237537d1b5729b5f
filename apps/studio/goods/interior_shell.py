"""A cabin's shell: doors, pillars, roof, floor."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    GLOSS_BLACK,
    Material,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    box,
    cylinder,
    extrude,
    join,
    loft,
    rectangle,
    smooth_path,
    superellipse,
    sweep,
    torus,
    tube,
)
from apps.studio.goods.zones import AMBIENT, BOLSTER, CARPET, FACE, LINER, METAL, SURROUND


def door(side: float) -> Pieces:
    """Front and rear door panels of one side: left −1, right 1."""

    def panel(length: float, seed: float) -> Pieces:
        section = [
            (0, 90),
            (-26, 130),
            (-30, 300),
            (-20, 420),
            (-84, 500),
            (-92, 540),
            (-30, 566),
            (-14, 640),
            (-6, 760),
            (4, 806),
            (40, 812),
        ]
        curve = smooth_path(section, 70)
        ends = np.linspace(-length / 2, length / 2, 24)
        m = len(curve)

        def skin(rows: Array, lift: float = 0) -> Mesh:
            rings = [np.column_stack([rows[:, 0] - lift, np.full(len(rows), y), rows[:, 1]]) for y in ends]
            mesh = loft(rings, caps=False)
            size = len(rows)
            return Mesh(mesh.points, tuple(f for f in mesh.faces if abs(f[0] % size - f[1] % size) == 1))

        low, rest, high = curve[: int(m * 0.42)], curve[int(m * 0.42) - 1 : int(m * 0.66)], curve[int(m * 0.66) - 1 :]
        insert = curve[int(m * 0.66) + 2 : int(m * 0.9)]
        grille = join(
            cylinder(3.2, 3, 8).turn("y", -90).move(-31, length / 2 - 190 + r * np.cos(a), 230 + r * np.sin(a))
            for r in (18, 38, 58, 78)
            for a in np.linspace(0, 2 * np.pi, int(r / 3.2), endpoint=False)
        )
        return [
            Piece(skin(low), SURROUND, soft=50),
            Piece(skin(rest), BOLSTER, soft=50),
            Piece(skin(high), SURROUND, soft=50),
            Piece(skin(insert, 5), FACE, soft=50),
            Piece(tube(np.column_stack([np.full(24, -26.0), ends * 0.97, np.full(24, 590.0)]), 3.5, 8), METAL),
            Piece(tube(np.column_stack([np.full(24, -22.0), ends * 0.97, np.full(24, 606.0)]), 2, 8), AMBIENT),
            Piece(torus(94, 4, 60, 8).turn("y", 90).move(-30, length / 2 - 190, 230), METAL),
            Piece(grille, ABS),
            Piece(
                extrude(rectangle(120, 30, 14), 10).turn("x", 90).turn("z", 90).move(-26, length * 0.18 + seed, 680),
                METAL,
                bevel=3,
            ),
            Piece(box(60, 220, 10).move(-66, length * 0.16, 546), GLOSS_BLACK, bevel=3),
            *[Piece(box(16, 26, 8).move(-66, length * 0.16 + dy, 553), METAL, bevel=2.5) for dy in (-60, -20, 20, 60)],
        ]

    front = place(panel(1130, 60), 0, 420, 0)
    rear = place(panel(1000, 40), 0, -700, 0)
    pieces = place([*front, *rear], 790, 0, 0)
    return [piece.change(lambda mesh: mesh.mirror("x")) for piece in pieces] if side < 0 else pieces


def frame(side: float) -> Pieces:
    """Pillars, the roof's rail and belts of one side."""
    pillar = superellipse(34, 58, 3, 40)
    a = smooth_path([(770, 1130, 780), (735, 900, 960), (668, 600, 1170), (620, 420, 1262)], 40)
    rail = smooth_path(
        [(620, 430, 1260), (600, 100, 1292), (596, -500, 1296), (600, -1100, 1262), (612, -1440, 1190)], 60
    )
    b = smooth_path([(800, -230, 120), (806, -230, 780), (740, -250, 1040), (640, -262, 1270)], 50)
    c = smooth_path([(780, -1290, 760), (730, -1380, 960), (640, -1440, 1150), (600, -1460, 1200)], 40)
    parts = [
        Piece(sweep(a, pillar), LINER, soft=60),
        Piece(sweep(rail, superellipse(44, 40, 3, 40)), LINER, soft=60),
        Piece(sweep(b, superellipse(40, 74, 3, 40)), LINER, soft=60),
        Piece(sweep(c, superellipse(60, 120, 3, 40)), LINER, soft=60),
        Piece(sweep(b[6:34] - np.array([46, 0, 0]), rectangle(4, 46, 1.5)), plastic("#26272a", 0.8)),
    ]
    return [piece.change(lambda mesh: mesh.mirror("x")) for piece in parts] if side < 0 else parts


def roof() -> Pieces:
    outline = rectangle(1280, 1880, 90)
    glass = rectangle(1010, 1560, 120)

    def arch(points: Array) -> Array:
        points[:, 2] += 26 - 42 * (points[:, 0] / 640) ** 2 - 60 * np.clip((-points[:, 1] - 400) / 700, 0, 1) ** 2
        return points

    lining = extrude(outline, 20, [glass]).move(0, -505, 1278)
    seal = np.column_stack([glass, np.full(len(glass), 1276.0)])
    mirror = [
        Piece(extrude(rectangle(236, 66, 28), 26).turn("x", 90), ABS, bevel=7),
        Piece(
            extrude(rectangle(222, 54, 24), 2).turn("x", 90).move(0, -26, 0),
            Material("#dfe3e8", metallic=1, roughness=0.02),
            bevel=0.6,
        ),
        Piece(tube(np.array([[0.0, 6, 10], [0, 40, 60], [0, 60, 110]]), 11, 12), ABS),
    ]
    visors = [
        Piece(extrude(rectangle(400, 150, 30), 16).turn("x", -14).move(x, 500, 1244), LINER, bevel=5)
        for x in (-360, 360)
    ]
    lamp = [
        Piece(extrude(rectangle(190, 110, 26), 16).move(0, 420, 1270), ABS, bevel=4),
        Piece(
            extrude(rectangle(60, 26, 8), 4).move(0, 420, 1267), Material("#fff6e0", roughness=0.4, glow=1.2), bevel=1
        ),
    ]
    handles = [
        Piece(
            tube(
                smooth_path(
                    [
                        (s * 560, y - 70, 1250),
                        (s * 546, y - 50, 1232),
                        (s * 546, y + 50, 1232),
                        (s * 560, y + 70, 1250),
                    ],
                    30,
                ),
                9,
                12,
            ),
            LINER,
        )
        for s in (-1, 1)
        for y in (60, -720)
    ]
    shelf = [
        Piece(box(1400, 320, 20).move(0, -1600, 800), SURROUND, bevel=6),
        Piece(
            sweep(
                np.column_stack([np.linspace(-640, 640, 30), np.full(30, -1450.0), np.full(30, 1205.0)]),
                superellipse(60, 34, 3, 40),
            ),
            LINER,
            soft=60,
        ),
        Piece(box(1500, 40, 800).move(0, -1770, 20), SURROUND),
    ]
    cowl = [
        Piece(
            sweep(
                np.column_stack([np.linspace(-600, 600, 30), np.full(30, 446.0), np.full(30, 1276.0)]),
                superellipse(56, 22, 3, 40),
            ),
            LINER,
            soft=60,
        )
    ]
    return [
        Piece(lining.bend(arch), LINER, soft=60),
        Piece(tube(seal + np.array([0, -505, 0]), 8, 8, closed=True).bend(arch), ABS),
        *place(mirror, 0, 590, 1170, tilt=6),
        *visors,
        *lamp,
        *handles,
        *shelf,
        *cowl,
    ]


def floor() -> Pieces:
    mats = [
        Piece(
            extrude(rectangle(480, 620, 60), 16).move(x, 480, 12),
            Material("#2a2b2f", roughness=1, grain="felt", size=6, depth=0.6),
            bevel=5,
        )
        for x in (-372, 372)
    ]
    pedals = [
        Piece(extrude(rectangle(w, h, 10), 10).turn("x", 60).move(x, 840, 150), METAL, bevel=2)
        for x, w, h in ((-330, 54, 140), (-430, 96, 76))
    ]
    return [
        Piece(box(1580, 2900, 20).move(0, -250, -20), CARPET),
        Piece(box(1580, 20, 700).move(0, 960, 0), CARPET),
        *[Piece(box(40, 2500, 110).move(s * 790, -200, 0), ABS, bevel=12) for s in (-1, 1)],
        *mats,
        *pedals,
    ]
