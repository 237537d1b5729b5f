"""Fluids and care, in what they are sold in."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    ALUMINUM,
    BRAND_BLUE,
    CHROME,
    GLASS,
    Material,
    drawing,
    lacquer,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, place
from apps.studio.goods.shapes import (
    Array,
    box,
    box_field,
    cylinder,
    extrude,
    gear,
    isosurface,
    label,
    lathe,
    loft,
    pillow,
    rectangle,
    ring,
    smooth_max,
    smooth_min,
    smooth_path,
    sweep,
    tube,
    wrapped_label,
)


def cap(radius: float, height: float, color: str, ridges: int = 40) -> Pieces:
    return [
        Piece(extrude(gear(radius, radius * 0.05, ridges), height), plastic(color, 0.4), bevel=radius * 0.03, soft=25),
        Piece(
            lathe([(radius * 0.92, height * 0.98), (radius * 0.86, height * 1.04), (0.1, height * 1.04)]),
            plastic(color, 0.4),
        ),
    ]


def jug(color: str, title: str, subtitle: str, cap_color: str) -> Pieces:
    """A four-liter can with a grip, as oil is sold in."""

    def field(x: Array, y: Array, z: Array) -> Array:
        body = box_field(x, y, z - 118, (92, 54, 118), 22)
        shoulder = 0.86 * (z - 250 + 0.55 * (x + 92)) - 10
        body = smooth_max(body, (z - 196 - 0.42 * (92 - x)) * 0.9, 22)
        neck = np.maximum(np.hypot(x + 46, y) - 24, np.abs(z - 236) - 30)
        body = smooth_min(body, neck, 16)
        grip = np.maximum(box_field(x - 52, 0 * y, z - 168, (22, 10, 48), 20), np.abs(y) - 90)
        panel = box_field(x, y + 62, z - 104, (72, 10, 76), 8)
        return np.maximum(smooth_max(smooth_max(body, -grip, 10), -panel, 4), -z + 0 * shoulder)

    body = isosurface(field, (-104, -64, -4), (104, 64, 276), 3.6)
    return [
        Piece(body, plastic(color, 0.3), soft=60),
        *place(cap(28, 30, cap_color), -46, 0, 262),
        Piece(label(138, 146).move(0, -53.4, 104), drawing(f"jug:{title}:{subtitle}")),
    ]


@goods("canister", azimuth=-20, elevation=12)
def canister() -> Pieces:
    front = jug("#20242d", "全合成机油", "0W-20 · 4L", "#1746d1")
    small = [
        Piece(
            loft(
                [
                    np.column_stack([rectangle(84 * s, 56 * s, 16 * s), np.full(24, z)])
                    for s, z in ((0.94, 0), (1, 6), (1, 150), (0.9, 176), (0.56, 198), (0.5, 204), (0.5, 214))
                ]
            ),
            plastic("#20242d", 0.3),
            soft=50,
        ),
        *place(cap(22, 26, "#1746d1"), 0, 0, 212),
        Piece(label(70, 92).move(0, -28.6, 84), drawing("jug:全合成机油:0W-20 · 1L")),
    ]
    return front + place(small, 146, -34, 0, turn=-8)


def round_bottle(radius: float, height: float, color: str, name: str, cap_color: str) -> Pieces:
    r, h = radius, height
    return [
        Piece(
            lathe(
                [
                    (0.1, 0),
                    (r * 0.92, 0),
                    (r, r * 0.1),
                    (r, h * 0.68),
                    (r * 0.96, h * 0.74),
                    (r * 0.6, h * 0.84),
                    (r * 0.4, h * 0.88),
                    (r * 0.4, h * 0.93),
                ]
            ),
            plastic(color, 0.25),
            soft=50,
        ),
        *place(cap(r * 0.5, h * 0.14, cap_color), 0, 0, h * 0.9),
        Piece(wrapped_label(r + 0.4, h * 0.5, 132).move(z=h * 0.12), drawing(name)),
    ]


def trigger_bottle(color: str, name: str) -> Pieces:
    """A spray bottle, its nozzle toward −x."""
    body = [
        np.column_stack([rectangle(92 * s, 54 * s, 22 * s), np.full(24, z)])
        for s, z in ((0.92, 0), (1, 7), (1, 120), (0.9, 150), (0.55, 178), (0.36, 190), (0.34, 204))
    ]
    head = smooth_path(
        [(-66, 236), (-70, 252), (-20, 262), (28, 258), (36, 240), (22, 226), (-14, 226), (-36, 234)], 60, closed=True
    )
    trigger = smooth_path([(-22, 232), (-38, 214), (-52, 184), (-46, 180), (-28, 204), (-10, 226)], 50, closed=True)
    return [
        Piece(loft(body), Material(color, roughness=0.12, clear=0.55), soft=50),
        *place(cap(20, 22, "#17181a"), 0, 0, 202),
        Piece(extrude(head, 30).turn("x", 90).move(y=15), plastic("#1f2125", 0.4), bevel=5, soft=25),
        Piece(extrude(trigger, 16).turn("x", 90).move(y=8), plastic(BRAND_BLUE, 0.4), bevel=2, soft=25),
        Piece(cylinder(9, 14, 6).turn("y", -90).move(-66, 0, 245), plastic(BRAND_BLUE, 0.4), bevel=1),
        Piece(label(76, 96).move(0, -27.6, 70), drawing(name)),
    ]


@goods("bottle", azimuth=-12, elevation=12)
def bottle() -> Pieces:
    return (
        place(trigger_bottle("#bfe0f5", "jug:镀膜喷蜡:500 ml"), -64, 0, 0)
        + place(round_bottle(34, 210, "#f3f4f6", "jug:玻璃水:−30 ℃", "#1746d1"), 50, 26)
        + place(round_bottle(27, 130, "#2a2d33", "jug:皮革护理:250 ml", "#c9ced6"), 104, -36)
    )


@goods("brake-fluid", azimuth=-16, elevation=12)
def brake_fluid() -> Pieces:
    return place(
        round_bottle(42, 220, "#eceae2", "plate:制动液 DOT 4:1 L:#c32a1e:#ffffff:tall", "#c32a1e"), -34, 20
    ) + place(round_bottle(36, 160, "#eceae2", "plate:制动液 DOT 4:500 ml:#c32a1e:#ffffff:tall", "#c32a1e"), 58, -22)


@goods("spray-can", azimuth=-14, elevation=12)
def spray_can() -> Pieces:
    def can(name: str, color: str) -> Pieces:
        return [
            Piece(lathe([(0.1, 2), (30, 0), (32.5, 2), (32.5, 5)]), ALUMINUM, soft=40),
            Piece(lathe([(32, 4), (32, 176), (31, 179)]), lacquer(color)),
            Piece(lathe([(32.5, 176), (32.5, 180), (28, 190), (18, 197), (17, 200), (0.1, 200)]), ALUMINUM, soft=40),
            Piece(lathe([(24, 196), (24, 226), (22, 231), (0.1, 232)]), plastic("#1f2125", 0.35), soft=40),
            Piece(wrapped_label(32.3, 120, 150).move(z=16), drawing(name)),
        ]

    open_can = [piece for piece in can("jug:化清剂:450 ml", "#e5541b") if piece.material != plastic("#1f2125", 0.35)]
    nozzle = [
        Piece(lathe([(0.1, 198), (9, 198), (9, 206), (7, 214), (0.1, 216)]), plastic("#c32a1e", 0.35), soft=40),
        Piece(tube(np.array([[0.0, -6, 209], [0, -60, 214], [0, -96, 217]]), 1.6, 12), plastic("#c32a1e", 0.35)),
    ]
    return place(can("jug:空调清洗剂:500 ml", "#1746d1"), -44, 20, 0, turn=10) + place(
        open_can + nozzle, 44, -10, 0, turn=-6
    )


@goods("paint-pen", azimuth=-20, elevation=26)
def paint_pen() -> Pieces:
    def pen(color: str, *, open_: bool = False) -> Pieces:
        pieces = [
            Piece(
                lathe([(0.1, 0), (6.6, 0), (7.4, 1.5), (7.4, 84), (6, 86)]),
                Material("#d5d8dc", metallic=1, roughness=0.25),
                soft=40,
            ),
            Piece(lathe([(7.5, 12), (7.5, 52)]), lacquer(color)),
            Piece(wrapped_label(7.65, 9, 140).move(z=28), drawing("star:#ffffff")),
        ]
        if not open_:
            return [*pieces, Piece(lathe([(7.8, 84), (7.8, 122), (6.8, 125), (0.1, 125.6)]), lacquer(color), soft=40)]
        tip = [
            Piece(lathe([(5.4, 84), (5.4, 96), (3, 100), (3, 104)]), plastic("#1f2125"), soft=40),
            Piece(lathe([(2.2, 104), (2.6, 110), (1.2, 119), (0.1, 121)]), lacquer(color)),
        ]
        return pieces + tip

    lying = place(pen("#1746d1", open_=True), -52, -30, 7.6, lean=90, turn=16)
    lid = place(
        [Piece(lathe([(7.8, 0), (7.8, 38), (6.8, 41), (0.1, 41.6)]), lacquer("#1746d1"), soft=40)],
        30,
        -52,
        7.8,
        lean=90,
        turn=-30,
    )
    standing = [
        piece
        for k, color in enumerate(("#b3201c", "#e9eaec", "#2f4a3c", "#8d9299"))
        for piece in place(pen(color), -30 + 24 * k, 34 + (k % 2) * 8)
    ]
    return lying + lid + standing


@goods("fragrance", azimuth=-24, elevation=18)
def fragrance() -> Pieces:
    bottle_ = [
        Piece(extrude(rectangle(54, 36, 9), 52), GLASS, bevel=3),
        Piece(extrude(rectangle(46, 28, 6), 30).move(z=5), Material("#e7b56a", roughness=0.05, clear=0.85), bevel=2),
        Piece(lathe([(0.1, 52), (9, 52), (9, 58), (0.1, 58)]), CHROME, soft=40),
        Piece(
            cylinder(17, 26).move(z=57),
            Material("#8a6a48", roughness=0.55, grain="brushed", size=5, depth=0.2),
            bevel=2,
        ),
        Piece(label(38, 19).move(0, -18.3, 32), drawing("words:桂花:#fff8ea:OSMANTHUS")),
    ]
    clip = [
        Piece(extrude(rectangle(74, 22, 10), 14), Material("#c9ccd1", metallic=1, roughness=0.3), bevel=3),
        *[Piece(box(4, 26, 3).move(x, 0, 12), ABS, bevel=0.6) for x in np.linspace(-26, 26, 9)],
        Piece(label(20, 20).turn("x", -90).move(0, 0, 14.4), drawing("star:#2a2d33")),
    ]
    return place(bottle_, -14, 14) + place(clip, 46, -40, 0, turn=-24)


def towel(color: str, width: float = 150, depth: float = 110) -> Pieces:
    """A towel folded twice, lying on z = 0."""
    pile = Material(color, roughness=1, grain="felt", size=5, depth=0.8)
    layers = []
    for k in range(3):
        profile = rectangle(depth, 11, 5.4, n=8)
        path = np.column_stack([np.linspace(-width / 2, width / 2, 14), np.zeros(14), np.full(14, 6.0 + 11 * k)])
        layers.append(Piece(sweep(path, profile), pile, bevel=2.5))
    seam = box(width * 0.99, 2, 3).move(0, -depth / 2 - 0.5, 11)
    return [*layers, Piece(seam, plastic("#f3f4f6", 0.8), bevel=0.6)]


@goods("microfiber", azimuth=-28, elevation=24)
def microfiber() -> Pieces:
    stack = [
        piece
        for k, color in enumerate(("#9aa3ad", "#1746d1", "#3a3f47"))
        for piece in place(towel(color), 0, 20, 34 * k)
    ]
    roll = loft(
        [
            np.column_stack(
                [
                    np.full(90, x),
                    np.array(
                        [(3 + 24 * t) * f(2 * np.pi * 3.2 * t) for t in np.linspace(0, 1, 45) for f in (np.cos,)]
                        + [(3 + 24 * t + 5) * np.cos(2 * np.pi * 3.2 * t) for t in np.linspace(1, 0, 45)]
                    ),
                    np.array(
                        [(3 + 24 * t) * np.sin(2 * np.pi * 3.2 * t) for t in np.linspace(0, 1, 45)]
                        + [(3 + 24 * t + 5) * np.sin(2 * np.pi * 3.2 * t) for t in np.linspace(1, 0, 45)]
                    ),
                ]
            )
            for x in (-60, 60)
        ]
    )
    rolled = Piece(
        roll.move(20, -74, 32).turn("z", 6), Material("#5f83e0", roughness=1, grain="felt", size=5, depth=0.8), soft=40
    )
    return [*stack, rolled]


@goods("wash-kit", azimuth=-22, elevation=18)
def wash_kit() -> Pieces:
    bucket = [
        Piece(
            lathe([(0.1, 0), (92, 0), (96, 4), (118, 200), (124, 202), (124, 210), (114, 210), (92, 8), (0.1, 8)]),
            plastic("#1746d1", 0.35),
            soft=40,
        ),
        Piece(ring(126, 117, 10).move(z=176), plastic("#1746d1", 0.35), bevel=2),
        Piece(
            tube(
                smooth_path([(-124, 0, 190), (-112, -70, 150), (0, -132, 120), (112, -70, 150), (124, 0, 190)], 80),
                3,
                14,
            ),
            CHROME,
        ),
        Piece(
            wrapped_label(110, 90, 66)
            .move(z=60)
            .turn("z", 0)
            .bend(lambda p: p * np.column_stack([0.9 + 0.00104 * p[:, 2], 0.9 + 0.00104 * p[:, 2], np.ones(len(p))])),
            drawing("words:XINGCHI:#ffffff:洗车套装"),
        ),
    ]
    sponge = [Piece(pillow(120, 80, 46, 6), Material("#f0b429", roughness=1, grain="cast", size=9, depth=0.6), soft=60)]
    shampoo = round_bottle(36, 190, "#e8e9ec", "jug:洗车液:1 L", "#1746d1")
    cloth = towel("#9aa3ad", 130, 90)
    mitt = [Piece(pillow(150, 110, 70, 4), Material("#aab4c4", roughness=1, grain="felt", size=16, depth=1), soft=60)]
    return (
        place(bucket, -40, 50)
        + place(shampoo, 128, 40)
        + place(sponge, 96, -74, 24, turn=20)
        + place(cloth, -110, -118, 0, turn=-14)
        + place(mitt, -6, 60, 214, tilt=24, turn=30)
    )
