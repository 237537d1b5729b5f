"""What is bolted or glued to the body."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    ALUMINUM,
    BLACK_STEEL,
    CARBON,
    CHROME,
    GLOSS_BLACK,
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
    circle,
    cylinder,
    extrude,
    join,
    label,
    lathe,
    loft,
    rectangle,
    ring,
    shifted,
    smooth_path,
    superellipse,
    sweep,
    torus,
    tube,
)


@goods("wiper", azimuth=-24, elevation=40)
def wiper() -> Pieces:
    def blade(length: float) -> Pieces:
        t = np.linspace(-1, 1, 90)
        path = np.column_stack([t * length / 2, np.zeros(90), 26 - 9 * t**2])
        taper = np.interp(np.abs(t), [0, 0.85, 1], [1.1, 0.85, 0.6])
        spoiler = np.array([(-8, -4), (8, -4), (9, 0), (2, 6), (-1, 14), (-3, 14), (-4, 6), (-9, 0)], float)
        rubber = np.array([(-2.2, -14), (2.2, -14), (2.2, -9), (5, -8), (5, -5), (-5, -5), (-5, -8), (-2.2, -9)], float)
        lip = np.array([(-0.9, -24), (0.9, -24), (1.6, -14), (-1.6, -14)], float)
        return [
            Piece(sweep(path, spoiler, scale=taper), ABS, soft=40),
            Piece(sweep(path, rubber), RUBBER, soft=30),
            Piece(sweep(path, lip), Material("#1b1b1c", roughness=0.4), soft=30),
            Piece(extrude(rectangle(86, 22, 5), 13).move(0, 0, 24), ABS, bevel=3),
            Piece(extrude(rectangle(40, 14, 4), 10).move(8, 0, 36), plastic("#1746d1"), bevel=2),
            *[Piece(box(18, 20, 14).move(side * length / 2 * 0.985, 0, 12), ABS, bevel=3) for side in (-1, 1)],
            Piece(label(60, 18).turn("x", -90).move(-90, -4, 33), drawing("words:XINGCHI:#aab2bd")),
        ]

    return place(blade(620), 0, 0, 0, turn=8) + place(blade(430), 40, -92, 0, turn=2)


@goods("mirror-cap", azimuth=-34, elevation=16)
def mirror_cap() -> Pieces:
    def shell(thickness: float) -> Array:
        rings = []
        for s in np.linspace(0.0, 1, 26):
            depth = 78 * np.sqrt(1 - s**2.6)
            outline = superellipse(118 * s + 0.1, 74 * s + 0.1, 3.0, 90)
            lift = 10 * (outline[:, 0] / 118)
            rings.append(
                np.column_stack(
                    [
                        outline[:, 0] + 0.10 * (78 - depth),
                        np.full(90, -depth * (1 - thickness)),
                        outline[:, 1] * (1 + 0.12 * outline[:, 0] / 118) + lift,
                    ]
                )
            )
        return rings

    def cap(flip: bool) -> Pieces:
        outer, inner = shell(0), shell(0.05)
        mesh = loft([*outer, *[0.97 * r + np.array([0, 0.6, 0]) for r in inner[::-1]]], caps=False)
        rim = tube(outer[-1] + np.array([0, 0.4, 0]), 1.6, 10, closed=True)
        pieces = [Piece(mesh, CARBON, soft=70), Piece(rim, GLOSS_BLACK)]
        return [piece.change(lambda m: m.mirror("x")) for piece in pieces] if flip else pieces

    return place(cap(False), -76, 10, 72, turn=0) + place(cap(True), 128, 112, 72, turn=12)


@goods("mud-flap", azimuth=-26, elevation=18)
def mud_flap() -> Pieces:
    outline = smooth_path(
        [(-70, 0), (70, 0), (82, 20), (80, 190), (64, 230), (-40, 238), (-66, 200), (-80, 120), (-80, 24)],
        110,
        closed=True,
    )

    def flap(*, left: bool) -> Pieces:
        def curve(points: Array) -> Array:
            points[:, 1] += 26 * (points[:, 2] / 230) ** 2 + 14 * (points[:, 0] / 80) ** 2
            return points

        body = extrude(outline, 6).turn("x", 90).move(y=6)
        ribs = [extrude(rectangle(112, 5, 2), 4).turn("x", 90).move(4, 0, z) for z in (44, 60, 76)]
        plain = [
            Piece(body.bend(curve), ABS, bevel=1.8, soft=30),
            *[Piece(rib.bend(curve), ABS, bevel=1) for rib in ribs],
            *[
                Piece(cylinder(7, 6).turn("x", 90).move(x, 4, z).bend(curve), ZINC, bevel=1)
                for x, z in ((-46, 176), (46, 206), (60, 40))
            ],
        ]
        name = Piece(label(100, 30).move(0, -1.6, 116).bend(curve), drawing("words:XINGCHI:#c3c8d0"))
        return [name, *(plain if left else [piece.change(lambda mesh: mesh.mirror("x")) for piece in plain])]

    return place(flap(left=True), -60, 0) + place(flap(left=False), 92, 96, 0, turn=-8)


@goods("door-handle", azimuth=-16, elevation=16)
def door_handle() -> Pieces:
    spine = smooth_path([(-118, 6, 0), (-100, -10, 0), (-60, -24, 0), (20, -27, 0), (84, -16, 0), (112, 2, 0)], 70)
    size = np.interp(np.linspace(0, 1, 70), [0, 0.1, 0.6, 0.92, 1], [0.75, 0.95, 1, 0.95, 0.7])
    grip = [
        Piece(sweep(spine, superellipse(9, 17, 2.8), scale=size), lacquer("#e9eaec")),
        Piece(sweep(spine[6:64], shifted(superellipse(2.5, 3.2, 2.4), -7.4, 0), scale=size[6:64]), CHROME),
        Piece(cylinder(5.5, 2).turn("x", 90).move(84, -24, 0), plastic("#26282c"), bevel=0.6),
    ]
    seats = []
    for x in (-112, 108):
        outline = superellipse(25, 20, 2.6)
        seats += [
            Piece(extrude(outline, 8).turn("x", 90).move(x, 12, 0), lacquer("#e9eaec"), bevel=2.5),
            Piece(extrude(outline * 1.06, 4).turn("x", 90).move(x, 15, 0), RUBBER, bevel=1),
        ]
    bracket = [
        Piece(box(250, 10, 26).move(0, 20, -13), BLACK_STEEL, bevel=3),
        *[Piece(box(22, 34, 20).move(x, 34, -10), BLACK_STEEL, bevel=2) for x in (-96, 92)],
        Piece(box(54, 26, 34).move(-10, 34, -17), ABS, bevel=3),
    ]
    return place([*grip, *seats, *bracket], 0, 0, 22, tilt=-6)


@goods("door-seal", azimuth=-24, elevation=38)
def door_seal() -> Pieces:
    profile_bulb = circle(11, 26, 0, 15)
    profile_foot = np.array([(-9, -12), (9, -12), (9, 5), (5, 6), (5, -7), (-5, -7), (-5, 6), (-9, 5)], float)
    t = np.linspace(0, 2 * np.pi * 2.75, 320)
    r = 118 + 17 * t / np.pi / 2
    spiral = np.column_stack([r * np.cos(t), r * 0.78 * np.sin(t), np.full(320, 14.0)])
    tail = smooth_path([spiral[-1], (90, -128, 14), (170, -100, 14), (230, -40, 14)], 60)
    path = np.vstack([spiral[:-1], tail])
    return [
        Piece(sweep(path, profile_bulb), RUBBER, soft=50),
        Piece(sweep(path, profile_foot), Material("#3a3b3e", roughness=0.6), soft=30),
    ]


@goods("spoiler", azimuth=-34, elevation=26)
def spoiler() -> Pieces:
    t = np.linspace(-1, 1, 70)
    path = np.column_stack([t * 560, 90 * t**2, 96 - 34 * np.abs(t) ** 5])
    wing = smooth_path(
        [(-62, -4), (-20, 9), (40, 12), (74, 20), (72, 16), (40, 3), (-20, -9), (-60, -11)], 60, closed=True
    )
    size = np.interp(np.abs(t), [0, 0.9, 1], [1, 0.92, 0.72])
    pieces = [Piece(sweep(path, wing * [2.2, 2.4], scale=size), CARBON, soft=50)]
    for side in (-1, 1):
        foot = extrude(smooth_path([(-46, -10), (40, -7), (52, 0), (40, 7), (-46, 10)], 50, closed=True), 84, draft=0.2)
        pieces.append(Piece(foot.turn("z", 90).move(side * 330, 34, 6), GLOSS_BLACK, bevel=3))
        pieces.append(Piece(extrude(rectangle(46, 130, 12), 6).move(side * 330, 34, 0), GLOSS_BLACK, bevel=2))
    return pieces


@goods("side-step", azimuth=-32, elevation=32)
def side_step() -> Pieces:
    path = smooth_path(
        [(-620, 60, 46), (-590, 10, 46), (-540, 0, 46), (0, 0, 46), (540, 0, 46), (590, 10, 46), (620, 60, 46)], 120
    )
    pads = [Piece(extrude(rectangle(300, 78, 20), 7).move(x, 0, 62), RUBBER, bevel=2) for x in (-330, 330)]
    studs = [
        Piece(join(cylinder(6, 3, 16).move(x + 26 * k, y, 68) for k in range(-5, 6) for y in (-22, 0, 22)), RUBBER)
        for x in (-330, 330)
    ]
    brackets = []
    for x in (-470, 0, 470):
        brackets.append(
            Piece(tube(smooth_path([(x, 10, 36), (x, 60, 24), (x, 110, 50), (x, 124, 110)], 40), 16, 16), BLACK_STEEL)
        )
        brackets.append(
            Piece(
                box(90, 10, 74).move(x, 128, 84),
                BLACK_STEEL,
                bevel=2,
                cut=tuple(cylinder(8, 40).turn("x", 90).move(x + dx, 150, 121) for dx in (-26, 26)),
            )
        )
    return [
        Piece(sweep(path, superellipse(54, 20, 3)), ALUMINUM, soft=50),
        *pads,
        *studs,
        *brackets,
        Piece(label(160, 48).turn("x", -90).move(0, 0, 66.6), drawing("words:XINGCHI:#2a2d33")),
    ]


@goods("bumper-guard", azimuth=-26, elevation=24)
def bumper_guard() -> Pieces:
    t = np.linspace(-1, 1, 80)
    path = np.column_stack([t * 460, 110 * np.abs(t) ** 3, np.full(80, 26.0)])
    profile = smooth_path([(-6, -24), (14, -20), (20, 0), (14, 20), (-6, 24)], 40, closed=True)
    strip = [
        Piece(sweep(path, profile), RUBBER, soft=50),
        Piece(sweep(path, shifted(superellipse(3, 5, 3), -18.6, 0)), CHROME),
        Piece(sweep(path, shifted(superellipse(3, 5, 3), 18.6, 0)), CHROME),
    ]
    corners = []
    for x in (-150, 60):
        way = smooth_path([(x, -160, 16), (x + 40, -172, 16), (x + 90, -170, 16), (x + 130, -140, 16)], 40)
        corners += [
            Piece(sweep(way, profile * 0.66), RUBBER, soft=50),
            Piece(sweep(way, shifted(superellipse(2, 4, 3), -12.4, 0)), Material("#c32a1e", roughness=0.4)),
        ]
    return strip + corners


@goods("emblem", azimuth=-16, elevation=30)
def emblem() -> Pieces:
    star = (
        np.array([(0, 14), (-3.2, 4.6), (-13, 0), (-3.2, -4.6), (0, -14), (3.2, -4.6), (13, 0), (3.2, 4.6)], float)
        * 3.4
    )
    n = len(star)
    rim = np.column_stack([star, np.zeros(n)])
    top = np.column_stack([star * 0.98, np.full(n, 4.0)])
    points = np.vstack([rim, top, [[0, 0, 13.0]]])
    faces = [tuple(range(n))[::-1]]
    for k in range(n):
        m = (k + 1) % n
        faces += [(k, m, n + m, n + k), (n + k, n + m, 2 * n)]

    badge = [
        Piece(Mesh(points, tuple(faces)).move(z=5), CHROME, soft=5),
        Piece(extrude(circle(58, 96), 6), GLOSS_BLACK, bevel=2),
        Piece(torus(57, 4, 96, 24).move(z=5), CHROME),
    ]
    letters = [Piece(letter, CHROME, bevel=0.8) for letter in word_solid("XINGCHI", 34, 6)]
    return place(badge, 0, 44, 62, tilt=66) + place(letters, 0, -34, 0)


def word_solid(word: str, height: float, depth: float) -> list:
    """Letters from strokes, standing on the floor's plane, centered on x."""
    strokes = {
        "X": [[(0, 0), (1, 1.4)], [(0, 1.4), (1, 0)]],
        "I": [[(0.15, 0), (0.15, 1.4)]],
        "N": [[(0, 0), (0, 1.4)], [(0, 1.4), (1, 0)], [(1, 0), (1, 1.4)]],
        "G": [
            [(1, 1.3), (0.5, 1.4), (0, 1.1), (0, 0.3), (0.5, 0), (1, 0.15)],
            [(1, 0.15), (1, 0.7)],
            [(1, 0.7), (0.55, 0.7)],
        ],
        "C": [[(1, 1.25), (0.5, 1.4), (0, 1.1), (0, 0.3), (0.5, 0), (1, 0.15)]],
        "H": [[(0, 0), (0, 1.4)], [(1, 0), (1, 1.4)], [(0, 0.7), (1, 0.7)]],
    }
    size = height / 1.4
    wide = {"I": 0.3}
    total = sum(wide.get(c, 1) * size + size * 0.55 for c in word)
    x, meshes = -total / 2, []
    for c in word:
        for line in strokes[c]:
            path = np.array([(x + px * size, py * size, depth / 2) for px, py in line])
            if len(path) > 2:
                path = smooth_path(path, 30)
            meshes.append(sweep(path, rectangle(size * 0.2, depth, 1)))
        x += wide.get(c, 1) * size + size * 0.55
    return meshes


