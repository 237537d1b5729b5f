"""Engine, cooling and filters."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    ALUMINUM,
    BLACK_STEEL,
    BRASS,
    CAST_ALUMINUM,
    CERAMIC,
    MILK,
    PAPER,
    RUBBER,
    STEEL,
    ZINC,
    Material,
    drawing,
    lacquer,
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
    gear,
    join,
    label,
    lathe,
    rectangle,
    ring,
    ring_sector,
    smooth_path,
    sweep,
    torus,
    tube,
    wrapped_label,
)

SEAL = plastic("#1f2021", 0.6)


def pleats(width: float, depth: float, height: float, count: int) -> Mesh:
    """Folded filter paper lying on z = 0, its folds along y."""
    x = np.linspace(-width / 2, width / 2, count * 2 + 1)
    z = np.where(np.arange(count * 2 + 1) % 2, height, 0.0)
    upper, lower = np.column_stack([x, z]), np.column_stack([x, z - 2.2])[::-1]
    return extrude(np.vstack([lower[::-1], upper[::-1]]), depth).turn("x", 90).move(y=depth / 2, z=2.2)


@goods("oil-filter", azimuth=-8, elevation=18)
def oil_filter() -> Pieces:
    def can() -> Pieces:
        flutes = gear(38.4, 2.4, 24)
        return [
            Piece(
                lathe([(0.1, 0), (33, 0), (37, 3), (38, 8), (38, 74), (37, 76), (34, 77), (34, 80), (0.1, 80)]),
                lacquer("#1d4fd8"),
                soft=40,
            ),
            Piece(extrude(flutes, 16).move(z=77), lacquer("#1d4fd8"), bevel=1),
            Piece(lathe([(38, 93), (36, 97), (30, 98.5), (0.1, 99)]), lacquer("#1d4fd8")),
            Piece(wrapped_label(38.2, 58, 200).move(z=11), drawing("plate:机油滤清器:OIL FILTER")),
        ]

    def open_end() -> Pieces:
        holes = [circle(3.6, 16, 22 * np.cos(a), 22 * np.sin(a)) for a in np.arange(8) * np.pi / 4]
        return [
            Piece(extrude(circle(35, 72), 2, [circle(11, 40), *holes]).move(z=80), STEEL, bevel=0.4),
            Piece(torus(31, 3.2, 72, 14).move(z=82), RUBBER),
            Piece(ring(12.5, 10, 8).move(z=78), ZINC, bevel=0.5),
            Piece(
                lathe([(0.1, 99 - 92), (30, 7.5), (36, 9), (38, 13), (38, 78), (37, 80), (35, 80.5)]),
                lacquer("#1d4fd8"),
                soft=40,
            ),
            Piece(cylinder(10.5, 4).move(z=70), BLACK_STEEL),
        ]

    return place(can(), 0, 30) + ground(place(open_end(), 80, -34, tilt=62, turn=14))


@goods("air-filter", azimuth=-28, elevation=32)
def air_filter() -> Pieces:
    frame = extrude(rectangle(300, 220, 16), 14, [rectangle(272, 192, 8)])
    return [
        Piece(frame.move(z=34), Material("#e2571c", roughness=0.55), bevel=4),
        Piece(extrude(rectangle(286, 206, 12), 34, [rectangle(274, 194, 8)]), plastic("#2a2b2e"), bevel=1),
        Piece(pleats(272, 194, 40, 26).move(z=3), PAPER, soft=20),
        *[Piece(box(272, 3, 3).move(0, y, 42), plastic("#d8cfb8"), bevel=0.8) for y in (-62, 0, 62)],
    ]


@goods("cabin-filter", azimuth=-30, elevation=30)
def cabin_filter() -> Pieces:
    def element(color: str) -> Pieces:
        side = box(250, 4, 34)
        return [
            Piece(pleats(244, 196, 30, 24).move(z=1), Material(color, roughness=0.95), soft=20),
            *[Piece(side.move(0, y), Material("#f2f2ee", roughness=0.9), bevel=0.6) for y in (-100, 100)],
            *[Piece(box(4, 204, 34).move(x), Material("#f2f2ee", roughness=0.9), bevel=0.6) for x in (-124, 124)],
        ]

    arrow = Piece(label(140, 30).move(0, -102.2, 17), drawing("words:AIR FLOW  ↑:#1746d1"))
    flat = [*element("#8d9196"), arrow]
    return place(flat, 0, -40) + place(element("#f0f0ec"), 30, 118, 78, tilt=62)


@goods("spark-plug", azimuth=-15, elevation=20)
def spark_plug() -> Pieces:
    def plug() -> Pieces:
        thread = join(torus(7, 0.8, 40, 8).move(z=18 + 1.5 * k) for k in range(13))
        hook = smooth_path([(6.2, 0, 12), (6.2, 0, 3), (4.5, 0, 0.5), (0, 0, 0.2)], 24)
        ribs = [(5.6, 62), (6.4, 63.5), (5.6, 65)]
        return [
            Piece(cylinder(6.9, 22).move(z=16), ZINC),
            Piece(thread, ZINC),
            Piece(cylinder(1.3, 10, 20).move(z=3.6), STEEL, bevel=0.2),
            Piece(lathe([(0.1, 9), (2.6, 9), (3.4, 17), (0.1, 17)]), CERAMIC),
            Piece(sweep(hook, rectangle(2.6, 1.4, 0.4)), STEEL),
            Piece(lathe([(7, 38), (10.4, 38), (10.4, 42), (8, 43)]), ZINC, bevel=0.4),
            Piece(extrude(circle(9.6, 6), 12).turn("z", 12).move(z=43), STEEL, bevel=1),
            Piece(lathe([(8.4, 55), (7.6, 58), (6, 60)]), STEEL),
            Piece(lathe([(5.8, 58), *ribs, (5.6, 68), (6.3, 69.5), (5.6, 71), (5.4, 88), (4, 91)]), CERAMIC),
            Piece(lathe([(2.2, 90), (3, 91), (3, 94), (2.3, 95), (3.4, 97), (3.4, 100), (2, 101)]), STEEL),
            Piece(wrapped_label(5.62, 9, 150).move(z=75.5), drawing("words:XINGCHI:#1746d1")),
        ]

    return (
        place(plug(), 0, 0, 9, lean=90, turn=28)
        + place(plug(), -8, 32, 9, lean=90, turn=36)
        + place(plug(), 14, -30, 9, lean=90, turn=18)
    )


@goods("ignition-coil", azimuth=-25, elevation=18)
def ignition_coil() -> Pieces:
    def coil() -> Pieces:
        return [
            Piece(lathe([(0.1, 0), (9, 0), (11, 3), (11, 30), (9.5, 33), (11, 36), (11, 62), (13, 70)]), RUBBER),
            Piece(cylinder(13.5, 50).move(z=68), ABS, bevel=1),
            Piece(extrude(rectangle(62, 38, 8), 30).move(8, 0, 112), ABS, bevel=3),
            Piece(extrude(rectangle(54, 30, 5), 3).move(8, 0, 142), SEAL, bevel=1),
            Piece(box(26, 24, 18).move(48, 0, 118), ABS, bevel=2, cut=(box(30, 18, 12).move(54, 0, 121),)),
            Piece(
                extrude(rectangle(26, 22, 10), 9).move(-30, 0, 114),
                ABS,
                bevel=1.5,
                cut=(cylinder(5, 20).move(-34, 0, 110),),
            ),
            Piece(ring(6, 4, 11).move(-34, 0, 113), BRASS, bevel=0.3),
            Piece(label(44, 22).turn("x", -90).move(8, 0, 145.4), drawing("words:XINGCHI:#aab2bd")),
        ]

    return ground(place(coil(), -20, 0, lean=90, turn=18)) + ground(place(coil(), 10, -74, lean=90, turn=-4))


@goods("drive-belt", azimuth=-18, elevation=30)
def drive_belt() -> Pieces:
    path = smooth_path(
        [
            (-130, 0, 13),
            (-105, 60, 13),
            (-40, 58, 13),
            (40, 88, 13),
            (120, 70, 13),
            (140, 10, 13),
            (110, -50, 13),
            (40, -38, 13),
            (-40, -30, 13),
            (-100, -56, 13),
        ],
        240,
        closed=True,
    )
    ribs = []
    for k in range(6):
        ribs += [(-2.0, -12 + 4 * k), (-2.0, -10.9 + 4 * k), (-4.4, -9.6 + 4 * k), (-4.4, -9.2 + 4 * k)]
    profile = np.array([(2, 12), *ribs[::-1], (2, -12)], float)
    return [Piece(sweep(path, profile[::-1], closed=True), Material("#37373a", roughness=0.5), soft=25)]


@goods("water-pump", azimuth=-38, elevation=22)
def water_pump() -> Pieces:
    volute = [
        Piece(lathe([(0.1, 0), (40, 0), (45, 5), (45, 26), (40, 32), (20, 34), (16, 40)]), ABS, soft=30),
        Piece(lathe([(9, 38), (13, 38), (13, 60), (14.5, 63), (13, 66), (12, 80), (9, 80)], solid=True), ABS, soft=30),
        Piece(
            lathe([(9, 0), (13, 0), (13, 24), (14.5, 27), (13, 30), (12, 46), (9, 46)], solid=True)
            .turn("y", 90)
            .move(20, 32, 16),
            ABS,
            soft=30,
        ),
        Piece(cylinder(4, 30, 20).move(48).around(6).move(z=-4), ZINC, bevel=0.6),
        Piece(ring(53, 40, 8).move(z=-2), ABS, bevel=1.5),
    ]
    motor = [
        Piece(lathe([(0.1, -80), (32, -80), (38, -74), (38, -2), (0.1, -2)]), CAST_ALUMINUM, soft=30),
        Piece(box(3, 6, 60).move(40).around(20).move(z=-68), CAST_ALUMINUM, bevel=0.8),
        Piece(box(34, 30, 24).move(0, -44, -60), ABS, bevel=2, cut=(box(26, 30, 16).move(0, -52, -56),)),
    ]
    return ground(place(volute + motor, lean=90))


@goods("coolant-hose", azimuth=-20, elevation=30)
def coolant_hose() -> Pieces:
    def hose(path: Array) -> Pieces:
        pieces = [Piece(tube(path, 17, 32), RUBBER)]
        for k, j in ((9, 14), (-10, -15)):
            way = path[j] - path[k]
            step = way / np.linalg.norm(way)
            clamp = np.linspace(path[k] - step * 5, path[k] + step * 5, 2)
            pieces.append(Piece(tube(clamp, 18.6, 40), STEEL, bevel=0.4))
        for end, inner in ((path[0], path[1]), (path[-1], path[-2])):
            step = (inner - end) / np.linalg.norm(inner - end)
            pieces.append(Piece(tube(np.linspace(end - step * 0.6, end, 2), 13, 32), plastic("#050505", 0.8)))
        return pieces

    long = smooth_path(
        [
            (-170, 20, 20),
            (-110, 20, 20),
            (-60, 40, 20),
            (-20, 90, 22),
            (60, 100, 30),
            (110, 60, 22),
            (120, 0, 20),
            (170, -30, 20),
        ],
        160,
    )
    short = smooth_path([(-110, -90, 20), (-60, -70, 20), (0, -50, 20), (50, -70, 20), (60, -120, 20)], 110)
    return hose(long) + hose(short)


def core(width: float, height: float, thickness: float, tubes: int) -> Pieces:
    """A finned heat exchanger's core standing on z = 0 in the plane y = 0."""
    pitch = height / tubes
    fins = Material("#8d9196", metallic=0.9, roughness=0.5, grain="fins", size=3, depth=0.9)
    return [
        Piece(box(width, thickness * 0.7, height), fins),
        Piece(box(width, thickness, pitch * 0.34).row(tubes, z=pitch).move(z=pitch * 0.2), ALUMINUM),
    ]


