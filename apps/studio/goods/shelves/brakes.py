"""Brakes and the wheel's end."""

import numpy as np

from apps.studio.goods.materials import (
    BLACK_STEEL,
    BRASS,
    CAST_ALUMINUM,
    CAST_IRON,
    CHROME,
    RUBBER,
    SIGNAL_RED,
    STEEL,
    TURNED_STEEL,
    ZINC,
    Material,
    drawing,
    lacquer,
)
from apps.studio.goods.piece import Piece, Pieces, goods, place
from apps.studio.goods.shapes import (
    circle,
    cylinder,
    extrude,
    join,
    label,
    lathe,
    rectangle,
    ring,
    ring_sector,
    smooth_path,
    sphere,
    superellipse,
    torus,
    tube,
)

FRICTION = Material("#3a3836", roughness=0.95, grain="cast", size=5, depth=0.5)


def bolt(radius: float, height: float) -> Pieces:
    """A hexagon bolt standing on z = 0."""
    return [
        Piece(cylinder(radius * 1.35, height * 0.25), ZINC, bevel=0.4),
        Piece(extrude(circle(radius * 1.15, 6), height).move(z=height * 0.2), ZINC, bevel=0.6),
    ]


def disc(radius: float) -> Pieces:
    """A ventilated, drilled disc lying on z = 0, hat up."""
    holes = []
    for k in range(48):
        angle = 2 * np.pi * k / 48 + (k % 3) * 0.03
        r = radius * (0.66 + 0.125 * (k % 3))
        holes.append(circle(3.6, 14, r * np.cos(angle), r * np.sin(angle)))
    face = extrude(circle(radius, 160), 9, [circle(radius * 0.52, 96), *holes])
    studs = [circle(7, 20, *(57 * np.array([np.cos(a), np.sin(a)]))) for a in np.arange(5) * 2 * np.pi / 5]
    hat_top = extrude(circle(82, 96), 6, [circle(33, 64), *studs]).move(z=58)
    vanes = join(
        extrude(ring_sector(radius * 0.55, radius * 0.985, a, a + 2.6, 4), 14).move(z=8) for a in range(0, 360, 8)
    )
    return [
        Piece(face, TURNED_STEEL, bevel=0.8),
        Piece(face.move(z=21), TURNED_STEEL, bevel=0.8),
        Piece(vanes, CAST_IRON),
        Piece(
            lathe([(radius * 0.53, 22), (84, 26), (84, 62), (78, 64), (78, 26), (radius * 0.5, 20)], solid=True),
            CAST_IRON,
        ),
        Piece(hat_top, CAST_IRON, bevel=1),
    ]


@goods("brake-disc", azimuth=-24, elevation=14)
def brake_disc() -> Pieces:
    standing = [piece.change(lambda mesh: mesh.turn("x", 82).move(z=160)) for piece in disc(160)]
    behind = [piece.change(lambda mesh: mesh.turn("x", 82).turn("z", 8).move(120, 115, 160)) for piece in disc(160)]
    return standing + behind


def pad() -> Pieces:
    """One pad lying on z = 0, friction up."""
    outline = smooth_path(
        [
            (-74, -22),
            (-66, -32),
            (-20, -30),
            (20, -30),
            (66, -32),
            (74, -22),
            (62, 24),
            (40, 34),
            (0, 37),
            (-40, 34),
            (-62, 24),
        ],
        110,
        closed=True,
    )
    ears = [extrude(rectangle(26, 20, 4), 6).move(x * 76, -10) for x in (-1, 1)]
    slot = extrude(rectangle(3.5, 100), 20).move(z=8)
    return [
        Piece(extrude(outline * 1.05, 6), BLACK_STEEL, bevel=1),
        *[Piece(ear, BLACK_STEEL, bevel=1) for ear in ears],
        Piece(extrude(outline * 0.97, 12, draft=0.04).move(z=6), FRICTION, bevel=2, cut=(slot,)),
    ]


@goods("brake-pad", azimuth=-18, elevation=30)
def brake_pad() -> Pieces:
    standing = place(pad(), 0, 40, 33, tilt=74)
    back = place(pad(), 60, 90, 33, tilt=74)
    flat = place(pad(), -40, -52, 0, turn=-14)
    turned = place([piece.change(lambda mesh: mesh.turn("y", 180).move(z=18)) for piece in pad()], 104, -46, 0, turn=22)
    emblem = Piece(label(70, 21).turn("x", -90).turn("z", 22).move(103, -44, 18.4), drawing("words:XINGCHI:#8d949e"))
    return [*standing, *back, *flat, *turned, emblem]


