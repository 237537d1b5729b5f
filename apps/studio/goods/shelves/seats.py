"""What one sits, lies and leans on."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    CHROME,
    FABRIC,
    FOAM,
    LEATHER,
    STEEL,
    Material,
    drawing,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, ground, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    box,
    box_field,
    cylinder,
    extrude,
    isosurface,
    label,
    pillow,
    rectangle,
    sheet,
    smooth_max,
    smooth_min,
    smooth_path,
    sphere,
    superellipse,
    sweep,
    tube,
)


@goods("seat-cover", azimuth=-30, elevation=12)
def seat_cover() -> Pieces:
    return seat(LEATHER.tinted("#6b4630"), LEATHER.tinted("#2c2926"))


def seat(face: Material, side: Material) -> Pieces:
    """A front seat that looks toward −y, standing on z = 0; millimeters."""

    def cushion_field(x: Array, y: Array, z: Array) -> Array:
        base = box_field(x, y, z - 260, (245, 270, 90), 60)
        for s in (-1, 1):
            wing = box_field(x - s * 215, y + 10, z - 310, (48, 240, 66), 44)
            base = smooth_min(base, wing, 34)
        return base

    def back_field(x: Array, y: Array, z: Array) -> Array:
        w = 235 - 0.06 * (z - 300)
        back = box_field(x * 235 / w, y - 0.0, z - 640, (225, 66, 330), 58)
        for s in (-1, 1):
            wing = box_field(x - s * 205, y + 46, z - 600, (46, 78, 230), 42)
            back = smooth_min(back, wing, 30)
        return back

    def recline(mesh: Mesh) -> Mesh:
        return mesh.move(z=-300).turn("x", -14).move(0, 230, 330)

    bottom = isosurface(cushion_field, (-310, -310, 130), (310, 310, 420), 9)
    back = isosurface(back_field, (-310, -160, 260), (310, 110, 1010), 9)
    head = isosurface(lambda x, y, z: box_field(x, y, z, (138, 52, 96), 50), (-160, -80, -120), (160, 80, 120), 8)
    inlay_bottom = pillow(330, 440, 70, 6).move(0, -20, 338)
    inlay_back = pillow(320, 450, 60, 6).turn("x", 90).move(0, -62, 600)
    seams = [
        tube(np.array([[x, -240 + 10 * k, 376 - 0.0 * k] for k in range(42)], float), 2.2, 8) for x in (-85, 0, 85)
    ]
    back_seams = [tube(np.array([[x, -94, 400 + 12 * k] for k in range(34)], float), 2.2, 8) for x in (-85, 0, 85)]
    stitch = side
    return [
        Piece(bottom, side, soft=70),
        Piece(recline(back), side, soft=70),
        Piece(inlay_bottom, face, soft=60),
        Piece(recline(inlay_back), face, soft=60),
        Piece(recline(head.move(0, -20, 1050)), side, soft=70),
        Piece(recline(pillow(220, 150, 40, 6).turn("x", 90).move(0, -68, 1052)), face, soft=60),
        *[Piece(recline(cylinder(7, 90).move(x, -10, 930)), CHROME) for x in (-60, 60)],
        *[Piece(mesh.scale(1, 0.9, 1), stitch) for mesh in seams],
        *[Piece(recline(mesh), stitch) for mesh in back_seams],
        *[Piece(box(36, 520, 60).move(x, 20, 90), ABS, bevel=6) for x in (-190, 190)],
        Piece(box(420, 40, 50).move(0, -150, 120), ABS, bevel=6),
        Piece(extrude(rectangle(300, 110, 40), 34).turn("y", 90).move(228, 40, 220), ABS, bevel=8),
    ]


@goods("cushion", azimuth=-24, elevation=16)
def cushion() -> Pieces:
    cloth = Material("#8d7f6e", roughness=0.95, grain="weave", size=6, depth=0.35)
    back = [
        Piece(
            pillow(420, 330, 150, 4).bend(
                lambda p: p + np.column_stack([0 * p[:, 0], 0 * p[:, 0], -0.0006 * p[:, 0] ** 2])
            ),
            cloth,
            soft=60,
        )
    ]
    seam = smooth_path(np.column_stack([superellipse(208, 162, 7, 60), np.zeros(60)]), 160, closed=True)
    band = [
        Piece(
            tube(seam, 4, 10, closed=True).bend(
                lambda p: p + np.column_stack([0 * p[:, 0], 0 * p[:, 0], -0.0006 * p[:, 0] ** 2])
            ),
            plastic("#5d5348", 0.8),
        )
    ]
    seat = [
        Piece(pillow(430, 420, 90, 6), Material("#3d4046", roughness=0.95, grain="weave", size=6, depth=0.35), soft=60)
    ]
    return ground(place(seat, 0, -60, 0)) + place(back + band, 0, 120, 200, tilt=68)


@goods("neck-pillow", azimuth=-26, elevation=22)
def neck_pillow() -> Pieces:
    cloth = Material("#3d4148", roughness=0.95, grain="felt", size=4, depth=0.4)

    def bone(x: Array, y: Array, z: Array) -> Array:
        middle = box_field(x, y, z, (120, 40, 44), 38)
        for s in (-1, 1):
            lobe = np.sqrt(((x - s * 92) / 70) ** 2 + (y / 50) ** 2 + (z / 78) ** 2) * 52 - 52
            middle = smooth_min(middle, lobe, 30)
        return middle

    body = isosurface(bone, (-176, -64, -90), (176, 64, 90), 4)
    loop = [
        Piece(
            tube(smooth_path([(-70, 30, 40), (-66, 40, 120), (0, 44, 150), (66, 40, 120), (70, 30, 40)], 60), 5, 12),
            FABRIC,
        )
    ]
    one = [Piece(body, cloth, soft=70), *loop, Piece(label(70, 21).move(0, -46, 0), drawing("words:XINGCHI:#c3c8d0"))]
    return ground(place(one, -40, 0, tilt=-12, turn=0)) + ground(place(one, 150, 150, tilt=-12, turn=-10))


@goods("child-seat", azimuth=-34, elevation=14)
def child_seat() -> Pieces:
    shell_cloth = Material("#4a4f57", roughness=0.95, grain="weave", size=5, depth=0.3)
    inlay = Material("#9aa2ae", roughness=0.95, grain="weave", size=5, depth=0.3)

    def shell(x: Array, y: Array, z: Array) -> Array:
        back = box_field(x, y - 90 - 0.22 * (z - 330), z - 390, (190, 60, 300), 56)
        base = box_field(x, y + 40, z - 130, (195, 200, 70), 60)
        body = smooth_min(back, base, 60)
        for s in (-1, 1):
            wing = box_field(x - s * 178, y - 20 - 0.22 * (z - 330), z - 560, (28, 120, 112), 26)
            hip = box_field(x - s * 182, y + 30, z - 220, (28, 150, 74), 26)
            body = smooth_min(smooth_min(body, wing, 34), hip, 34)
        hollow = box_field(x, y + 20 - 0.22 * (z - 330), z - 420, (138, 84, 226), 60)
        return smooth_max(body, -hollow, 24)

    body = isosurface(shell, (-230, -270, 40), (230, 300, 720), 8)
    lap = pillow(270, 280, 70, 5).turn("x", 6).move(0, -70, 205)
    back_pad = pillow(250, 330, 60, 5).turn("x", 78).move(0, 92, 400)
    head_pad = pillow(260, 170, 60, 5).turn("x", 78).move(0, 130, 610)
    belt = Material("#2a2c30", roughness=0.9, grain="weave", size=3, depth=0.3)
    straps = [
        sweep(
            smooth_path(
                [(s * 66, 96, 560), (s * 64, 40, 480), (s * 58, 2, 380), (s * 30, -40, 280), (s * 8, -76, 262)], 60
            ),
            rectangle(40, 5, 2),
            roll=0,
        )
        for s in (-1, 1)
    ]
    pads = [Piece(pillow(56, 150, 26, 5).turn("x", 66).move(s * 63, 30, 470), FOAM, soft=60) for s in (-1, 1)]
    return [
        Piece(body, shell_cloth, soft=70),
        Piece(lap, inlay, soft=60),
        Piece(back_pad, inlay, soft=60),
        Piece(head_pad, inlay, soft=60),
        *[Piece(mesh, belt, soft=50) for mesh in straps],
        *pads,
        Piece(extrude(rectangle(60, 54, 14), 16).turn("x", 40).move(0, -84, 268), plastic("#c32a1e", 0.35), bevel=4),
        Piece(extrude(rectangle(330, 380, 60), 62).move(0, -10, 0), ABS, bevel=14),
        Piece(cylinder(150, 20).move(0, -20, 56), ABS, bevel=4),
        *[Piece(box(26, 120, 20).move(s * 120, 220, 30), STEEL, bevel=4) for s in (-1, 1)],
    ]


@goods("pet-mat", azimuth=-24, elevation=34)
def pet_mat() -> Pieces:
    quilt = Material("#6f6357", roughness=0.95, grain="weave", size=5, depth=0.3)

    def padded(x: Array, y: Array) -> Array:
        return 16 + 9 * np.abs(np.sin((x + y) / 42)) ** 0.5 * np.abs(np.sin((x - y) / 42)) ** 0.5

    base = sheet(560, 420, 14, padded, 170, 130)
    wall = sheet(
        560,
        170,
        14,
        lambda x, y: 12 + 7 * np.abs(np.sin((x + y) / 42)) ** 0.5 * np.abs(np.sin((x - y) / 42)) ** 0.5,
        150,
        60,
    )
    side = sheet(
        420,
        150,
        14,
        lambda x, y: 12 + 7 * np.abs(np.sin((x + y) / 42)) ** 0.5 * np.abs(np.sin((x - y) / 42)) ** 0.5,
        120,
        50,
    )
    strap = [
        Piece(
            tube(
                smooth_path(
                    [(x - 60, 216, 150), (x - 60, 226, 230), (x, 230, 262), (x + 60, 226, 230), (x + 60, 216, 150)], 60
                ),
                5,
                12,
            ),
            FABRIC,
        )
        for x in (-130, 130)
    ]
    ball = Piece(sphere(34), Material("#e9a21d", roughness=0.5, grain="felt", size=5))
    return [
        Piece(base, quilt, soft=60),
        Piece(wall.turn("x", 76).move(0, 226, 92), quilt, soft=60),
        Piece(side.turn("x", 68).turn("z", 90).move(-292, 0, 84), quilt, soft=60),
        Piece(side.turn("x", 68).turn("z", -90).move(292, 0, 84), quilt, soft=60),
        *strap,
        ball.change(lambda m: m.move(110, -60, 58)),
    ]
