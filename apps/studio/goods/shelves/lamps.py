"""Lamps."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    ALUMINUM,
    BLACK_STEEL,
    CHROME,
    GLOSS_BLACK,
    RUBBER,
    Material,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, ground, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    box,
    circle,
    cylinder,
    extrude,
    lathe,
    loft,
    rectangle,
    ring,
    smooth_path,
    sweep,
    torus,
    tube,
)


def housing(length: float, height: float, depth: float, sweep_back: float) -> tuple[Array, Mesh]:
    """The outline of a lamp in the plane y = 0, and its black back."""
    outline = smooth_path(
        [
            (-length / 2, height * 0.10),
            (-length * 0.2, height * 0.02),
            (length * 0.2, 0),
            (length * 0.46, height * 0.26),
            (length / 2, height * 0.66),
            (length * 0.34, height * 0.96),
            (-length * 0.1, height * 0.72),
            (-length * 0.46, height * 0.4),
        ],
        120,
        closed=True,
    )

    def bow(points: Array) -> Array:
        points[:, 1] += sweep_back * (points[:, 0] / length + 0.5) ** 2
        return points

    back = extrude(outline, depth, draft=0.0).turn("x", 90).move(y=depth).bend(bow)
    return outline, back


@goods("lamp", azimuth=-24, elevation=12)
def headlamp() -> Pieces:
    length, height, sweep_back = 420.0, 170.0, 120.0
    outline, back = housing(length, height, 90, sweep_back)

    def bow(mesh: Mesh) -> Mesh:
        def change(points: Array) -> Array:
            points[:, 1] += sweep_back * (points[:, 0] / length + 0.5) ** 2
            return points

        return mesh.bend(change)

    rim = sweep(np.column_stack([outline[:, 0], np.zeros(120), outline[:, 1]]), circle(5, 12), closed=True)
    middle = outline.mean(axis=0)
    lens_face = (outline - middle) * 0.985 + middle
    rings = [
        np.column_stack(
            [
                (lens_face[:, 0] - middle[0]) * s + middle[0],
                np.full(120, y),
                (lens_face[:, 1] - middle[1]) * s + middle[1],
            ]
        )
        for s, y in ((1, 0), (0.97, -9), (0.85, -17), (0.5, -22), (0.02, -24))
    ]
    lens = Material("#f4f8fb", roughness=0.01, clear=1)
    glow = Material("#f2f7ff", roughness=0.3, glow=3.2)
    projectors = []
    for x, z, r in ((-92, 52, 25), (-14, 58, 28), (70, 68, 28)):
        projectors += [
            Piece(bow(ring(r + 6, r, 26).turn("x", 90).move(x, 20, z)), CHROME, bevel=1.5),
            Piece(
                bow(lathe([(r, 0), (r * 0.86, 9), (r * 0.5, 15), (0.1, 17)]).turn("x", 90).move(x, 12, z)),
                Material("#aebfce", metallic=0.6, roughness=0.03, coat=1),
            ),
            Piece(bow(box(r * 2.6, 40, 5).move(x, 30, z - r - 12)), GLOSS_BLACK, bevel=1),
        ]
    blade = smooth_path([(-180, 66), (-100, 92), (20, 112), (120, 142), (180, 140)], 60)
    drl = tube(np.column_stack([blade[:, 0], np.full(60, 12.0), blade[:, 1]]), 5.5, 14)
    under = smooth_path([(-178, 30), (-80, 14), (60, 14), (150, 40), (184, 96)], 60)
    second = tube(np.column_stack([under[:, 0], np.full(60, 10.0), under[:, 1]]), 3.4, 12)
    floor_ = extrude((outline - middle) * 0.96 + middle, 4).turn("x", 90).move(y=46)
    return [
        Piece(
            back,
            ABS,
            bevel=2,
            cut=(
                extrude((outline - middle) * 0.955 + middle, 44)
                .turn("x", 90)
                .move(y=40)
                .bend(
                    lambda p: (
                        p + np.column_stack([0 * p[:, 0], sweep_back * (p[:, 0] / length + 0.5) ** 2, 0 * p[:, 0]])
                    )
                ),
            ),
        ),
        Piece(bow(floor_), plastic("#101114", 0.25)),
        Piece(bow(rim), GLOSS_BLACK),
        *projectors,
        Piece(bow(drl), glow),
        Piece(bow(second), glow),
        Piece(bow(loft(rings, caps=False)), lens, soft=60),
    ]


@goods("tail-lamp", azimuth=22, elevation=12)
def tail_lamp() -> Pieces:
    length, _height, sweep_back = 430.0, 120.0, 110.0
    outline = smooth_path(
        [(-215, 30), (-100, 22), (60, 14), (190, 0), (215, 40), (205, 100), (120, 96), (0, 78), (-120, 70), (-212, 62)],
        140,
        closed=True,
    )

    def bow(mesh: Mesh) -> Mesh:
        def change(points: Array) -> Array:
            points[:, 1] += sweep_back * np.clip(points[:, 0] / length + 0.5, 0, None) ** 2.4
            return points

        return mesh.bend(change)

    middle = outline.mean(axis=0)

    def inset(scale: float) -> Array:
        return (outline - middle) * scale + middle

    red = Material("#c5070c", roughness=0.04, clear=0.92)
    glow = Material("#ff1a12", roughness=0.3, glow=3.0)
    rings = [
        np.column_stack([inset(s)[:, 0], np.full(140, y), inset(s)[:, 1]])
        for s, y in ((1, 0), (0.98, -8), (0.9, -13), (0.5, -16), (0.02, -17))
    ]
    top = smooth_path([(-200, 56), (-100, 62), (40, 76), (130, 90), (190, 88), (200, 40), (186, 16)], 90)
    strip = tube(np.column_stack([top[:, 0], np.full(90, 8.0), top[:, 1]]), 4.5, 14)
    blocks = [
        Piece(bow(extrude(rectangle(26, 15, 3), 8).turn("x", 90).move(x, 14, 42)), glow, bevel=1.5)
        for x in (-150, -112, -74, -36, 2, 40, 78, 116)
    ]
    return [
        Piece(bow(extrude(outline, 70).turn("x", 90).move(y=88)), ABS, bevel=2),
        Piece(bow(extrude(inset(0.97), 4).turn("x", 90).move(y=20)), plastic("#2a0506", 0.3)),
        Piece(bow(strip), glow),
        *blocks,
        Piece(bow(loft(rings, caps=False)), red, soft=60),
        Piece(
            bow(sweep(np.column_stack([outline[:, 0], np.zeros(140), outline[:, 1]]), circle(4, 12), closed=True)),
            GLOSS_BLACK,
        ),
    ]


@goods("led-bulb", azimuth=-28, elevation=22)
def led_bulb() -> Pieces:
    def bulb() -> Pieces:
        chip = Material("#fff3c4", roughness=0.3, glow=1.4)
        return [
            Piece(extrude(rectangle(11, 4.5, 1), 36).move(z=44), ALUMINUM, bevel=0.4),
            *[Piece(box(5, 0.6, 9).move(0, y, 60), chip, bevel=0.1) for y in (-2.5, 2.5)],
            Piece(cylinder(15, 5).move(z=40), ALUMINUM, bevel=0.6),
            Piece(box(6, 34, 2.5).move(z=42), ALUMINUM, bevel=0.6),
            Piece(cylinder(9, 8).move(z=33), ALUMINUM, bevel=0.5),
            Piece(torus(10, 1.6, 48, 12).move(z=36.5), Material("#d9431c", roughness=0.5)),
            Piece(lathe([(13, 33), (14, 31), (14, 4), (12, 0), (0.1, 0)][::-1]), BLACK_STEEL, soft=30),
            Piece(box(2, 2, 26).move(14).around(22).move(z=4), BLACK_STEEL, bevel=0.4),
            Piece(
                tube(smooth_path([(0, 0, 2), (0, 0, -12), (8, 12, -34), (11, 34, -52), (11, 60, -50)], 50), 2.4, 16),
                RUBBER,
            ),
            Piece(box(10, 16, 12).move(11, 66, -56), ABS, bevel=1),
        ]

    return ground(place(bulb(), 0, 40, lean=90, turn=10)) + ground(place(bulb(), 30, -36, lean=90, turn=26))
