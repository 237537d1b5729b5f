"""Tires, wheels and what belongs to them."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    ALUMINUM,
    BLACK_STEEL,
    CHROME,
    RUBBER,
    STEEL,
    ZINC,
    Material,
    drawing,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    circle,
    cylinder,
    extrude,
    join,
    label,
    lathe,
    rectangle,
    smooth_path,
    torus,
    tube,
)

TIRE_BLACK = Material("#3b3b3e", roughness=0.62)
# The tire is drawn 620 mm high and 205 wide, for a 400 mm rim.
RADIUS, WIDTH, RIM = 310.0, 205.0, 203.0


def carcass() -> Mesh:
    """A tire without its tread blocks, its axis along z, its middle at the origin."""
    half = [
        (RIM, -88),
        (RIM + 10, -94),
        (RIM + 32, -104),
        (RIM + 62, -106),
        (RIM + 86, -100),
        (RADIUS - 12, -90),
        (RADIUS - 5, -80),
    ]
    crown = [(RADIUS - 9, -76), (RADIUS - 8, 0), (RADIUS - 9, 76)]
    outer = half + crown + [(r, -z) for r, z in half[::-1]]
    inner = [(RIM + 4, 82), (RIM + 90, 84), (RIM + 96, 0), (RIM + 90, -84), (RIM + 4, -82)]
    return lathe(outer + inner, 160, solid=True)


def tread() -> Mesh:
    """Ribs with slanted sipes, and shoulder blocks."""

    def block(x: float, width: float, length: float, skew: float) -> Mesh:
        outline = np.array(
            [
                [-width / 2, -length / 2 - skew],
                [width / 2, -length / 2 + skew],
                [width / 2, length / 2 + skew],
                [-width / 2, length / 2 - skew],
            ]
        )
        raised = extrude(outline, 11).move(x, 0, RADIUS - 11)
        # Lies tangentially: x across the tread becomes the axle.
        return raised.turn("y", 90).turn("x", 0)

    count = 62
    pitch = 2 * np.pi * RADIUS / count
    rows = [(-74, 30, 4), (-36, 26, 5), (0, 24, 0), (36, 26, -5), (74, 30, -4)]
    blocks = join(block(x, width, pitch * (0.86 if abs(x) > 50 else 0.93), skew) for x, width, skew in rows)
    # The blocks point along +x now, their row along z; round the axle (z) they go.
    return blocks.around(count, "z")


def rim(spokes: int = 5) -> Pieces:
    """A two-tone rim, its face toward +z, its middle at the origin."""
    face = Material("#b9bcc2", metallic=1, roughness=0.22)
    dark = Material("#1b1c1f", metallic=0.7, roughness=0.3, coat=0.4)
    barrel = [
        (RIM + 4, 88),
        (RIM + 9, 94),
        (RIM + 9, 98),
        (RIM - 2, 97),
        (RIM - 8, 88),
        (RIM - 16, 40),
        (RIM - 22, -40),
        (RIM - 10, -84),
        (RIM + 6, -94),
        (RIM + 2, -80),
        (RIM - 6, 60),
    ]
    arms, edges = [], []
    for k in range(spokes):
        for side in (-1, 1):
            outline = smooth_path(
                [
                    (46, side * 4),
                    (110, side * 16),
                    (RIM - 6, side * 38),
                    (RIM - 6, side * 64),
                    (112, side * 38),
                    (52, side * 28),
                ],
                60,
                closed=True,
            )
            outline = outline if side > 0 else outline[::-1]
            arm = (
                extrude(outline, 22)
                .move(z=62)
                .bend(
                    lambda p: (
                        p
                        + np.column_stack(
                            [0 * p[:, 0], 0 * p[:, 0], -16 + 24 * (np.hypot(p[:, 0], p[:, 1]) / RIM) ** 2]
                        )
                    )
                )
            )
            arms.append(arm.turn("z", 360 / spokes * k + 90))
            back = extrude(outline * [1, 1.06], 26).move(z=38).turn("z", 360 / spokes * k + 90)
            edges.append(back)
    cap = [
        Piece(lathe([(64, 30), (64, 66), (58, 72), (36, 72), (32, 66)]), dark, soft=30),
        Piece(lathe([(0.1, 60), (30, 60), (30, 72), (27, 75), (0.1, 76)]), ABS, soft=30),
        Piece(label(40, 40).turn("x", -90).move(0, 0, 76.6), drawing("star:#e4e6ea")),
        Piece(extrude(circle(9, 6), 16).move(49).around(5).move(z=60).turn("z", 36), BLACK_STEEL, bevel=1),
    ]
    return [
        Piece(lathe(barrel, 128, solid=True), dark),
        Piece(lathe([(RIM + 9, 95), (RIM + 9, 99), (RIM - 5, 98), (RIM - 10, 91)], caps=False), face),
        *[Piece(mesh, face, bevel=2.5) for mesh in arms],
        *[Piece(mesh, dark, bevel=2) for mesh in edges],
        *cap,
    ]


def brake_behind() -> Pieces:
    return [Piece(lathe([(60, -10), (150, -10), (150, 6), (60, 6)], solid=True), STEEL)]


def sidewall_words() -> Pieces:
    words = []
    for angle, name in (
        (90, "words:XINGCHI:#70747b"),
        (-90, "words:XINGCHI:#70747b"),
        (0, "words:205/60 R16:#4a4d52"),
        (180, "words:205/60 R16:#4a4d52"),
    ):
        flat = label(120, 36).turn("x", -90).move(0, RIM + 56, 106.3).turn("z", angle - 90)
        words.append(Piece(flat, drawing(name, 0.7)))
    return words


def tire() -> Pieces:
    return [
        Piece(carcass(), TIRE_BLACK, soft=40),
        Piece(tread(), TIRE_BLACK, bevel=1.4),
        *[
            Piece(torus(r, 1.4, 128, 8).move(z=z), TIRE_BLACK)
            for r, z in ((RIM + 20, 99.4), (RIM + 34, 104.6), (RIM + 84, 100.8))
        ],
        *sidewall_words(),
    ]


@goods("tire", azimuth=-36, elevation=8)
def tire_alone() -> Pieces:
    return place(tire(), tilt=90, turn=0)


@goods("wheel", azimuth=-28, elevation=8)
def wheel() -> Pieces:
    return place(rim(), tilt=90)


def complete_wheel() -> Pieces:
    return tire() + rim()


@goods("wheel-nuts", azimuth=-20, elevation=34)
def wheel_nuts() -> Pieces:
    def nut() -> Pieces:
        return [
            Piece(lathe([(9, 0), (12.5, 4), (13.5, 7), (13.5, 9)]), CHROME),
            Piece(extrude(circle(11.6, 6), 20).move(z=8), CHROME, bevel=1.4),
            Piece(lathe([(10, 27), (9, 31), (5, 33.5), (0.1, 34)]), CHROME),
        ]

    standing = [spot for k in range(4) for spot in place(nut(), -54 + k * 32, 18 + (k % 2) * 6)]
    lying = place(nut(), -40, -32, 12.4, lean=90, turn=-24) + place(nut(), 6, -34, 12.4, lean=90, turn=30)
    key = [
        Piece(extrude(circle(11.6, 6), 18), BLACK_STEEL, bevel=1),
        Piece(lathe([(15, 16), (15, 40), (13, 42), (8, 42), (8, 18)], 64, solid=True), BLACK_STEEL, soft=30),
    ]
    return standing + lying + place(key, 62, -24, 0)


@goods("tpms-sensor", azimuth=-30, elevation=26)
def tpms_sensor() -> Pieces:
    def sensor() -> Pieces:
        body = extrude(rectangle(56, 28, 9), 15)
        stem = [
            Piece(cylinder(7.6, 7).move(z=0), RUBBER, bevel=1.5),
            Piece(lathe([(5.2, 6), (5.2, 26), (4.2, 28), (4.2, 42), (3.6, 43)]), ALUMINUM, soft=30),
            Piece(extrude(circle(7, 6), 7).move(z=8), ALUMINUM, bevel=0.6),
            Piece(join([torus(4.2, 0.5, 24, 6).move(z=28 + 1.2 * k) for k in range(6)]), ALUMINUM),
            Piece(lathe([(5.6, 35), (5.6, 47), (4.6, 49), (0.1, 49.4)]), ABS, soft=30),
        ]
        return [
            Piece(body, ABS, bevel=3),
            Piece(extrude(rectangle(40, 18, 5), 1.2).move(2, 0, 14.6), plastic("#35373b"), bevel=0.4),
            Piece(label(34, 14).turn("x", -90).move(2, 0, 16.2), drawing("words:433 MHz:#cfd4db")),
            *place(stem, -26, 0, 8, lean=-62),
        ]

    return place(sensor(), 0, 24, 0, turn=0) + place(sensor(), 46, -34, 0, turn=150)


@goods("snow-chain", azimuth=-36, elevation=12)
def snow_chain() -> Pieces:
    def chain(path: Array, size: float) -> Mesh:
        steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
        length = np.concatenate([[0], np.cumsum(steps)])
        count = int(length[-1] / (size * 1.55))
        links = []
        for k in range(count):
            at = np.interp((k + 0.5) / count * length[-1], length, np.arange(len(path)))
            i = min(int(at), len(path) - 2)
            point, way = path[i] + (path[i + 1] - path[i]) * (at - i), path[i + 1] - path[i]
            way = way / np.linalg.norm(way)
            outward = point * [1, 1, 0]
            outward = outward / np.linalg.norm(outward)
            across = np.cross(way, outward)
            side = across if k % 2 else outward
            oval = smooth_path(
                [(-size, -size * 0.42), (size, -size * 0.42), (size, size * 0.42), (-size, size * 0.42)],
                26,
                closed=True,
            )
            loop = point + oval[:, :1] * way + oval[:, 1:] * side
            links.append(tube(loop, size * 0.2, 10, closed=True))
        return join(links)

    t = np.linspace(0, 2 * np.pi, 400)
    r = RADIUS + 6
    zigzag = 86 * np.clip(2.4 * np.sin(7 * t), -1, 1)
    tread_path = np.column_stack([r * np.cos(t), r * np.sin(t), zigzag])
    side = np.column_stack([(RIM + 68) * np.cos(t), (RIM + 68) * np.sin(t), np.full(400, 112.0)])
    ties = []
    for k in range(7):
        angle = (k + 0.25) * 2 * np.pi / 7
        c, s = np.cos(angle), np.sin(angle)
        ties.append(
            smooth_path(
                [(r * c, r * s, 84), ((r - 6) * c, (r - 6) * s, 100), ((RIM + 68) * c, (RIM + 68) * s, 113)], 30
            )
        )
    pieces = [
        Piece(chain(tread_path, 13), ZINC),
        *[Piece(chain(path, 11), ZINC) for path in ties],
        Piece(tube(side[:-1], 5, 14, closed=True), Material("#e5541b", roughness=0.4)),
        *complete_wheel(),
    ]
    return place(pieces, tilt=90)
