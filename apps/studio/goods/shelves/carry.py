"""What carries, covers and shelters: in the trunk and beside the car."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    CHROME,
    FABRIC,
    RUBBER,
    ZINC,
    Material,
    drawing,
    lacquer,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    box,
    cylinder,
    extrude,
    join,
    label,
    lathe,
    loft,
    pillow,
    pipe,
    rectangle,
    smooth_path,
    superellipse,
    sweep,
    torus,
    tube,
)


@goods("trunk-organizer", azimuth=-30, elevation=24)
def trunk_organizer() -> Pieces:
    cloth = Material("#4b4f56", roughness=0.95, grain="felt", size=4, depth=0.4)
    trim = Material("#1746d1", roughness=0.8)
    width, depth, height = 520, 340, 250
    walls = [
        box(width, 12, height).move(0, -depth / 2),
        box(width, 12, height).move(0, depth / 2),
        box(12, depth, height).move(-width / 2),
        box(12, depth, height).move(width / 2),
        box(10, depth, height * 0.92).move(20),
    ]
    hem = rectangle(width + 4, depth + 4, 8)
    handles = [
        tube(
            smooth_path(
                [
                    (s * width / 2, -50, height - 60),
                    (s * (width / 2 + 30), -46, height - 30),
                    (s * (width / 2 + 30), 46, height - 30),
                    (s * width / 2, 50, height - 60),
                ],
                50,
            ),
            8,
            12,
        )
        for s in (-1, 1)
    ]
    stripes = [Piece(box(34, 3, height).move(x, -depth / 2 - 7, 0), FABRIC, bevel=1) for x in (-180, 180)]
    bottle_ = [
        Piece(
            lathe([(0.1, 10), (40, 10), (42, 14), (42, 220), (24, 262), (20, 290)]).move(-150, 30),
            Material("#cfe6f7", roughness=0.1, clear=0.6),
            soft=50,
        ),
        Piece(cylinder(24, 26).move(-150, 30, 288), plastic("#1746d1"), bevel=2),
        Piece(
            lathe([(0.1, 10), (36, 10), (36, 270), (30, 276), (0.1, 276)]).move(-60, 70),
            Material("#d9dcdf", metallic=1, roughness=0.3),
            soft=50,
        ),
    ]
    rolled = [
        Piece(
            cylinder(64, 200).turn("x", 90).move(150, 100, 240),
            Material("#8aa4e6", roughness=1, grain="felt", size=5, depth=0.6),
            bevel=14,
        )
    ]
    return [
        *[Piece(mesh, cloth, bevel=3) for mesh in walls],
        Piece(extrude(rectangle(width, depth, 6), 10), cloth, bevel=2),
        Piece(tube(np.column_stack([hem, np.full(len(hem), height)]), 8, 10, closed=True), FABRIC),
        *[Piece(mesh, FABRIC) for mesh in handles],
        *stripes,
        Piece(box(200, 6, 120).move(0, -depth / 2 - 8, 30), FABRIC, bevel=3),
        Piece(label(150, 45).move(0, -depth / 2 - 15, 100), drawing("words:XINGCHI:#e6e9ee")),
        Piece(box(200, 3, 8).move(0, -depth / 2 - 12, 140), trim, bevel=1),
        *bottle_,
        *rolled,
    ]


@goods("cargo-net", azimuth=-24, elevation=34)
def cargo_net() -> Pieces:
    cord = Material("#33353a", roughness=0.8)
    cells, width, depth = 10, 700, 520
    xs, ys = np.linspace(-width / 2, width / 2, cells + 1), np.linspace(-depth / 2, depth / 2, 8)

    def height(x: float, y: float) -> float:
        return (
            70 * np.exp(-((x - 80) ** 2) / 30000 - (y**2) / 26000)
            + 26 * np.exp(-((x + 190) ** 2) / 12000 - ((y - 70) ** 2) / 16000)
            + 10
        )

    lengthwise = [
        np.array([(x + 6 * np.sin(y / 40), y, height(x, y)) for y in np.linspace(-depth / 2, depth / 2, 60)])
        for x in xs
    ]
    across = [
        np.array([(x, y + 6 * np.sin(x / 40), height(x, y)) for x in np.linspace(-width / 2, width / 2, 70)])
        for y in ys
    ]
    lines = lengthwise + across
    corners = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            hook = smooth_path([(0, 0, 10), (26, 0, 10), (52, 0, 10), (74, 10, 10), (70, 28, 10), (50, 26, 10)], 40)
            corners.append(
                Piece(tube(hook, 6, 14), ZINC).change(
                    lambda m, sx=sx, sy=sy: m.turn("z", np.degrees(np.arctan2(sy * 0.7, sx))).move(
                        sx * (width / 2 + 6), sy * (depth / 2 + 4), 0
                    )
                )
            )
    knots = join(
        pillow(18, 18, 14, 3, 8).move(x + 6 * np.sin(y / 40), y + 6 * np.sin(x / 40), height(x, y))
        for x in xs
        for y in ys
    )
    case = [
        Piece(extrude(rectangle(300, 210, 24), 110), plastic("#8d9299", 0.5), bevel=14).change(
            lambda m: m.scale(0.9, 0.9, 0.58).move(80, 0, 2)
        )
    ]
    border = rectangle(width, depth, 4)
    edge = np.array([(x, y, height(x, y)) for x, y in smooth_path(border, 220, closed=True)])
    return [
        *[Piece(tube(path, 4, 10), cord) for path in lines],
        Piece(tube(edge, 7, 12, closed=True), cord),
        Piece(knots, cord, soft=60),
        *corners,
        *case,
    ]


@goods("air-bed", azimuth=-28, elevation=20)
def air_bed() -> Pieces:
    flock = Material("#7d8794", roughness=0.95, grain="felt", size=4, depth=0.3)
    side = Material("#3d434c", roughness=0.6)
    tubes = []
    for k in range(7):
        y = -420 + 140 * k
        path = np.column_stack([np.linspace(-880, 880, 24), np.full(24, y), np.full(24, 170.0)])
        tubes.append(
            sweep(
                path,
                superellipse(74, 80, 2.6, 40),
                scale=np.interp(np.linspace(0, 1, 24), [0, 0.03, 0.97, 1], [0.72, 1, 1, 0.72]),
            )
        )
    base = extrude(rectangle(1780, 990, 90), 150)
    pillows = [pillow(330, 470, 130, 4).move(-660, s * 250, 300) for s in (-1, 1)]
    pump = [
        Piece(extrude(rectangle(180, 130, 26), 150), ABS, bevel=14),
        Piece(cylinder(44, 40).move(0, 0, 148), ABS, bevel=6),
        Piece(label(120, 36).move(0, -66, 86), drawing("words:XINGCHI:#c8cdd6")),
    ]
    return [
        Piece(base, side, bevel=44, soft=30),
        *[Piece(mesh, flock, soft=60) for mesh in tubes],
        *[Piece(mesh, flock, soft=60) for mesh in pillows],
        *place(pump, 620, -700, 0, turn=14),
    ]


@goods("tent", azimuth=-30, elevation=10)
def tent() -> Pieces:
    cloth = Material("#6f7f63", roughness=0.9, grain="weave", size=3, depth=0.15)
    dark = Material("#3f4a3a", roughness=0.95)
    w, d, h = 1150.0, 1000.0, 1350.0

    def rib(t: float) -> Array:
        a = np.linspace(0, np.pi, 40)
        lift = h * (1 - 0.10 * (2 * t - 1) ** 2)
        half = w * (1 - 0.05 * (2 * t - 1) ** 2)
        return np.column_stack(
            [
                half * np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.8,
                np.full(40, -d + 2 * d * t),
                lift * np.sin(a) ** 0.72,
            ]
        )

    ts = np.linspace(0, 1, 16)
    shell = loft([rib(t) for t in ts], caps=False)
    inner = loft([rib(t) * [0.985, 1, 0.985] for t in ts][::-1], caps=False)
    back = extrude(rib(1)[:, [0, 2]], 12).turn("x", 90).move(y=d)
    front_outline = rib(0)[:, [0, 2]]
    door = smooth_path(
        [(-560, 20), (560, 20), (520, 700), (330, 1010), (0, 1090), (-330, 1010), (-520, 700)], 60, closed=True
    )
    front = extrude(front_outline, 10, [door]).turn("x", 90).move(y=-d)
    flap = tube(
        smooth_path([(-560, 0, 40), (-545, 0, 400), (-500, 0, 720), (-330, 0, 1020)], 40) + np.array([0, -d - 24, 0]),
        52,
        18,
    )
    poles = [tube(rib(t) * [1.01, 1, 1.012], 12, 10) for t in (0.0, 0.5, 1.0)]
    floor_ = box(2 * w * 0.96, 2 * d, 8)
    guys = [pipe((s * 780, -d, 980), (s * 1450, -d - 350, 0), 5, 8) for s in (-1, 1)]
    pegs = [Piece(cylinder(9, 70, 10).turn("x", 20).move(s * 1450, -d - 350, 0), SIGNAL, bevel=2) for s in (-1, 1)]
    mat = [
        Piece(
            extrude(rectangle(600, 1300, 60), 60).move(x, 80, 10),
            Material(color, roughness=0.95, grain="felt", size=4),
            bevel=24,
        )
        for x, color in ((-330, "#b08d57"), (330, "#8f9aa8"))
    ]
    lantern = [
        Piece(cylinder(60, 30), ABS, bevel=5),
        Piece(cylinder(46, 100).move(z=30), Material("#ffe6a8", roughness=0.4, glow=2.2), bevel=4),
        Piece(cylinder(56, 26).move(z=130), ABS, bevel=5),
        Piece(torus(34, 5, 30, 8).turn("x", 90).move(0, 0, 180), ZINC),
    ]
    return [
        Piece(shell, cloth, soft=60),
        Piece(inner, dark, soft=60),
        Piece(back, dark),
        Piece(front, cloth),
        Piece(flap, cloth),
        *[Piece(mesh, ABS) for mesh in poles],
        Piece(floor_, dark),
        *[Piece(mesh, Material("#e9a21d", roughness=0.6)) for mesh in guys],
        *pegs,
        *mat,
        *place(lantern, 0, -d - 260, 0),
    ]


SIGNAL = lacquer("#e5541b")


@goods("cool-box", azimuth=-30, elevation=18)
def cool_box() -> Pieces:
    shell = plastic("#d5d8dc", 0.4)
    return [
        Piece(extrude(rectangle(560, 320, 30), 300, draft=-0.015), shell, bevel=12),
        Piece(extrude(rectangle(578, 338, 34), 46).move(z=306), plastic("#2b2d32", 0.4), bevel=12),
        Piece(extrude(rectangle(400, 200, 20), 6).move(z=350), plastic("#33363b", 0.5), bevel=4),
        Piece(extrude(rectangle(564, 324, 30), 10).move(z=298), RUBBER, bevel=3),
        Piece(extrude(rectangle(150, 70, 12), 6).turn("x", 90).move(120, -161, 210), DARK, bevel=2),
        Piece(label(130, 60).move(120, -168.4, 210), drawing("words:−18°C:#8fe3ff:DC 12V", 0.2, 0.9)),
        *[Piece(box(150, 4, 8).move(120, -163, 60 + 18 * k), plastic("#2b2d32"), bevel=1) for k in range(6)],
        Piece(label(170, 51).move(-130, -165, 150), drawing("words:XINGCHI:#5d6672")),
        *[
            Piece(
                tube(
                    smooth_path([(s * 286, -90, 250), (s * 330, -88, 268), (s * 332, 88, 268), (s * 286, 90, 250)], 50),
                    13,
                    16,
                ),
                plastic("#2b2d32", 0.4),
            )
            for s in (-1, 1)
        ],
        *[Piece(box(60, 22, 60).move(x, -172, 292), plastic("#2b2d32", 0.4), bevel=6) for x in (-170,)],
    ]


DARK = Material("#0b0c0e", roughness=0.05, coat=1)


@goods("cool-bag", azimuth=-28, elevation=18)
def cool_bag() -> Pieces:
    cloth = Material("#2f4f86", roughness=0.9, grain="weave", size=4, depth=0.3)
    dark = Material("#25282d", roughness=0.8)
    handle = smooth_path([(-90, 0, 250), (-86, 0, 330), (-50, 0, 376), (50, 0, 376), (86, 0, 330), (90, 0, 250)], 70)
    strap = smooth_path(
        [(190, 20, 220), (250, 60, 130), (230, -100, 20), (120, -190, 8), (-60, -200, 8), (-170, -160, 8)], 90
    )
    zipper = rectangle(366, 226, 56)
    return [
        Piece(extrude(rectangle(370, 230, 56), 240), cloth, bevel=22, soft=30),
        Piece(extrude(rectangle(374, 234, 58), 40), dark, bevel=8),
        Piece(tube(np.column_stack([zipper, np.full(len(zipper), 205.0)]), 5, 10, closed=True), CHROME),
        *[Piece(sweep(handle + np.array([0, y, 0]), rectangle(5, 34, 2)), dark) for y in (-72, 72)],
        Piece(cylinder(22, 90).turn("y", 90).move(-45, -72, 374), dark, bevel=5),
        Piece(sweep(strap, rectangle(4, 34, 1.5)), dark),
        Piece(extrude(rectangle(240, 120, 26), 16).turn("x", 90).move(0, -112, 100), cloth.tinted("#27426f"), bevel=7),
        Piece(label(160, 48).move(0, -129, 108), drawing("words:XINGCHI:#ffffff")),
        *[Piece(box(40, 4, 230).move(x, -116, 4), dark, bevel=1) for x in (-142, 142)],
    ]


@goods("film-roll", azimuth=-32, elevation=22)
def film_roll() -> Pieces:
    film = Material("#39414d", roughness=0.12, coat=0.6)
    clear = Material("#27303c", roughness=0.04, clear=0.35, coat=0.5)
    rolls: Pieces = []
    for x, z, y, material in (
        (0, 60, 0, film),
        (150, 60, 20, Material("#d3dbe4", roughness=0.1, coat=0.6)),
        (76, 170, 14, Material("#6b5a8f", roughness=0.12, coat=0.6)),
    ):
        rolls += [
            Piece(
                lathe([(42, -320), (60, -320), (60, 320), (42, 320)], solid=True).turn("x", 90).move(x, y, z),
                material,
                bevel=1.5,
            ),
            Piece(
                lathe([(36, -340), (42, -340), (42, 340), (36, 340)], solid=True).turn("x", 90).move(x, y, z),
                Material("#b89a6c", roughness=0.85),
                bevel=1,
            ),
        ]
    tail = np.array([(-60, 60), (-61, 30), (-74, 10), (-110, 3), (-200, 2), (-300, 3), (-360, 12)], float)
    path = np.column_stack([smooth_path(tail, 40)[:, 0], np.zeros(40), smooth_path(tail, 40)[:, 1]])
    sheet_ = loft([np.column_stack([path[:, 0], np.full(40, y), path[:, 2]]) for y in (-320, 320)], caps=False)
    strip = Mesh(sheet_.points, tuple(f for f in sheet_.faces if abs(f[0] % 40 - f[1] % 40) == 1))
    squeegee = [
        Piece(
            extrude(np.array([(-70, 0), (70, 0), (52, 90), (-52, 90)], float), 10), plastic("#e9a21d", 0.45), bevel=3
        ),
        Piece(box(146, 14, 5).move(0, -4, 2.5), Material("#2b2d31", roughness=0.9), bevel=1),
    ]
    return [*rolls, Piece(strip, clear, soft=60), *place(squeegee, -190, -130, 4, turn=30)]
