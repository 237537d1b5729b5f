"""What carries outside the car: on the roof and at the hitch."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    ALUMINUM,
    BLACK_STEEL,
    CHROME,
    RUBBER,
    ZINC,
    Material,
    drawing,
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
    label,
    lathe,
    loft,
    pipe,
    rectangle,
    smooth_path,
    superellipse,
    sweep,
    tube,
)


def bar(length: float) -> Pieces:
    """A roof bar along x with its two feet."""
    path = np.column_stack([np.linspace(-length / 2, length / 2, 40), np.zeros(40), np.full(40, 120.0)])
    feet = []
    for s in (-1, 1):
        x = s * (length / 2 - 110)
        outline = smooth_path([(-62, 0), (62, 0), (54, 50), (30, 96), (-30, 96), (-54, 50)], 60, closed=True)
        feet += [
            Piece(extrude(outline, 74).turn("x", 90).move(x, 37, 10), ABS, bevel=8),
            Piece(extrude(rectangle(120, 90, 20), 10).move(x, 0, 0), RUBBER, bevel=3),
            Piece(extrude(rectangle(40, 30, 8), 4).turn("x", 90).move(x, -36, 56), plastic("#4a4e56"), bevel=1),
            Piece(cylinder(9, 4).turn("x", 90).move(x, -39, 56), CHROME, bevel=1),
        ]
    return [
        Piece(sweep(path, superellipse(40, 15, 2.4)), ALUMINUM, soft=50),
        Piece(box(length * 0.9, 9, 2).move(0, 0, 134.5), RUBBER, bevel=0.6),
        *[
            Piece(
                extrude(superellipse(41, 16, 2.4), 10).turn("x", 90).turn("z", 90).move(s * (length / 2 - 2), 0, 120),
                ABS,
                bevel=2,
            )
            for s in (-1, 1)
        ],
        *feet,
    ]


@goods("roof-bars", azimuth=-28, elevation=22)
def roof_bars() -> Pieces:
    return place(bar(1150), 0, -190) + place(bar(1150), 40, 260)


@goods("roof-rack", azimuth=-30, elevation=22)
def roof_rack() -> Pieces:
    black = Material("#303237", metallic=0.5, roughness=0.42)
    width, depth = 1300, 950

    def loop(w: float, d: float, z: float) -> Mesh:
        path = rectangle(w, d, 130, n=10)
        return tube(np.column_stack([path, np.full(len(path), z)]), 16, 16, closed=True)

    posts = [
        pipe((x, s * depth / 2, 110), (x, s * (depth / 2 + 8), 250), 12)
        for x in np.linspace(-480, 480, 5)
        for s in (-1, 1)
    ]
    posts += [pipe((s * width / 2, y, 110), (s * (width / 2 + 8), y, 250), 12) for y in (-240, 0, 240) for s in (-1, 1)]
    slats = [Piece(box(width - 30, 62, 16).move(0, y, 104), black, bevel=5) for y in np.linspace(-380, 380, 7)]
    cross = [pipe((x, -depth / 2, 104), (x, depth / 2, 104), 13) for x in (-430, 430)]
    feet = []
    for x in (-430, 430):
        for y in (-360, 360):
            outline = smooth_path([(-60, 0), (60, 0), (42, 90), (-42, 90)], 40, closed=True)
            feet += [
                Piece(extrude(outline, 60).turn("x", 90).move(x, y + 30, 6), ABS, bevel=7),
                Piece(box(120, 90, 8).move(x, y, 0), RUBBER, bevel=2),
            ]
    return [
        Piece(loop(width, depth, 112), black),
        Piece(loop(width + 16, depth + 16, 250), black),
        *[Piece(mesh, black) for mesh in (*posts, *cross)],
        *slats,
        *feet,
        Piece(label(220, 66).move(0, -depth / 2 - 30, 180), drawing("words:XINGCHI:#e6e9ee")),
        Piece(extrude(rectangle(260, 84, 12), 8).turn("x", 90).move(0, -depth / 2 - 14, 180), black, bevel=3),
    ]


@goods("roof-box", azimuth=-32, elevation=16)
def roof_box() -> Pieces:
    def hull(t: float, top: float) -> Array:
        w = 400 * (1 - 0.55 * max(0, (t - 0.62) / 0.38) ** 2.2) * (1 - 0.05 * max(0, (0.12 - t) / 0.12) ** 2)
        h = top * (1 - 0.9 * max(0, (t - 0.5) / 0.5) ** 2.4) * (1 - 0.18 * max(0, (0.15 - t) / 0.15) ** 2)
        a = np.linspace(0, np.pi, 46)
        c, s = np.cos(a), np.sin(a)
        y = w * np.sign(c) * np.abs(c) ** 0.55
        z = h * np.abs(s) ** 0.55
        return np.column_stack([np.full(46, -950 + 1900 * t), y, z])

    ts = np.concatenate([np.linspace(0, 0.1, 8), np.linspace(0.12, 0.88, 34), np.linspace(0.9, 1, 10)])
    lid = loft([hull(t, 300) for t in ts])
    base = loft([hull(t, -110) * [1, 0.985, 1] for t in ts][::-1])
    gloss = Material("#1f2125", roughness=0.14, coat=0.8)
    rim = [np.vstack([[hull(t, 1)[0] for t in ts]]), np.vstack([[hull(t, 1)[-1] for t in ts]])]
    return ground(
        [
            Piece(lid, gloss, soft=40),
            Piece(base, ABS, soft=40),
            *[Piece(tube(path * [1, 1.004, 0], 9, 12), CHROME) for path in rim],
            Piece(
                label(420, 126)
                .turn("x", -2)
                .move(120, -401, 92)
                .bend(lambda p: p + np.column_stack([0 * p[:, 0], 0.00135 * (p[:, 2]) ** 2, 0 * p[:, 0]])),
                drawing("words:XINGCHI:#e6e9ee"),
            ),
            Piece(extrude(rectangle(90, 40, 14), 20).turn("x", 90).move(-500, -396, 10), plastic("#4a4e56"), bevel=5),
            Piece(extrude(rectangle(90, 40, 14), 20).turn("x", 90).move(300, -396, 10), plastic("#4a4e56"), bevel=5),
        ]
    )


@goods("bike-rack", azimuth=-28, elevation=20)
def bike_rack() -> Pieces:
    pieces: Pieces = []
    for y in (-150, 150):
        path = np.column_stack([np.linspace(-640, 640, 30), np.full(30, y), np.full(30, 170.0)])
        profile = np.array(
            [(-46, 24), (-36, -14), (36, -14), (46, 24), (38, 24), (30, -6), (-30, -6), (-38, 24)], float
        )
        pieces += [Piece(sweep(path, profile), ALUMINUM, bevel=2)]
        for x in (-430, 430):
            pieces += [
                Piece(box(26, 110, 10).move(x, y, 196), RUBBER, bevel=3),
                Piece(box(40, 22, 30).move(x, y - 52, 178), ABS, bevel=4),
            ]
    arms = [
        smooth_path([(0, -150, 90), (0, -152, 300), (30, -150, 520), (120, -130, 640)], 50),
        smooth_path([(60, 150, 90), (60, 152, 300), (40, 150, 560), (-60, 140, 720)], 50),
    ]
    for path in arms:
        end = path[-1]
        pieces += [
            Piece(tube(path, 15, 20), BLACK_STEEL),
            Piece(extrude(circle(34, 40), 56).turn("x", 90).move(end[0], end[1] + 28, end[2]), ABS, bevel=6),
            Piece(cylinder(24, 34).turn("x", 90).move(end[0], end[1] - 28, end[2]), plastic("#1746d1"), bevel=4),
        ]
    lamps = []
    for s in (-1, 1):
        lamps.append(
            Piece(
                extrude(rectangle(210, 84, 20), 30).turn("x", 90).move(s * 430, -232, 108),
                Material("#c5070c", roughness=0.06, clear=0.6),
                bevel=8,
            )
        )
        lamps.append(Piece(extrude(rectangle(224, 98, 24), 24).turn("x", 90).move(s * 430, -214, 108), ABS, bevel=5))
    return [
        *pieces,
        *lamps,
        *[Piece(box(60, 420, 44).move(x, -10, 112), BLACK_STEEL, bevel=6) for x in (-200, 200)],
        Piece(box(1120, 26, 50).move(0, -206, 84), BLACK_STEEL, bevel=5),
        Piece(box(70, 70, 220).move(0, 40, 60), BLACK_STEEL, bevel=6),
        Piece(pipe((0, 40, 90), (0, 330, 90), 30), BLACK_STEEL),
        Piece(extrude(rectangle(440, 110, 8), 6).turn("x", 90).move(0, -234, 108), plastic("#e9edf2", 0.4), bevel=1),
        Piece(label(300, 90).move(0, -241, 108), drawing("words:XINGCHI:#1746d1")),
        *[Piece(box(50, 30, 84).move(x, -206, 0), BLACK_STEEL, bevel=5) for x in (-200, 200)],
        Piece(box(50, 30, 64).move(0, 320, 0), BLACK_STEEL, bevel=5),
    ]


@goods("tow-bar", azimuth=-34, elevation=20)
def tow_bar() -> Pieces:
    coat = Material("#2b2d31", roughness=0.42, metallic=0.3)
    neck = smooth_path([(0, -10, 40), (0, -120, 36), (0, -200, 60), (0, -236, 130), (0, -240, 190)], 60)
    return [
        Piece(box(900, 90, 90).move(0, 60, 0), coat, bevel=8),
        *[
            Piece(
                box(12, 190, 150).move(x, 120, -20),
                coat,
                bevel=3,
                cut=tuple(cylinder(12, 60).turn("y", 90).move(x - 30, 160 + dy, 60) for dy in (0, 40)),
            )
            for x in (-440, 440)
        ],
        Piece(box(110, 120, 110).move(0, 0, -10), coat, bevel=8),
        Piece(sweep(neck, superellipse(30, 34, 3), scale=np.linspace(1, 0.72, 60)), coat, soft=50),
        Piece(lathe([(20, 180), (20, 214), (25, 220), (24, 214)], caps=False).move(0, -240), CHROME),
        Piece(
            lathe([(20, 196), (21, 206), (25, 214), (32, 230), (34, 244), (31, 260), (22, 272), (0.1, 276)]).move(
                0, -240
            ),
            CHROME,
            soft=40,
        ),
        Piece(extrude(circle(42, 48), 30).turn("x", 90).move(110, -40, 40), ABS, bevel=4),
        Piece(box(84, 90, 12).move(110, -50, 76), ABS, bevel=3),
        *[Piece(extrude(circle(13, 6), 16).move(x, 60, 90), ZINC, bevel=1.5) for x in (-300, -180, 180, 300)],
        Piece(label(160, 48).move(270, 14.4, 44), drawing("words:XINGCHI:#c8cdd6")),
    ]