@goods("radiator", azimuth=-26, elevation=14)
def radiator() -> Pieces:
    tank = extrude(rectangle(44, 52, 12), 400)
    return [
        *core(560, 400, 26, 30),
        *[Piece(tank.move(x), ABS, bevel=4) for x in (-300, 300)],
        *[Piece(box(47, 56, 4).row(13, z=30).move(x, 0, 20), ABS, bevel=1) for x in (-300, 300)],
        Piece(box(560, 34, 10).move(z=-6), ALUMINUM, bevel=1),
        Piece(box(560, 34, 10).move(z=398), ALUMINUM, bevel=1),
        Piece(
            lathe([(14, 0), (18, 0), (18, 42), (20, 45), (18, 48), (18, 56), (14, 56)], solid=True)
            .turn("x", 90)
            .move(300, -20, 330),
            ABS,
        ),
        Piece(
            lathe([(14, 0), (18, 0), (18, 42), (20, 45), (18, 48), (18, 56), (14, 56)], solid=True)
            .turn("x", 90)
            .move(-300, -20, 70),
            ABS,
        ),
        *[Piece(cylinder(9, 24).move(x, 0, -28), ABS, bevel=2) for x in (-300, 300)],
    ]


@goods("condenser", azimuth=26, elevation=14)
def condenser() -> Pieces:
    dryer = lathe([(0.1, 0), (15, 0), (18, 4), (18, 330), (15, 336), (0.1, 337)])
    line = smooth_path([(-306, -4, 310), (-306, -30, 320), (-306, -50, 350), (-280, -50, 372), (-240, -50, 372)], 60)
    return [
        *core(590, 360, 16, 34),
        *[Piece(cylinder(13, 372).move(x, 0, -6), ALUMINUM, bevel=2) for x in (-302, 302)],
        Piece(dryer.move(336, 0, 10), ALUMINUM, soft=30),
        *[Piece(box(34, 12, 14).move(318, 0, z), ALUMINUM, bevel=2) for z in (50, 280)],
        Piece(box(600, 20, 5).move(z=-5), ALUMINUM, bevel=1),
        Piece(box(600, 20, 5).move(z=360), ALUMINUM, bevel=1),
        Piece(tube(line, 7, 24), ALUMINUM),
        Piece(box(20, 30, 26).move(-236, -50, 359), ALUMINUM, bevel=3),
        *[
            Piece(
                box(30, 5, 40).move(x, 0, 362), ALUMINUM, bevel=1, cut=(cylinder(6, 20).turn("x", 90).move(x, 8, 388),)
            )
            for x in (-200, 210)
        ],
    ]


