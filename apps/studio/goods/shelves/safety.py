"""Tools and what the law or good sense wants in the trunk."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    BLACK_STEEL,
    BRASS,
    CHROME,
    FABRIC,
    RUBBER,
    STEEL,
    ZINC,
    Material,
    drawing,
    lacquer,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, place
from apps.studio.goods.shapes import (
    Array,
    box,
    circle,
    cylinder,
    extrude,
    gear,
    join,
    label,
    lathe,
    rectangle,
    smooth_path,
    sweep,
    torus,
    tube,
    wrapped_label,
)

REFLECTOR = Material("#d8141a", roughness=0.12, coat=1, glow=0.25)


@goods("tool-kit", azimuth=-24, elevation=34)
def tool_kit() -> Pieces:
    tray = [
        Piece(
            extrude(rectangle(330, 190, 14), 36),
            plastic("#26282c"),
            bevel=4,
            cut=(extrude(rectangle(312, 172, 9), 40).move(z=22),),
        ),
        Piece(
            extrude(rectangle(310, 170, 8), 3).move(z=20),
            Material("#33363b", roughness=0.8, grain="felt", size=4),
            bevel=0.6,
        ),
    ]
    lid = [
        Piece(
            extrude(rectangle(330, 190, 14), 30),
            plastic("#26282c"),
            bevel=4,
            cut=(extrude(rectangle(312, 172, 9), 40).move(z=8),),
        ),
        Piece(label(150, 75).turn("x", -90).move(0, 0, 8.4), drawing("words:XINGCHI:#c8cdd6:随车工具")),
    ]
    sockets = [
        Piece(
            lathe([(6, 0), (r, 0), (r, 18), (r * 0.86, 24), (r * 0.5, 24), (r * 0.5, 6)], 48), CHROME, soft=40
        ).change(lambda m, x=x: m.move(x, 58, 24))
        for r, x in zip(np.linspace(8, 16, 9), np.linspace(-132, 130, 9), strict=True)
    ]
    ratchet = [
        Piece(tube(np.array([[-60.0, 10, 34], [60, 10, 34]]), 6, 24), CHROME),
        Piece(tube(np.array([[-140.0, 10, 34], [-60, 10, 34]]), 10, 24), RUBBER, bevel=2),
        Piece(extrude(circle(20, 48), 18).move(74, 10, 26), CHROME, bevel=4),
        Piece(box(11, 11, 10).move(74, 10, 44), CHROME, bevel=1),
    ]
    wrenches = []
    for k in range(4):
        length, y = 150 - 18 * k, -26 - 15 * k
        ring_end = extrude(circle(8.5, 40), 6, [circle(5, 12)])
        jaw = extrude(circle(9.5, 40), 6)
        wrenches += [
            Piece(extrude(rectangle(length, 6, 2), 4), CHROME, bevel=1).change(lambda m, y=y: m.move(-60, y, 24)),
            Piece(ring_end, CHROME, bevel=1).change(lambda m, y=y, d=length / 2: m.move(-60 + d, y, 23)),
            Piece(jaw, CHROME, bevel=1, cut=(box(12, 8, 30).move(-7, 0, -10),)).change(
                lambda m, y=y, d=length / 2: m.move(-60 - d, y, 23)
            ),
        ]
    drivers = []
    for k, color in enumerate(("#1746d1", "#c32a1e", "#1746d1")):
        x, y = 60, -26 - 22 * k
        drivers += [
            Piece(extrude(gear(9, 1.2, 10), 62).turn("y", 90), plastic(color, 0.3), bevel=1.5).change(
                lambda m, x=x, y=y: m.move(x, y, 33)
            ),
            Piece(cylinder(2.6, 52, 16).turn("y", -90), CHROME).change(lambda m, x=x, y=y: m.move(x, y, 33)),
        ]
    return [*tray, *place(lid, 0, 118, 118, tilt=76), *sockets, *ratchet, *wrenches, *drivers]


@goods("jack", azimuth=-24, elevation=14)
def jack() -> Pieces:
    steel = lacquer("#2a2d32")

    def arm(x0: float, z0: float, x1: float, z1: float) -> list[Piece]:
        length, angle = np.hypot(x1 - x0, z1 - z0), np.degrees(np.arctan2(z1 - z0, x1 - x0))
        bar = extrude(rectangle(length + 34, 34, 16), 6)
        return [
            Piece(bar.turn("x", 90).turn("y", -angle).move((x0 + x1) / 2, y, (z0 + z1) / 2), steel, bevel=1.5)
            for y in (-16, 22)
        ]

    bottom, top, left, right = (0, 34), (0, 226), (-150, 130), (150, 130)
    arms = [piece for a, b in ((bottom, left), (bottom, right), (top, left), (top, right)) for piece in arm(*a, *b)]
    thread = join(torus(9, 1.5, 28, 8).move(z=-140 + 5 * k) for k in range(57)).turn("y", 90).move(0, 0, 130)
    return [
        *arms,
        Piece(cylinder(8, 330).turn("y", 90).move(-165, 0, 130), ZINC, bevel=1),
        Piece(thread, ZINC),
        *[Piece(cylinder(15, 62).turn("x", 90).move(x, 31, z), ZINC, bevel=1.5) for x, z in (bottom, top)],
        *[Piece(cylinder(19, 54).turn("x", 90).move(x, 27, z), steel, bevel=2) for x, z in (left, right)],
        Piece(extrude(rectangle(130, 96, 10), 8), steel, bevel=2),
        *[Piece(box(50, 8, 44).move(0, y, 6), steel, bevel=2) for y in (-26, 26)],
        *[Piece(box(56, 8, 40).move(0, y, 214), steel, bevel=2) for y in (-26, 26)],
        Piece(box(66, 60, 10).move(0, 0, 248), steel, bevel=2),
        Piece(box(60, 56, 10).move(0, 0, 257), RUBBER, bevel=3, cut=(box(10, 80, 20).move(0, 0, 261),)),
        Piece(torus(13, 3.5, 48, 14).turn("x", 90).move(184, 0, 130), ZINC),
        Piece(
            tube(
                smooth_path(
                    [(190, 0, 130), (240, 0, 130), (250, 0, 110), (250, 0, 60), (260, 0, 50), (300, 0, 50)], 60
                ),
                6,
                18,
            ),
            ZINC,
        ),
    ]


@goods("first-aid-kit", azimuth=-26, elevation=20)
def first_aid_kit() -> Pieces:
    red = Material("#c8201f", roughness=0.75, grain="weave", size=4, depth=0.25)
    bag = extrude(rectangle(250, 90, 26), 160)
    zipper = smooth_path(
        [(-126, -18, 100), (-120, -44, 130), (-60, -47, 142), (60, -47, 142), (120, -44, 130), (126, -18, 100)], 80
    )
    cross = [
        Piece(extrude(rectangle(92, 92, 46), 2).turn("x", 90).move(0, -45, 84), plastic("#f6f7f8", 0.5), bevel=0.8),
        Piece(extrude(rectangle(58, 19, 2), 3).turn("x", 90).move(0, -46, 84), plastic("#c8201f", 0.5), bevel=0.6),
        Piece(extrude(rectangle(19, 58, 2), 3).turn("x", 90).move(0, -46, 84), plastic("#c8201f", 0.5), bevel=0.6),
    ]
    handle = smooth_path([(-52, 0, 158), (-48, 0, 186), (0, 0, 194), (48, 0, 186), (52, 0, 158)], 50)
    roll = [
        Piece(
            lathe([(6, 0), (24, 0), (24, 50), (6, 50)], solid=True),
            Material("#f3f3ef", roughness=0.95, grain="weave", size=4, depth=0.4),
            bevel=2,
        ),
    ]
    scissors = [
        Piece(torus(15, 3.4, 48, 14).scale(1, 0.8, 1).move(-70, 14, 4), plastic("#1f2125", 0.4)),
        Piece(torus(15, 3.4, 48, 14).scale(1, 0.8, 1).move(-70, -14, 4), plastic("#1f2125", 0.4)),
        Piece(
            extrude(np.array([(-56, 9), (-10, -1), (50, -6), (48, -2), (-8, 6), (-54, 14)], float), 3).move(z=3),
            STEEL,
            bevel=0.4,
        ),
        Piece(
            extrude(np.array([(-54, -14), (-8, -6), (48, 2), (50, 6), (-10, 1), (-56, -9)], float), 3), STEEL, bevel=0.4
        ),
    ]
    return [
        Piece(bag, red, bevel=12, soft=30),
        Piece(tube(zipper, 2.4, 12), plastic("#26282c")),
        *cross,
        Piece(sweep(handle, rectangle(6, 24, 2)), FABRIC),
        Piece(label(110, 33).move(0, -45.6, 24), drawing("words:急救包:#ffffff")),
        *place(roll, 160, -60, 0),
        *place(roll, 122, -104, 24, tilt=90, turn=40),
        *place(scissors, -60, -100, 0, turn=14),
    ]


@goods("warning-triangle", azimuth=-20, elevation=12)
def warning_triangle() -> Pieces:
    def triangle(side: float) -> Array:
        r = side / np.sqrt(3)
        corners = [(r * np.cos(a), r * np.sin(a)) for a in np.radians([90, 210, 330])]
        points = []
        for k, corner in enumerate(corners):
            c = np.array(corner)
            before, after = np.array(corners[k - 1]), np.array(corners[(k + 1) % 3])
            points += [c + (before - c) * 0.05, c + (c * 0 - c) * 0.035, c + (after - c) * 0.05]
        return np.array(points)

    frame = extrude(triangle(440), 8, [triangle(300)])
    strip = extrude(triangle(400), 2, [triangle(345)])
    inner = extrude(triangle(300), 3, [triangle(210)])
    sign = [
        Piece(frame, REFLECTOR, bevel=1.5),
        Piece(
            strip.move(z=7.4),
            Material("#ff5a4f", roughness=0.2, coat=1, glow=0.25, grain="fins", size=3, depth=0.4),
            bevel=0.4,
        ),
        Piece(inner.move(z=3), Material("#ff6a1a", roughness=0.4, glow=0.2), bevel=0.6),
    ]
    feet = [Piece(box(300, 16, 8).turn("z", turn).move(0, 0, 0), BLACK_STEEL, bevel=2) for turn in (32, -32)] + [
        Piece(cylinder(10, 24).move(z=2), BLACK_STEEL, bevel=2)
    ]
    return place(sign, 0, 0, 144, tilt=84) + feet


@goods("fire-extinguisher", azimuth=-24, elevation=12)
def fire_extinguisher() -> Pieces:
    red = lacquer("#c4201d")
    body = [(0.1, 6), (44, 6), (50, 0), (52, 4), (52, 220), (48, 242), (34, 260), (20, 268), (18, 276), (0.1, 276)]
    handle = smooth_path([(-6, 0, 300), (20, 0, 304), (60, 0, 312), (104, 0, 300), (112, 0, 292)], 40)
    lever = smooth_path([(-10, 0, 318), (30, 0, 326), (80, 0, 342), (112, 0, 336)], 40)
    hose = smooth_path([(-16, 0, 292), (-52, 0, 296), (-78, 0, 270), (-78, -4, 190), (-72, -8, 120)], 60)
    return [
        Piece(lathe(body), red, soft=40),
        Piece(lathe([(0.1, 276), (17, 276), (19, 282), (19, 304), (14, 310), (0.1, 312)]), BRASS, soft=40),
        Piece(sweep(handle, rectangle(7, 22, 2)), BLACK_STEEL),
        Piece(sweep(lever, rectangle(6, 20, 2)), lacquer("#1d1f22")),
        Piece(cylinder(16, 8).turn("x", 90).move(4, -18, 292), CHROME, bevel=1.5),
        Piece(label(26, 26).move(4, -26.4, 292), drawing("gauge:")),
        Piece(torus(11, 1.6, 40, 10).turn("x", 90).move(44, -14, 318), ZINC),
        Piece(tube(hose, 8, 20), RUBBER),
        Piece(cylinder(9, 60, top=14).turn("y", 180).move(-72, -8, 122), ABS, bevel=1.5),
        Piece(wrapped_label(52.3, 130, 142).move(z=44), drawing("plate:干粉灭火器:1 kg · ABC:#f4f5f7:#b81d1a:square")),
    ]