@goods("door-sill", azimuth=-30, elevation=48)
def door_sill() -> Pieces:
    def plate(length: float) -> Pieces:
        outline = smooth_path(
            [
                (-length / 2, -28),
                (length / 2 - 30, -28),
                (length / 2, -6),
                (length / 2, 20),
                (length / 2 - 24, 28),
                (-length / 2 + 10, 28),
                (-length / 2 - 6, 10),
            ],
            120,
            closed=True,
        )
        return [
            Piece(
                extrude(outline, 4),
                Material("#c3c6ca", metallic=1, roughness=0.3, grain="brushed", size=6, depth=0.1),
                bevel=1,
            ),
            Piece(extrude(outline * [0.96, 0.7], 1.4).move(z=3.6), plastic("#1b1d20", 0.25), bevel=0.5),
            Piece(label(150, 45).turn("x", -90).move(0, 0, 5.4), drawing("words:XINGCHI:#dfe7ff", 0.4, 1.2)),
            *[
                Piece(
                    extrude(rectangle(5, 34, 2), 1).move(side * (length / 2 - 52 - 13 * k), 0, 4.9),
                    Material("#c3c6ca", metallic=1, roughness=0.3),
                    bevel=0.4,
                )
                for side in (-1, 1)
                for k in range(4)
            ],
        ]

    return (
        place(plate(400), 0, 40, 0)
        + place(plate(400), 16, -34, 0)
        + place(plate(230), -86, -104, 0)
        + place(plate(230), 158, -104, 0)
    )