@goods("expansion-tank", azimuth=-28, elevation=18)
def expansion_tank() -> Pieces:
    def half(scale: float) -> Array:
        return rectangle(150 * scale, 110 * scale, 30 * scale)

    rings = [np.column_stack([half(s), np.full(len(half(s)), z)]) for s, z in ((0.9, 0), (0.97, 4), (1, 12), (1, 60))]
    upper = [
        np.column_stack([half(s), np.full(len(half(s)), z)])
        for s, z in ((1, 66), (1, 100), (0.97, 112), (0.88, 120), (0.5, 126))
    ]
    from apps.studio.goods.shapes import loft

    cap = [
        Piece(cylinder(25, 12).move(z=124), MILK, bevel=1),
        Piece(extrude(gear(32, 2.5, 26), 22).move(z=134), plastic("#1c1d20"), bevel=1.5),
        Piece(label(42, 42).turn("x", -90).move(0, 0, 156.4), drawing("words:COOLANT:#f1c232:110 kPa")),
    ]
    nozzle = lathe([(5, 0), (8, 0), (8, 26), (9.5, 28), (8, 32), (5, 34)], solid=True)
    fill = Material("#d9558c", roughness=0.3)
    return [
        Piece(loft(rings), MILK),
        Piece(loft(upper), MILK),
        Piece(extrude(rectangle(160, 120, 34), 6).move(z=60), MILK, bevel=2),
        Piece(
            loft(
                [
                    np.column_stack([half(s * 1.003), np.full(len(half(s)), z)])
                    for s, z in ((0.97, 6), (1, 14), (1, 48))
                ],
                caps=False,
            ),
            fill,
        ),
        *place(cap, -24, 8),
        Piece(nozzle.turn("y", 90).move(74, 10, 92), MILK),
        Piece(nozzle.turn("y", 90).move(74, -20, 22), MILK),
        Piece(label(60, 24).move(28, -55.6, 78), drawing("words:MAX:#39404a")),
        Piece(label(60, 24).move(28, -55.6, 24), drawing("words:MIN:#f6f6f6")),
        Piece(box(26, 8, 30).move(-84, 0, 50), MILK, bevel=2, cut=(cylinder(6, 30).turn("x", 90).move(-88, 12, 66),)),
    ]


