"""Electronics for the cabin."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    BRASS,
    CHROME,
    DARK_GLASS,
    GLASS,
    RUBBER,
    Material,
    drawing,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, ground, place
from apps.studio.goods.shapes import (
    box,
    cylinder,
    extrude,
    join,
    label,
    lathe,
    loft,
    rectangle,
    ring,
    smooth_path,
    sphere,
    superellipse,
    torus,
    tube,
)

SCREEN = 0.45


@goods("phone-holder", azimuth=-30, elevation=16)
def phone_holder() -> Pieces:
    phone = [
        Piece(extrude(rectangle(76, 160, 13), 9), plastic("#2a2f38", 0.2), bevel=2.5),
        Piece(extrude(rectangle(71, 155, 11), 1).move(z=8.6), DARK_GLASS, bevel=0.3),
        Piece(label(70, 150).turn("x", -90).move(0, 0, 9.9), drawing("map:", 0.1, SCREEN)),
    ]
    cradle = [
        Piece(extrude(rectangle(64, 96, 14), 14).move(z=-15), ABS, bevel=3),
        *[Piece(box(14, 46, 28).move(s * 46, 6, -14), ABS, bevel=3) for s in (-1, 1)],
        *[Piece(box(6, 44, 12).move(s * 41, 6, -1), RUBBER, bevel=1.5) for s in (-1, 1)],
        Piece(box(40, 12, 26).move(0, -86, -14), ABS, bevel=3),
        Piece(box(30, 40, 8).move(0, -64, -14), ABS, bevel=2),
    ]
    tilted = place(phone + cradle, 0, 0, 150, tilt=74)
    arm = [
        Piece(sphere(15).move(0, 26, 142), CHROME),
        Piece(tube(smooth_path([(0, 30, 142), (0, 58, 120), (0, 64, 70), (0, 40, 34), (0, 20, 22)], 50), 9, 20), ABS),
        Piece(lathe([(0.1, 0), (46, 0), (48, 5), (40, 16), (20, 24), (0.1, 25)]).move(0, 16, 0), ABS, soft=40),
        Piece(ring(50, 40, 4).move(0, 16, 0), RUBBER, bevel=1),
    ]
    return tilted + arm


@goods("light-strip", azimuth=-22, elevation=34)
def light_strip() -> Pieces:
    glow = Material("#4d7dff", roughness=0.3, glow=1.7)
    rose = Material("#ff4f9a", roughness=0.3, glow=1.6)
    outer = smooth_path(
        [
            (-190, -30, 6),
            (-150, 70, 6),
            (-20, 110, 6),
            (110, 80, 6),
            (150, 0, 6),
            (90, -70, 6),
            (-20, -60, 6),
            (-60, 0, 6),
            (10, 40, 6),
            (60, 10, 6),
        ],
        240,
    )
    inner = smooth_path([(-180, -90, 6), (-90, -120, 6), (30, -120, 6), (140, -100, 6), (200, -30, 6)], 120)
    box_ = [
        Piece(extrude(rectangle(64, 34, 7), 18), ABS, bevel=2.5),
        Piece(cylinder(8, 2).move(0, 0, 17.6), Material("#4d7dff", roughness=0.3, glow=2)),
        Piece(label(24, 8).turn("x", -90).move(20, 0, 18.4), drawing("words:RGB:#dfe3ea")),
    ]
    return [
        Piece(tube(outer, 5, 16), glow),
        Piece(tube(inner, 5, 16), rose),
        *place(box_, 232, -10, 0, turn=60),
        *place(box_, -196, -40, 0, turn=80),
    ]


@goods("screen-protector", azimuth=-24, elevation=18)
def screen_protector() -> Pieces:
    screen = [
        Piece(extrude(rectangle(330, 200, 14), 12), plastic("#1b1d21", 0.3), bevel=3),
        Piece(label(318, 188).turn("x", -90).move(0, 0, 12.2), drawing("cluster:", 0.1, 0.7)),
    ]
    sheet_ = Piece(extrude(rectangle(330, 200, 14), 2.4), Material("#dcecf5", roughness=0.02, clear=0.96), bevel=0.8)
    edge = Piece(
        tube(np.column_stack([rectangle(330, 200, 14), np.zeros(24)]), 1.0, 8, closed=True),
        Material("#9fc4dc", roughness=0.1, clear=0.4),
    )
    return [*ground(place(screen, 0, 40, 0, tilt=62)), *place([sheet_, edge], 60, -44, 118, tilt=62, turn=0)]


@goods("dash-cam", azimuth=-28, elevation=14)
def dash_cam() -> Pieces:
    body = [
        Piece(cylinder(24, 96).turn("y", 90).move(-48, 0, 0), ABS, bevel=5),
        Piece(extrude(rectangle(54, 44, 8), 16).move(0, 0, 16), ABS, bevel=3),
        Piece(extrude(rectangle(60, 46, 9), 4).move(0, 0, 31), plastic("#c32a1e", 0.5), bevel=1),
    ]
    lens = [
        Piece(
            lathe([(0.1, 0), (23, 0), (23, 9), (20, 12), (17, 11)]),
            Material("#26282c", metallic=0.7, roughness=0.3),
            soft=30,
        ),
        Piece(torus(21, 1.2, 64, 10).move(z=11), CHROME),
        Piece(lathe([(17, 10), (14, 14), (8, 17), (0.1, 18)], caps=False), DARK_GLASS),
        Piece(ring(11, 9.5, 1).move(z=14.5), Material("#39519a", metallic=0.6, roughness=0.1), bevel=0.2),
    ]
    wire = tube(
        smooth_path([(48, 4, 6), (76, 6, 4), (110, 30, -20), (150, 10, -46), (120, -60, -47), (170, -90, -47)], 90),
        2.6,
        14,
    )
    return [
        *body,
        *place(lens, 0, -16, -2, tilt=90),
        Piece(label(30, 9).move(-34, -24.3, 0), drawing("words:XINGCHI:#c8cdd6")),
        Piece(cylinder(3, 3).turn("x", 90).move(34, -22, 4), Material("#59d98b", roughness=0.3, glow=2)),
        Piece(box(110, 56, 4).move(0, 0, 35), GLASS, bevel=1),
        Piece(wire, RUBBER),
    ]


@goods("memory-card", azimuth=-24, elevation=38)
def memory_card() -> Pieces:
    card = np.array([(-5.5, -7.5), (5.5, -7.5), (5.5, 2), (4.4, 3.4), (4.4, 7.5), (-5.5, 7.5)], float) * 4
    micro = [
        Piece(extrude(card, 3.4), plastic("#1d1f24", 0.35), bevel=0.8),
        Piece(label(36, 50).turn("x", -90).move(-1, -3, 3.6), drawing("card:128")),
    ]
    adapter_outline = np.array([(-48, -64), (48, -64), (48, 64), (-30, 64), (-48, 46)], float)
    adapter = [
        Piece(extrude(adapter_outline, 8), plastic("#1746d1", 0.35), bevel=1.6),
        Piece(
            label(76, 70).turn("x", -90).move(2, -14, 8.2),
            drawing("plate:存储卡转接套:SD ADAPTER:#f4f6f9:#14171c:square"),
        ),
        Piece(box(5, 14, 9).move(-47, 22, 0), plastic("#e9eaec"), bevel=1),
    ]
    return place(micro, 62, -30, 0, turn=-20) + place(adapter, -30, 20, 0, turn=8)


@goods("car-vacuum", azimuth=-30, elevation=20)
def car_vacuum() -> Pieces:
    white = plastic("#eef0f2", 0.28)
    profile = [(0.1, -150), (26, -150), (30, -144), (31, -40), (34, -20), (38, 10), (40, 60)]
    cup = [(38, 58), (39, 64), (38, 120), (30, 148), (22, 156)]
    nozzle = [
        np.column_stack([superellipse(a, b, 3, 60), np.full(60, z)])
        for z, a, b in ((156, 21, 21), (172, 22, 19), (200, 32, 11), (226, 40, 8))
    ]
    pieces = [
        Piece(lathe(profile), white, soft=40),
        Piece(lathe(cup), Material("#50606e", roughness=0.05, clear=0.75), soft=40),
        Piece(
            lathe([(0.1, 70), (22, 72), (26, 80), (16, 130), (0.1, 132)]), Material("#f2f2ee", roughness=0.8), soft=40
        ),
        Piece(ring(41, 37, 8).move(z=56), plastic("#1746d1", 0.3), bevel=1.5),
        Piece(loft(nozzle, caps=False), ABS, soft=40),
        Piece(extrude(rectangle(16, 34, 7), 6).turn("x", 90).move(0, -30, -60), plastic("#1746d1", 0.3), bevel=1.5),
        Piece(label(60, 18).turn("y", 90).move(0, -35.5, 24), drawing("words:XINGCHI:#8d949e")),
    ]
    brush = [
        Piece(extrude(rectangle(60, 24, 10), 26), ABS, bevel=3),
        Piece(
            join(cylinder(0.9, 18, 6).move(x, y, 26) for x in np.linspace(-24, 24, 15) for y in (-7, 0, 7)),
            plastic("#1f2125", 0.8),
        ),
    ]
    return ground(place(pieces, lean=90, turn=14)) + place(brush, 90, -96, 0, turn=-20)


@goods("air-pump", azimuth=-28, elevation=20)
def air_pump() -> Pieces:
    body = [
        Piece(extrude(rectangle(92, 74, 20), 176), plastic("#2c2f34", 0.42), bevel=6),
        Piece(extrude(rectangle(95, 77, 21), 8).move(z=120), plastic("#1746d1", 0.35), bevel=2),
        Piece(extrude(rectangle(66, 54, 8), 1.6).turn("x", 90).move(0, -36.6, 84), DARK_GLASS, bevel=0.4),
        Piece(label(60, 48).move(0, -38.6, 84), drawing("words:2.5:#8fe3ff:bar  胎压", 0.2, 1.0)),
        *[
            Piece(cylinder(6.5, 3).turn("x", 90).move(x, -36.4, 40), plastic("#4a4e56", 0.4), bevel=0.8)
            for x in (-22, 0, 22)
        ],
        Piece(label(52, 16).move(0, -37.4, 150), drawing("words:XINGCHI:#c8cdd6")),
        Piece(cylinder(11, 10).move(0, 0, 175), CHROME, bevel=1),
    ]
    hose = smooth_path(
        [
            (0, 0, 184),
            (0, 10, 214),
            (50, 30, 220),
            (92, 20, 150),
            (98, 10, 60),
            (110, -10, 10),
            (150, -70, 8),
            (90, -110, 8),
            (30, -110, 8),
        ],
        140,
    )
    end = [
        Piece(cylinder(7, 26).turn("y", -90), BRASS, bevel=1),
        Piece(cylinder(9, 16).turn("y", -90).move(10), ABS, bevel=1),
    ]
    return [*body, Piece(tube(hose, 6, 18), RUBBER), *place(end, 24, -110, 9)]