@goods("plate-frame", azimuth=-20, elevation=16)
def plate_frame() -> Pieces:
    frame = extrude(rectangle(460, 160, 12), 10, [rectangle(424, 122, 8)])
    front = [
        Piece(frame, CHROME, bevel=3),
        Piece(extrude(rectangle(450, 150, 10), 4).move(z=-3), ABS, bevel=1),
        Piece(extrude(rectangle(428, 126, 6), 2).move(z=2), Material("#e9edf2", roughness=0.35), bevel=0.5),
        Piece(label(330, 99).turn("x", -90).move(0, 0, 4.6), drawing("words:星驰 · XINGCHI:#1746d1")),
        *[Piece(cylinder(8, 4).move(x, 50, 3), CHROME, bevel=1.2) for x in (-160, 160)],
    ]
    screws = [
        Piece(extrude(circle(9, 6), 12).move(-40 + 34 * k, -96 - (k % 2) * 12, 0), CHROME, bevel=1) for k in range(4)
    ]
    return place(front, 0, 0, 78, tilt=72) + screws


@goods("pedal-set", azimuth=-24, elevation=18)
def pedal_set() -> Pieces:
    metal = Material("#c6c9cd", metallic=1, roughness=0.28, grain="brushed", size=6, depth=0.08)

    def pedal(width: float, height: float) -> Pieces:
        studs = [
            Piece(cylinder(5.2, 4, 28).move(x, y, 5), RUBBER, bevel=1)
            for x in np.linspace(-width / 2 + 15, width / 2 - 15, max(2, int(width // 22)))
            for y in np.linspace(-height / 2 + 16, height / 2 - 16, max(2, int(height // 22)))
        ]
        return [
            Piece(extrude(rectangle(width, height, 12), 6), metal, bevel=1.8),
            Piece(extrude(rectangle(width - 8, height - 8, 9), 14).move(z=-12), RUBBER, bevel=2),
            *studs,
        ]

    return (
        place(pedal(56, 140), 96, 0, 76, tilt=70)
        + place(pedal(104, 78), -4, 6, 46, tilt=70)
        + place(pedal(64, 170), -118, 16, 92, tilt=70)
    )


@goods("tow-hook", azimuth=-30, elevation=24)
def tow_hook() -> Pieces:
    red = lacquer("#b3201c")
    eye = torus(34, 9.5, 96, 28).turn("x", 90).move(0, 0, 0)
    thread = join(torus(10.5, 1.3, 40, 8).move(z=-120 - 3.2 * k) for k in range(15))
    pieces = [
        Piece(eye, red),
        Piece(lathe([(0.1, -112), (13, -112), (13, -60), (17, -44), (14, -34)]), red, soft=40),
        Piece(lathe([(0.1, -176), (9, -176), (11, -172), (11, -112)]), ZINC, soft=40),
        Piece(thread, ZINC),
        Piece(ring(20, 8, 6).move(z=-114), ZINC, bevel=1),
    ]
    return place(pieces, 0, 0, 10, tilt=90, turn=-62)
