"""Batteries, controls, lamps and sensors."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    BLACK_STEEL,
    BRASS,
    CAST_ALUMINUM,
    CHROME,
    COPPER,
    DARK_GLASS,
    GLOSS_BLACK,
    RUBBER,
    ZINC,
    Material,
    drawing,
    lacquer,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, ground, place
from apps.studio.goods.shapes import (
    box,
    cylinder,
    extrude,
    label,
    lathe,
    loft,
    rectangle,
    ring,
    ring_sector,
    smooth_path,
    superellipse,
    torus,
    tube,
)

HIGH_VOLTAGE = Material("#f26a0c", roughness=0.42)


def terminal(color: str) -> Pieces:
    return [
        Piece(cylinder(13, 4), plastic(color), bevel=1),
        Piece(cylinder(9.5, 20, top=8.6).move(z=3), Material("#9a9da1", metallic=1, roughness=0.45), bevel=0.8),
    ]


@goods("battery", azimuth=-32, elevation=20)
def battery() -> Pieces:
    case = plastic("#1d1f22", 0.42)
    ribs = [Piece(box(3, 2, 112).move(x, y, 18), case, bevel=0.8) for y in (-88,) for x in np.linspace(-118, 118, 24)]
    return [
        Piece(extrude(rectangle(262, 172, 6), 150, draft=-0.012), case, bevel=3),
        Piece(extrude(rectangle(270, 178, 6), 14).move(z=148), case, bevel=2),
        Piece(extrude(rectangle(262, 172, 8), 22).move(z=160), case, bevel=4),
        *ribs,
        Piece(extrude(rectangle(160, 60, 6), 4).move(0, 16, 181), plastic("#2a2d31"), bevel=1),
        *place(terminal("#b3201c"), -98, -52, 182),
        *place(terminal("#1d1f22"), 98, -52, 182),
        Piece(label(224, 108).move(0, -89.6, 76), drawing("plate:AGM 70Ah:12V  760A  启停蓄电池:#1746d1")),
        Piece(label(150, 34).turn("x", -90).move(0, 16, 185.6), drawing("words:XINGCHI AGM:#9aa3b0")),
        Piece(
            extrude(ring_sector(92, 99, 20, 160, 40), 9).turn("x", 90).scale(1, 1, 0.34).move(0, 40, 168), case, bevel=2
        ),
    ]


@goods("lithium-battery", azimuth=-30, elevation=22)
def lithium_battery() -> Pieces:
    case = plastic("#e9ebee", 0.3)
    return [
        Piece(extrude(rectangle(196, 128, 10), 118), case, bevel=4),
        Piece(extrude(rectangle(200, 132, 12), 8).move(z=84), plastic("#1746d1", 0.3), bevel=2),
        Piece(extrude(rectangle(184, 116, 8), 14).move(z=117), plastic("#1d1f22"), bevel=3),
        *place(terminal("#b3201c"), -66, -34, 130),
        *place(terminal("#1d1f22"), 66, -34, 130),
        Piece(box(36, 28, 16).move(0, 34, 130), ABS, bevel=2),
        Piece(label(160, 80).move(0, -64.4, 42), drawing("words:12V LFP:#1746d1:磷酸铁锂 · 20Ah")),
        Piece(label(60, 18).turn("x", -90).move(0, -34, 131.4), drawing("words:XINGCHI:#aab2bd")),
    ]


@goods("dcdc-converter", azimuth=-34, elevation=26)
def dcdc_converter() -> Pieces:
    fins = [Piece(box(3, 150, 16).move(x, 0, 56), CAST_ALUMINUM, bevel=0.8) for x in np.linspace(-96, 40, 20)]
    return [
        Piece(extrude(rectangle(240, 176, 10), 56), CAST_ALUMINUM, bevel=3),
        Piece(extrude(rectangle(252, 188, 14), 7).move(z=22), CAST_ALUMINUM, bevel=1.5),
        *fins,
        *[Piece(cylinder(7, 9).move(x, y, 28), ZINC, bevel=0.6) for x in (-118, 118) for y in (-86, 0, 86)],
        Piece(extrude(rectangle(58, 150, 6), 10).move(82, 0, 55), CAST_ALUMINUM, bevel=2),
        Piece(
            label(130, 50).turn("x", -90).turn("z", 90).move(82, 0, 65.6),
            drawing("plate:DC-DC 3kW:HV 400V → 12V:#f2b705:#14171c"),
        ),
        *[Piece(ring(17, 11, 24).turn("x", 90).move(x, -86, 30), HIGH_VOLTAGE, bevel=1.5) for x in (-70, -24)],
        *[Piece(cylinder(10, 10).turn("x", 90).move(x, -86, 30), ABS) for x in (-70, -24)],
        Piece(box(56, 22, 26).move(54, -98, 16), ABS, bevel=2.5),
        Piece(cylinder(7, 26).turn("x", 90).move(102, -88, 34), COPPER, bevel=0.6),
    ]


@goods("hv-cable", azimuth=-20, elevation=34)
def hv_cable() -> Pieces:
    path = smooth_path(
        [
            (-190, -40, 12),
            (-120, -90, 12),
            (0, -100, 14),
            (110, -40, 22),
            (100, 70, 26),
            (0, 100, 16),
            (-90, 60, 14),
            (-60, -30, 34),
            (60, -60, 36),
            (130, -90, 18),
            (200, -60, 12),
        ],
        260,
    )
    pieces = [Piece(tube(path, 11, 28), HIGH_VOLTAGE)]
    ridges = list(range(80, 180, 2))
    pieces += [Piece(tube(path[k : k + 2], 12.6, 28), Material("#e2600a", roughness=0.5)) for k in ridges]
    for end, before in ((path[0], path[5]), (path[-1], path[-6])):
        angle = np.degrees(np.arctan2(*(end - before)[[1, 0]]))
        plug = [
            Piece(cylinder(14, 20).turn("y", 90).move(-14), ABS, bevel=2),
            Piece(extrude(rectangle(52, 46, 8), 30).move(30, 0, -15), HIGH_VOLTAGE, bevel=3),
            Piece(extrude(rectangle(18, 54, 5), 38).move(22, 0, -19), HIGH_VOLTAGE, bevel=2.5),
            Piece(box(20, 22, 7).move(38, 0, 15), ABS, bevel=1.5),
            *[Piece(cylinder(4.4, 16).turn("y", 90).move(54, y, 0), BRASS, bevel=0.6) for y in (-12, 12)],
        ]
        pieces += place(plug, end[0], end[1], 19, turn=angle)
    return pieces


@goods("key-fob", azimuth=-24, elevation=46)
def key_fob() -> Pieces:
    outline = superellipse(21, 40, 3.2, 96)
    rings = [
        np.column_stack([outline * s, np.full(96, z)])
        for s, z in ((0.86, 0), (0.97, 2.2), (1, 5.5), (0.985, 9), (0.93, 11.6), (0.82, 13))
    ]
    band = [
        np.column_stack([outline * s, np.full(96, z)]) for s, z in ((1.0, 4.6), (1.022, 5.2), (1.022, 6.6), (1.0, 7.2))
    ]
    buttons = [
        Piece(extrude(rectangle(20, 11, 5), 1.5).move(0, y, 12.8), plastic("#2b2d31", 0.4), bevel=0.6)
        for y in (17, 3, -11)
    ]
    icons = [
        Piece(label(9, 4.5).turn("x", -90).move(0, y, 14.5), drawing(f"words:{sign}:#e8eaee"))
        for y, sign in ((17, "LOCK"), (3, "OPEN"), (-11, "TRUNK"))
    ]
    fob = [
        Piece(loft(rings), GLOSS_BLACK),
        Piece(loft(band, caps=False), CHROME),
        *buttons,
        *icons,
        Piece(label(9, 9).turn("x", -90).move(0, -25, 13.3), drawing("star:#d7dbe2")),
        Piece(torus(7, 1.3, 48, 12).move(0, 46, 6), CHROME),
    ]
    back = place([piece.change(lambda mesh: mesh.turn("y", 180).move(z=13)) for piece in fob[:2]], 48, 14, 0, turn=-38)
    back.append(Piece(label(18, 18).turn("x", -90).turn("z", -38).move(48, 14, 13.3), drawing("star:#d7dbe2")))
    return place(fob, 0, 0, 0, turn=14) + back


@goods("horn", azimuth=-30, elevation=18)
def horn() -> Pieces:
    t = np.linspace(0, 1, 120)
    angle = 2 * np.pi * (0.12 + 1.2 * t)
    r = 16 + 26 * t
    path = np.column_stack([r * np.cos(angle), r * np.sin(angle), 10 + 6 * t])
    way = path[-1] - path[-2]
    way /= np.linalg.norm(way)
    bell = np.vstack([path, [path[-1] + way * s for s in (8, 16, 24, 30)]])
    size = np.concatenate([7 + 8 * t**1.5, [16.5, 19, 23, 28]]) / 10

    def one() -> Pieces:
        return [
            Piece(tube(bell, 10, 36, scale=size), ABS, soft=60),
            Piece(tube(np.array([bell[-1] - way, bell[-1] + way * 0.4]), 24, 36), plastic("#050506", 0.9)),
            Piece(cylinder(40, 12).move(z=-10), ABS, bevel=3),
            Piece(lathe([(38, -10), (44, -12), (44, -17), (36, -20), (30, -22), (0.1, -22)]), BLACK_STEEL, soft=30),
            Piece(lathe([(0.1, -30), (12, -30), (13, -22)]), ZINC),
            Piece(box(16, 3, 60).turn("y", 90).move(0, -44, -16), ZINC, bevel=0.8),
            Piece(cylinder(5.5, 8, 6).turn("x", 90).move(52, -40, -8), ZINC, bevel=0.5),
        ]

    return place(one(), -44, 0, 62, tilt=78, turn=10) + place(one(), 62, 36, 62, tilt=78, turn=-22)


@goods("fuse-box", azimuth=-28, elevation=42)
def fuse_box() -> Pieces:
    colors = ("#c32a1e", "#2364c8", "#e9c21d", "#2f9a4a", "#d9d9d4", "#e07b1c")
    pieces = [
        Piece(
            extrude(rectangle(190, 130, 10), 44), ABS, bevel=3, cut=(extrude(rectangle(178, 118, 7), 60).move(z=26),)
        ),
        Piece(box(24, 14, 22).move(-103, 0, 14), ABS, bevel=2),
        Piece(box(24, 14, 22).move(103, 0, 14), ABS, bevel=2),
    ]
    for row, y in enumerate((-44, -22)):
        for k in range(10):
            color = colors[(k * 5 + row * 3) % len(colors)]
            fuse = Material(color, roughness=0.25, clear=0.2)
            x = -78 + 17.3 * k
            pieces += [
                Piece(box(13, 15, 8).move(x, y, 26), plastic("#141517"), bevel=0.8),
                Piece(extrude(rectangle(11, 6, 1), 15).move(x, y, 31), fuse, bevel=0.8),
            ]
    for k in range(4):
        x = -66 + 44 * k
        pieces += [
            Piece(extrude(rectangle(32, 32, 2), 32).move(x, 12, 26), plastic("#17181a", 0.3), bevel=1.5),
            Piece(label(24, 12).turn("x", -90).move(x, 12, 58.4), drawing("words:12V 40A:#d9dde3")),
        ]
    pieces += [
        Piece(
            extrude(rectangle(26, 12, 1.5), 18).move(-64 + 32 * k, 44, 26),
            Material(colors[(k + 1) % 6], roughness=0.25, clear=0.2),
            bevel=1,
        )
        for k in range(5)
    ]
    lid = [
        Piece(extrude(rectangle(194, 134, 11), 24), ABS, bevel=4),
        Piece(label(120, 60).turn("x", -90).move(0, 0, 24.6), drawing("words:保险盒:#c9ced6:FUSE BOX")),
    ]
    return pieces + place(lid, 26, 92, 66, tilt=72)


@goods("relay", azimuth=-30, elevation=24)
def relay() -> Pieces:
    def one() -> Pieces:
        blades = [
            Piece(extrude(rectangle(w, d, 0.2), 12), COPPER.tinted("#c79a6b"), bevel=0.3).change(
                lambda mesh, x=x, y=y: mesh.move(x, y, 0)
            )
            for x, y, w, d in ((-8, 0, 1, 6.4), (8, 0, 1, 6.4), (0, -8, 6.4, 1), (0, 8, 6.4, 1), (0, 0, 6.4, 1))
        ]
        return [
            Piece(extrude(rectangle(28, 28, 2.5), 3).move(z=11), plastic("#2c2e32"), bevel=0.5),
            Piece(extrude(rectangle(27, 27, 2.5), 24).move(z=14), plastic("#17181a", 0.28), bevel=1.4),
            *blades,
            Piece(label(22, 11).move(0, -13.7, 28), drawing("words:XINGCHI:#e8eaee:12V 40A")),
            Piece(
                extrude(rectangle(10, 3, 0.6), 10).move(0, 15, 28),
                plastic("#17181a"),
                bevel=0.6,
                cut=(cylinder(2.4, 10).turn("x", 90).move(0, 18, 33),),
            ),
        ]

    return place(one(), -6, 10) + place(one(), 34, -12, 14, lean=90, turn=22)


@goods("rear-camera", azimuth=-32, elevation=24)
def rear_camera() -> Pieces:
    body = [
        Piece(extrude(rectangle(30, 26, 6), 24), ABS, bevel=2.5),
        Piece(lathe([(0.1, 24), (12, 24), (12, 32), (10, 34), (8, 33)]), ABS, soft=30),
        Piece(ring(10.4, 8, 3).move(z=32), CHROME, bevel=0.4),
        Piece(lathe([(8.2, 31), (7, 34), (4, 36), (0.1, 36.6)]), DARK_GLASS),
        Piece(
            extrude(rectangle(64, 14, 5), 3).move(z=6),
            BLACK_STEEL,
            bevel=0.8,
            cut=(cylinder(3, 10).move(-25, 0, 3), cylinder(3, 10).move(25, 0, 3)),
        ),
    ]
    wire = tube(
        smooth_path([(0, 16, 12), (8, 44, 8), (50, 62, 5), (84, 20, 4), (60, -22, 4), (92, -46, 4)], 110), 2.6, 16
    )
    plug = Piece(extrude(rectangle(20, 13, 3), 10).turn("z", -36).move(98, -52, 0), plastic("#1d5bd6"), bevel=1)
    return [*ground(place(body, 0, 18, tilt=84)), Piece(wire, RUBBER), plug]


@goods("radar-sensor", azimuth=-26, elevation=28)
def radar_sensor() -> Pieces:
    def one(color: str) -> Pieces:
        return [
            Piece(lathe([(0.1, 40), (9, 40), (9.6, 39), (9.6, 30)]), lacquer(color), soft=40),
            Piece(lathe([(9.6, 38), (11, 37), (11, 33), (12.5, 32), (12.5, 30)]), RUBBER, soft=40),
            Piece(extrude(rectangle(30, 26, 5), 18).move(2, 0, 12), ABS, bevel=1.5),
            Piece(box(20, 22, 15).move(24, 0, 10), ABS, bevel=1.5, cut=(box(20, 16, 9).move(32, 0, 13),)),
            Piece(box(4, 32, 8).move(-4, 0, 17), ABS, bevel=1),
        ]

    return (
        ground(place(one("#e8e9ea"), -44, 26, tilt=52, turn=-6))
        + ground(place(one("#1d1e21"), 16, 32, tilt=52, turn=8))
        + ground(place(one("#8e1b16"), 66, 6, tilt=52, turn=16))
        + ground(place(one("#1746d1"), 4, -34, tilt=40, turn=-4))
    )


@goods("window-switch", azimuth=-30, elevation=34)
def window_switch() -> Pieces:
    def rocker(x: float, y: float) -> Pieces:
        profile = smooth_path([(-15, 0), (15, 0), (16, 6), (9, 7.5), (0, 5), (-9, 9), (-16, 8)], 60, closed=True)
        return [
            Piece(
                extrude(profile, 17).turn("x", 90).turn("z", 90).move(x - 8.5, y, 15), plastic("#232529", 0.35), bevel=1
            ),
            Piece(label(10, 5).turn("x", -90).move(x, y - 2, 21.8), drawing("words:AUTO:#cfd4db")),
        ]

    base = rectangle(72, 126, 14)
    return [
        Piece(extrude(base, 14), GLOSS_BLACK, bevel=3),
        Piece(extrude(rectangle(75, 129, 15), 4).move(z=8), CHROME, bevel=1),
        *[piece for x in (-15, 15) for y in (-34, 6) for piece in rocker(x, y)],
        Piece(extrude(rectangle(46, 14, 4), 4).move(0, 46, 13), plastic("#232529", 0.35), bevel=1),
        Piece(label(34, 10).turn("x", -90).move(0, 46, 17.4), drawing("words:LOCK:#f0a23a")),
        Piece(box(52, 84, 34).move(0, 0, -33), ABS, bevel=3),
    ]
