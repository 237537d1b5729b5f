"""Charging at home and on the road."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    BRASS,
    CHROME,
    DARK_GLASS,
    GLOSS_BLACK,
    RUBBER,
    WHITE_PLASTIC,
    Material,
    drawing,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, place
from apps.studio.goods.shapes import (
    Array,
    box,
    cylinder,
    extrude,
    label,
    lathe,
    loft,
    rectangle,
    ring,
    smooth_path,
    superellipse,
    sweep,
    torus,
    tube,
)

CABLE = Material("#232427", roughness=0.55)
GLOW_BLUE = Material("#4d8dff", roughness=0.3, glow=2.2)


def coil_of(radius: float, turns: int, thickness: float = 9, z: float = 0) -> Array:
    """A cable coiled on the floor; the path starts and ends outside."""
    t = np.linspace(0, 2 * np.pi * turns, 90 * turns)
    wobble = 1 + 0.03 * np.sin(3.1 * t) + 0.02 * np.sin(0.7 * t)
    layer = (t / (2 * np.pi)).astype(int)
    lift = thickness * (1 + 1.7 * (t / (2 * np.pi) / 2))
    r = radius * wobble - 7 * (layer % 2)
    return np.column_stack([r * np.cos(t), r * np.sin(t), z + lift])


def charge_head(color: Material = WHITE_PLASTIC) -> Pieces:
    """A GB/T AC plug: a handle with a seven-pole head toward −y, its grip running back and down."""
    spine = smooth_path([(0, 10, 0), (0, 60, 4), (0, 120, -8), (0, 180, -44), (0, 214, -80)], 60)
    size = np.interp(np.linspace(0, 1, 60), [0, 0.12, 0.3, 0.55, 0.85, 1], [1.12, 1.1, 0.92, 0.72, 0.70, 0.62])
    poles = [(0, 0, 5.2), (-13, 6, 4.6), (13, 6, 4.6), (-8, -11, 4), (8, -11, 4), (-5, 16, 2.6), (5, 16, 2.6)]
    return [
        Piece(sweep(spine, superellipse(35, 33, 2.6), scale=size), color),
        Piece(lathe([(37, 0), (39, 3), (39, 12), (37, 15)]).turn("x", 90).move(0, 20, 0), ABS, soft=30),
        Piece(
            lathe([(27, 0), (29, 1), (29, 34), (22, 34), (22, 4), (0.1, 4)]).turn("x", 90).move(0, 16, 0).turn("z", 0),
            ABS,
            soft=30,
        ),
        *[Piece(ring(r, r * 0.45, 24, 24).turn("x", 90).move(x, 8, z), ABS, bevel=0.5) for x, z, r in poles],
        *[Piece(cylinder(r * 0.45, 18, 16).turn("x", 90).move(x, 8, z), BRASS) for x, z, r in poles],
        Piece(extrude(rectangle(20, 60, 8), 9).move(0, 86, 24), plastic("#1746d1"), bevel=3),
        Piece(extrude(rectangle(14, 20, 5), 10).turn("x", 0).move(0, 26, 32), ABS, bevel=2),
    ]


def cable_from(head_end: tuple[float, float, float], path: list[tuple[float, float, float]], n: int = 200) -> Pieces:
    way = smooth_path([head_end, *path], n)
    collar = np.linspace(0, 1, 24)
    return [
        Piece(tube(way, 8, 24), CABLE),
        Piece(tube(way[:14], 15, 24, scale=np.interp(collar[:14], [0, 0.6], [1, 0.62])), RUBBER),
    ]


@goods("charge-gun", azimuth=-38, elevation=24)
def charge_gun() -> Pieces:
    head = place(charge_head(), 0, 0, 104, turn=-8)
    return head + cable_from(
        (28, 208, 26),
        [
            (36, 240, 14),
            (90, 250, 9),
            (150, 190, 9),
            (140, 90, 9),
            (60, 60, 9),
            (-20, 110, 9),
            (-60, 190, 9),
            (-130, 210, 9),
        ],
    )


@goods("charging-cable", azimuth=-30, elevation=30)
def charging_cable() -> Pieces:
    loop = coil_of(150, 4)
    ends = place(charge_head(), -60, -160, 96, turn=-30) + place(
        charge_head(plastic("#e7e8ea")), 190, -110, 96, turn=34
    )
    joined = [
        Piece(tube(smooth_path([(45, 14, 24), (70, 40, 18), (120, 60, 10), (150, 0, 10)], 60), 8, 20), CABLE),
        Piece(tube(smooth_path([(64, 66, 20), (40, 90, 14), (20, 130, 10), (-60, 140, 12)], 60), 8, 20), CABLE),
    ]
    return [Piece(tube(loop, 8, 20), CABLE), *joined, *ends]


@goods("wallbox", azimuth=-26, elevation=10)
def wallbox() -> Pieces:
    outline = superellipse(105, 160, 4.4, 120)
    rings = [
        np.column_stack([outline * s, np.full(120, z)])
        for s, z in ((0.98, 0), (1, 10), (1, 66), (0.985, 78), (0.95, 86), (0.9, 89), (0.4, 90), (0.01, 90))
    ]
    glass = superellipse(86, 138, 4.4, 120)
    front = [
        Piece(loft(rings), WHITE_PLASTIC),
        Piece(extrude(glass, 4).move(z=88), GLOSS_BLACK, bevel=1.2),
        Piece(torus(34, 2.6, 72, 14).move(0, 46, 92.4), GLOW_BLUE),
        Piece(label(40, 40).turn("x", -90).move(0, 46, 92.6), drawing("star:#ffffff")),
        Piece(label(110, 55).turn("x", -90).move(0, -28, 92.6), drawing("words:星驰 充电:#eef1f5:7 kW")),
        Piece(cylinder(26, 30).move(0, -104, 74), ABS, bevel=3),
    ]
    standing = place(front, 0, 0, 230, tilt=90)
    stand = Piece(extrude(rectangle(120, 90, 14), 74), ABS, bevel=4)
    hanging = smooth_path(
        [
            (60, -40, 84),
            (64, -66, 40),
            (110, -110, 9),
            (40, -150, 9),
            (-70, -150, 9),
            (-150, -100, 9),
            (-150, -30, 9),
            (-90, 10, 9),
        ],
        200,
    )
    return [*standing, stand, Piece(tube(hanging, 8, 24), CABLE)]


@goods("v2l-adapter", azimuth=-34, elevation=24)
def v2l_adapter() -> Pieces:
    block = extrude(rectangle(120, 78, 16), 62)
    sockets = []
    for x in (-30, 30):
        sockets += [
            Piece(extrude(rectangle(48, 48, 8), 4).move(x, 0, 60), ABS, bevel=1.2),
            *[
                Piece(extrude(rectangle(4.4, 12, 1), 3).turn("z", turn).move(x + dx, dy, 62.6), plastic("#050506", 0.8))
                for dx, dy, turn in ((-10, -4, 28), (10, -4, -28), (0, 12, 0))
            ],
        ]
    body = [
        Piece(block, WHITE_PLASTIC, bevel=5),
        *sockets,
        Piece(extrude(rectangle(124, 82, 18), 10).move(z=24), plastic("#1746d1"), bevel=2),
        Piece(label(92, 28).move(0, -39.6, 46), drawing("words:V2L 3.5kW:#1746d1")),
    ]
    head = place(charge_head(), 0, 0, 104, turn=-20)
    lead = cable_from((70, 202, 26), [(84, 220, 12), (130, 230, 9), (190, 190, 9), (196, 120, 9), (180, 70, 30)])
    return [*head, *lead, *place(body, 176, 20, 0, turn=16)]


@goods("portable-charger", azimuth=-28, elevation=28)
def portable_charger() -> Pieces:
    outline = superellipse(58, 118, 4, 100)
    rings = [
        np.column_stack([outline * s, np.full(100, z)])
        for s, z in ((0.94, 0), (1, 5), (1, 34), (0.96, 44), (0.9, 48), (0.3, 50), (0.01, 50))
    ]
    control = [
        Piece(loft(rings), plastic("#33363b", 0.4)),
        Piece(extrude(superellipse(44, 98, 4), 2).move(z=49), GLOSS_BLACK, bevel=0.6),
        Piece(label(74, 37).turn("x", -90).move(0, 30, 51.4), drawing("words:16 A:#7fe0a2:3.5 kW")),
        Piece(label(30, 30).turn("x", -90).move(0, -46, 51.4), drawing("star:#ffffff")),
        *[
            Piece(cylinder(4, 1.6, 24).move(x, -8, 50.6), Material("#49d67c", roughness=0.3, glow=1.6))
            for x in (-20, 0, 20)
        ],
    ]
    box_ = place(control, -130, -60, 0, turn=-24)
    head = place(charge_head(), 60, 0, 104, turn=-8)
    lead = cable_from((88, 208, 26), [(92, 236, 12), (40, 262, 9), (-60, 230, 9), (-90, 140, 9), (-84, 60, 20)])
    wall_plug = [
        Piece(extrude(rectangle(50, 46, 12), 40), ABS, bevel=5),
        *[
            Piece(box(2, 6.4, 18).turn("z", t).move(x, y, 40), BRASS, bevel=0.4)
            for x, y, t in ((-9, -4, 28), (9, -4, -28), (0, 10, 0))
        ],
    ]
    tail = smooth_path([(-176, -166, 20), (-150, -230, 8), (-40, -240, 8), (60, -190, 8), (106, -160, 22)], 80)
    return [*box_, *head, *lead, Piece(tube(tail, 5.5, 18), CABLE), *place(wall_plug, 112, -150, 24, tilt=-84, turn=40)]


@goods("charging-pad", azimuth=-26, elevation=34)
def charging_pad() -> Pieces:
    outline = superellipse(52, 92, 4.5, 100)
    rings = [
        np.column_stack([outline * s, np.full(100, z)])
        for s, z in ((0.96, 0), (1, 3), (1, 8), (0.97, 11), (0.93, 12), (0.2, 12), (0.01, 12))
    ]
    phone = [
        Piece(extrude(rectangle(74, 156, 12), 8), plastic("#20242c", 0.2), bevel=2.5),
        Piece(extrude(rectangle(69, 151, 10), 1).move(z=7.6), DARK_GLASS, bevel=0.3),
        Piece(label(68, 96).turn("x", -90).move(0, 14, 9), drawing("phone:82%", 0.1, 0.5)),
    ]
    wire = smooth_path([(0, 92, 5), (10, 130, 3.5), (70, 150, 3.5), (130, 110, 3.5), (150, 40, 3.5)], 90)
    return [
        Piece(loft(rings), RUBBER),
        Piece(torus(34, 0.9, 72, 10).move(0, -14, 12.3), GLOW_BLUE),
        Piece(label(30, 30).turn("x", -90).move(0, -14, 12.5), drawing("star:#c8cdd6")),
        Piece(tube(wire, 3.2, 16), CABLE),
        *place(phone, 104, 4, 3, turn=-10),
    ]


@goods("jump-starter", azimuth=-30, elevation=26)
def jump_starter() -> Pieces:
    body = [
        Piece(extrude(rectangle(186, 88, 14), 38), plastic("#26282c", 0.42), bevel=7),
        Piece(extrude(rectangle(190, 92, 16), 10).move(z=14), plastic("#e5541b", 0.4), bevel=3),
        Piece(extrude(rectangle(70, 40, 6), 1.5).move(-40, 0, 37.4), DARK_GLASS, bevel=0.4),
        Piece(label(60, 30).turn("x", -90).move(-40, 0, 39.4), drawing("words:98%:#7fe0a2:2000A")),
        Piece(label(70, 21).turn("x", -90).move(46, 0, 38.6), drawing("words:XINGCHI:#c8cdd6")),
        Piece(cylinder(11, 4).turn("y", 90).move(92, -20, 19), Material("#f6f1dc", roughness=0.2, glow=0.5)),
    ]

    def clamp(color: str) -> Pieces:
        half = smooth_path(
            [(0, 3), (50, 12), (96, 22), (100, 17), (54, 3), (20, -2), (-34, 0), (-36, 6)], 60, closed=True
        )
        jaw = extrude(half, 16).turn("x", 90).move(y=8)
        return [
            Piece(jaw, plastic(color, 0.4), bevel=2),
            Piece(jaw.mirror("z"), plastic(color, 0.4), bevel=2),
            Piece(cylinder(7, 22).turn("x", 90).move(14, 11, 0), CHROME, bevel=1),
            *[Piece(box(34, 10, 4).move(-20, 0, z), BRASS, bevel=1) for z in (-6, 2)],
        ]

    leads = []
    for shift, color in ((0, "#c32a1e"), (26, "#1d1f22")):
        way = smooth_path(
            [
                (96, 10 - shift * 0.5, 19),
                (130, 0 - shift, 10),
                (170, -50 - shift, 7),
                (120, -100 - shift * 0.6, 7),
                (64, -104 - shift, 16),
            ],
            90,
        )
        leads.append(Piece(tube(way, 6, 18), plastic(color, 0.5)))
        leads += place(clamp(color), -30, -100 - shift * 1.9, 24, turn=3)
    return [*body, *leads]