@goods("brake-caliper", azimuth=-35, elevation=24)
def brake_caliper() -> Pieces:
    red = lacquer("#b3201c")
    body = extrude(ring_sector(92, 168, 42, 138, 40), 112)
    bridge = extrude(ring_sector(70, 152, 30, 150), 44).move(z=34)
    window = extrude(ring_sector(112, 190, 76, 104), 60).move(z=26)
    pieces = [Piece(body, red, bevel=9, soft=30, cut=(bridge, window))]
    for x in (-44, 44):
        pieces += [Piece(cylinder(27, 8).move(x * 0.95, 118, 110), red, bevel=3)]
        pieces += [Piece(cylinder(14, 4).move(x * 0.95, 118, 117), CHROME, bevel=1)]
        pieces += [Piece(cylinder(9, 132).move(x * 2.35, 96, -10), ZINC, bevel=1)]
        pieces += [Piece(ring(17, 9, 30).move(x * 2.35, 96, 42), red, bevel=3)]
    lettering = Piece(label(120, 36).turn("x", -90).turn("x", 0).move(0, 152, 112.6), drawing("words:XINGCHI"))
    pieces.append(lettering)
    return place(pieces, tilt=90)


@goods("brake-hose", azimuth=-20, elevation=40)
def brake_hose() -> Pieces:
    path = smooth_path(
        [
            (-150, -30, 12),
            (-90, -70, 12),
            (0, -60, 14),
            (70, 10, 22),
            (10, 70, 26),
            (-70, 40, 16),
            (-60, -20, 30),
            (40, -50, 36),
            (130, 10, 14),
            (165, 60, 12),
        ],
        220,
    )
    fittings = []
    for end, before in ((path[0], path[4]), (path[-1], path[-5])):
        way = (end - before) / np.linalg.norm(end - before)
        fittings.append(Piece(tube(np.linspace(end - way * 6, end + way * 22, 2), 9, 32), ZINC, bevel=0.8))
        fittings.append(Piece(tube(np.linspace(end + way * 22, end + way * 36, 2), 11.5, 6), ZINC, bevel=0.8))
        fittings.append(Piece(tube(np.linspace(end + way * 36, end + way * 52, 2), 5, 24), BRASS, bevel=0.5))
    sleeve = tube(path[96:122], 8.6, 24)
    return [Piece(tube(path, 6.5, 24), RUBBER), Piece(sleeve, Material(SIGNAL_RED, roughness=0.5)), *fittings]


@goods("wheel-bearing", azimuth=-25, elevation=26)
def wheel_bearing() -> Pieces:
    pieces = [
        Piece(ring(44, 36, 40), STEEL, bevel=1.5),
        Piece(ring(28, 21, 40), STEEL, bevel=1.5),
        Piece(lathe([(28.5, 37), (35.5, 37), (35.5, 35), (28.5, 35)], solid=True), RUBBER),
        Piece(lathe([(30, 38), (33.5, 38.6), (33.5, 36), (30, 36)], solid=True), Material("#b5471f", roughness=0.4)),
    ]
    open_one = [
        Piece(ring(44, 36, 18), STEEL, bevel=1.2),
        Piece(ring(28, 21, 24), STEEL, bevel=1.2),
        Piece(ring(35.4, 28.6, 4).move(z=9), BRASS, bevel=0.5),
        Piece(sphere(4.4).move(32).around(14).move(z=16), CHROME),
    ]
    return place(pieces, -22, 24, 44, tilt=78, turn=12) + place(open_one, 40, -30, 0)


@goods("wheel-hub", azimuth=-28, elevation=20)
def wheel_hub() -> Pieces:
    studs = cylinder(6, 46, 28).move(57, 0, 20).around(5)
    flange = extrude(
        np.vstack(
            [
                smooth_path(
                    [
                        (72 * np.cos(a), 72 * np.sin(a)) if k % 2 == 0 else (56 * np.cos(a), 56 * np.sin(a))
                        for k, a in enumerate(np.arange(10) * np.pi / 5)
                    ],
                    160,
                    closed=True,
                )
            ]
        ),
        14,
    ).move(z=14)
    pieces = [
        Piece(flange, CAST_ALUMINUM, bevel=2),
        Piece(lathe([(0.1, 14), (36, 14), (36, 48), (33, 50), (24, 50), (24, 32), (0.1, 32)]), TURNED_STEEL, bevel=0.8),
        Piece(studs, ZINC, bevel=0.6),
        Piece(join([torus(6, 0.7, 24, 8).move(57, 0, 30 + 3 * k).around(5) for k in range(11)]), ZINC),
        Piece(
            lathe([(20, -46), (40, -46), (44, -30), (46, -6), (60, 0), (60, 8), (44, 12), (20, 12)], solid=True),
            STEEL,
            bevel=0.8,
        ),
        Piece(extrude(superellipse(66, 66, 3), 9).move(z=-12), CAST_IRON, bevel=2),
    ]
    return place(pieces, tilt=76)
