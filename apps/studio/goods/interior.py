"""
A cabin: seats, dash, console, doors, pillars, roof. Millimeters; x to the right, y ahead, z up from the floor.

What differs between interiors is colored afterwards: faces and bolsters of the seats, the surround, the headliner are
built in neutral materials (``ZONES``) and developed in every interior's colors (``interior_shots.py``).
"""

import numpy as np

from apps.studio.goods.interior_shell import door, floor, frame, roof
from apps.studio.goods.materials import (
    ABS,
    GLOSS_BLACK,
    RUBBER,
    Material,
    drawing,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    box,
    box_field,
    cylinder,
    extrude,
    isosurface,
    label,
    lathe,
    loft,
    pillow,
    rectangle,
    smooth_min,
    smooth_path,
    superellipse,
    torus,
    tube,
)
from apps.studio.goods.shelves.seats import seat
from apps.studio.goods.zones import AMBIENT, BOLSTER, FACE, HALF_WIDTH, METAL, SURROUND


def cabin() -> Pieces:
    """All of a cabin."""
    return [
        *_front_seats(),
        *_rear_bench(),
        *_dash(),
        *_wheel(),
        *_console(),
        *[piece for side in (-1, 1) for piece in door(side)],
        *[piece for side in (-1, 1) for piece in frame(side)],
        *roof(),
        *floor(),
    ]


def _front_seats() -> Pieces:
    return [
        piece for x in (-372, 372) for piece in place(seat(FACE, BOLSTER), x, 90, -40, turn=180)
    ]  # the seat looks toward −y


def _rear_bench() -> Pieces:
    def cushion(x: Array, y: Array, z: Array) -> Array:
        base = box_field(x, y, z, (650, 260, 80), 60)
        for middle in (-380, 380):
            for s in (-1, 1):
                base = smooth_min(base, box_field(x - middle - s * 235, y, z - 36, (30, 230, 60), 28), 40)
        return base

    def back(x: Array, y: Array, z: Array) -> Array:
        base = box_field(x, y, z, (650, 70, 320), 60)
        for middle in (-380, 380):
            for s in (-1, 1):
                base = smooth_min(base, box_field(x - middle - s * 225, y - 48, z + 20, (30, 60, 250), 28), 40)
        return base

    seat_ = isosurface(cushion, (-700, -300, -120), (700, 300, 140), 13).move(0, -1010, 250)
    rest = isosurface(back, (-700, -110, -350), (700, 140, 350), 13).turn("x", 14).move(0, -1330, 600)
    pieces = [Piece(seat_, BOLSTER, soft=70), Piece(rest, BOLSTER, soft=70)]
    for x in (-380, 380):
        pieces.append(Piece(pillow(410, 440, 60, 6).move(x, -990, 322), FACE, soft=60))
        pieces.append(Piece(pillow(400, 460, 60, 6).turn("x", 104).move(x, -1252, 600), FACE, soft=60))
        head = isosurface(lambda a, b, c: box_field(a, b, c, (130, 45, 80), 42), (-150, -70, -100), (150, 70, 100), 9)
        pieces.append(Piece(head.turn("x", 12).move(x, -1420, 1000), BOLSTER, soft=70))
    pieces.append(Piece(pillow(220, 430, 40, 6).turn("x", 104).move(0, -1262, 600), FACE, soft=60))
    return pieces


def _section(points: list[tuple[float, float]], n: int = 60) -> Array:
    return smooth_path(points, n)


def _across(
    section: Array, *, half: float = HALF_WIDTH, bow: float = 70.0, thickness: float = 14.0, n: int = 50
) -> Mesh:
    """A skin across the cabin from a section in (y, z), its ends drawn back toward the driver."""
    rings = []
    for x in np.linspace(-half, half, n):
        shift = -bow * (abs(x) / half) ** 3
        rings.append(np.column_stack([np.full(len(section), x), section[:, 0] + shift, section[:, 1]]))
    skin = loft(rings, caps=False)
    inner = loft([ring_ + np.array([0, thickness, -thickness * 0.4]) for ring_ in rings][::-1], caps=False)
    m = len(section)
    keep = [face for face in skin.faces if abs(face[0] % m - face[1] % m) == 1]
    other = [face for face in inner.faces if abs(face[0] % m - face[1] % m) == 1]
    return Mesh(skin.points, tuple(keep)) + Mesh(inner.points, tuple(other))


def _dash() -> Pieces:
    top = _section([(1190, 800), (1000, 826), (800, 822), (690, 806), (664, 786), (668, 760)])
    band = _section([(672, 758), (660, 742), (664, 700), (682, 664)], 30)
    lower = _section([(684, 652), (690, 600), (720, 520), (790, 420), (860, 300)])
    vents = [
        Piece(box(250, 20, 20).move(x, 662 - 60 * (abs(x) / HALF_WIDTH) ** 3, 772), GLOSS_BLACK, bevel=5)
        for x in (-600, 600)
    ]
    slats = [
        Piece(box(2, 16, 16).move(x + 24 * k, 655 - 60 * (abs(x) / HALF_WIDTH) ** 3, 774), METAL)
        for x in (-600, 600)
        for k in range(-4, 5)
    ]
    return [
        Piece(_across(top), SURROUND, soft=50),
        Piece(_across(band), FACE, soft=50),
        Piece(_across(lower), SURROUND, soft=50),
        Piece(_bar(664, 764, 5), METAL),
        Piece(_bar(676, 656, 4), METAL),
        Piece(_bar(682, 650, 2.2), AMBIENT),
        *vents,
        *slats,
        *[Piece(box(16, 470, 470).move(s * (HALF_WIDTH - 10), 880, 330), SURROUND, bevel=6) for s in (-1, 1)],
        *_screens(),
    ]