@goods("compressor", azimuth=-32, elevation=20)
def compressor() -> Pieces:
    fins = [
        Piece(extrude(ring_sector(61, 67, a, a + 4, 4), 96).move(z=34), CAST_ALUMINUM, bevel=0.8)
        for a in range(-80, 200, 18)
    ]
    body = [
        Piece(lathe([(0.1, 0), (56, 0), (62, 6), (62, 150), (54, 158), (30, 162), (0.1, 163)]), CAST_ALUMINUM, soft=30),
        Piece(ring(70, 58, 14).move(z=22), CAST_ALUMINUM, bevel=2),
        Piece(ring(70, 58, 14).move(z=130), CAST_ALUMINUM, bevel=2),
        Piece(extrude(circle(7, 6), 12).move(66).around(7).move(z=144), ZINC, bevel=0.8),
        *fins,
    ]
    inverter = [
        Piece(extrude(rectangle(150, 104, 12), 44).move(0, 0, 52), CAST_ALUMINUM, bevel=4),
        Piece(extrude(rectangle(142, 96, 10), 4).move(0, 0, 96), ALUMINUM, bevel=1.2),
        *[Piece(cylinder(4.5, 5, 6).move(x, y, 99), ZINC, bevel=0.5) for x in (-62, 0, 62) for y in (-40, 40)],
        Piece(
            label(92, 46).turn("x", -90).move(0, 0, 100.4),
            drawing("plate:电动压缩机:ELECTRIC COMPRESSOR:#f5f6f8:#14171c"),
        ),
        Piece(cylinder(15, 34).turn("x", 90).move(-36, -50, 74), Material("#f07a13", roughness=0.4), bevel=2),
        Piece(cylinder(19, 10).turn("x", 90).move(-36, -50, 74), ABS, bevel=1),
        Piece(box(30, 26, 22).move(40, -60, 62), ABS, bevel=2),
    ]
    ports = [Piece(ring(16, 9, 26).turn("x", 90).move(x, -54, 4), ALUMINUM, bevel=1.5) for x in (-30, 34)]
    lying = place(body, -82, 0, 0, lean=90)
    feet = [
        Piece(
            box(24, 22, 80).move(x, y, -76),
            CAST_ALUMINUM,
            bevel=4,
            cut=(cylinder(7, 60).turn("x", 90).move(x, y + 20, -60),),
        )
        for x in (-50, 52)
        for y in (-38, 38)
    ]
    return ground([*lying, *inverter, *ports, *feet])