def _bar(y: float, z: float, radius: float) -> Mesh:
    x = np.linspace(-HALF_WIDTH, HALF_WIDTH, 50)
    return tube(np.column_stack([x, y - 70 * (np.abs(x) / HALF_WIDTH) ** 3, np.full(50, z)]), radius, 10)


def _screens() -> Pieces:
    center = [
        Piece(extrude(rectangle(400, 240, 16), 12).turn("x", 90), GLOSS_BLACK, bevel=3),
        Piece(label(384, 224).move(0, -12.6, 0), drawing("cluster:", 0.12, 0.75)),
    ]
    cluster = [
        Piece(extrude(rectangle(290, 110, 14), 12).turn("x", 90), GLOSS_BLACK, bevel=3),
        Piece(label(276, 98).move(0, -12.6, 0), drawing("driver:", 0.12, 0.75)),
    ]
    return place(center, 0, 622, 838, tilt=-10) + place(cluster, -372, 700, 850, tilt=-14)


def _wheel() -> Pieces:
    leather = Material("#1d1d1f", roughness=0.5, grain="leather", size=5, depth=0.15)
    path = smooth_path(
        [(0, 178), (-120, 142), (-182, 20), (-168, -80), (-90, -152), (90, -152), (168, -80), (182, 20), (120, 142)],
        160,
        closed=True,
    )
    rim = tube(np.column_stack([path, np.zeros(160)]), 15, 20, closed=True)
    hub = [
        np.column_stack([superellipse(86 * s, 66 * s, 3, 60), np.full(60, z)])
        for s, z in ((1, -34), (1, -8), (0.94, 4), (0.8, 12), (0.3, 15), (0.01, 15))
    ]
    spokes = [Piece(extrude(rectangle(110, 52, 14), 18).move(s * 122, 4, -18), GLOSS_BLACK, bevel=5) for s in (-1, 1)]
    keys = [Piece(cylinder(9, 6).move(s * 116 + dx, 6, 0), METAL, bevel=2) for s in (-1, 1) for dx in (-22, 22)]
    foot = Piece(extrude(rectangle(64, 90, 14), 14).move(0, -106, -16), METAL, bevel=4)
    pieces = [
        Piece(rim, leather),
        Piece(loft(hub), leather, soft=50),
        *spokes,
        *keys,
        foot,
        Piece(label(46, 46).turn("x", -90).move(0, 0, 15.6), drawing("star:#dfe3ea")),
        Piece(cylinder(46, 150, top=40).turn("x", 180).move(0, 0, -30), ABS, bevel=4),
    ]
    # The plane z = 0 leans back from the driver: its face looks toward −y and up.
    turned = place(pieces, tilt=64)
    stalks = [
        Piece(tube(smooth_path([(s * 30, 70, -10), (s * 110, 52, 8), (s * 178, 44, 14)], 20), 8, 12), ABS)
        for s in (-1, 1)
    ]
    return place([*turned, *stalks], -372, 520, 742)


def _console() -> Pieces:
    profile = [(-330, 470), (-320, 560), (-60, 575), (180, 560), (420, 548), (560, 590), (690, 660)]
    spine = smooth_path(profile, 60)
    rings = [
        np.array(
            [
                (-118, y, 40),
                (118, y, 40),
                (126, y, z - 46),
                (112, y, z - 8),
                (96, y, z),
                (-96, y, z),
                (-112, y, z - 8),
                (-126, y, z - 46),
            ]
        )
        for y, z in spine
    ]
    rest = Piece(pillow(210, 300, 90, 6).move(0, -170, 570), BOLSTER, soft=60)
    pad = [
        Piece(extrude(rectangle(184, 300, 26), 8).move(0, 400, 548), GLOSS_BLACK, bevel=2),
        Piece(extrude(rectangle(78, 150, 12), 4).move(-46, 430, 557), RUBBER, bevel=1.5),
        Piece(extrude(rectangle(78, 150, 12), 4).move(46, 430, 557), RUBBER, bevel=1.5),
    ]
    cups = []
    for y in (90, 200):
        cups.append(Piece(torus(44, 4, 48, 10).move(0, y, 570), METAL))
        cups.append(Piece(cylinder(43, 2).move(0, y, 567), plastic("#08080a", 0.5)))
    trims = [
        Piece(tube(np.column_stack([np.full(60, s * 120), spine[:, 0], spine[:, 1] - 20]), 4, 8), METAL)
        for s in (-1, 1)
    ]
    glow = [
        Piece(tube(np.column_stack([np.full(60, s * 128), spine[:, 0], spine[:, 1] - 60]), 1.8, 8), AMBIENT)
        for s in (-1, 1)
    ]
    knob = [Piece(lathe([(0.1, 0), (26, 0), (28, 6), (26, 24), (0.1, 26)]).move(0, 300, 562), METAL, soft=40)]
    return [Piece(loft(rings), SURROUND, bevel=10, soft=25), rest, *pad, *cups, *trims, *glow, *knob]
