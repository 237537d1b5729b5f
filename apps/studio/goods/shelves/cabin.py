"""What is laid, clipped or plugged into the cabin."""

import numpy as np

from apps.studio.goods.materials import (
    ABS,
    BRASS,
    CHROME,
    DARK_GLASS,
    FABRIC,
    FOAM,
    GLASS,
    LEATHER,
    RUBBER,
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
    eased,
    extrude,
    isosurface,
    join,
    label,
    lathe,
    loft,
    pillow,
    rectangle,
    ring,
    sheet,
    smooth_max,
    smooth_min,
    smooth_path,
    sphere,
    superellipse,
    sweep,
    torus,
    tube,
)

SCREEN = 0.9


def tray(outline: Array, wall: float, thickness: float = 5) -> list[Mesh]:
    """A mat with a raised rim: its floor and its rim."""
    outline = eased(outline)
    path = np.column_stack([outline, np.full(len(outline), wall / 2)])
    rim = sweep(path, rectangle(thickness * 1.4, wall, thickness * 0.5, n=4), closed=True)
    return [extrude(outline, thickness), rim]


@goods("floor-mat", azimuth=-18, elevation=42)
def floor_mat() -> Pieces:
    tpe = Material("#3b3d41", roughness=0.6)

    def mat(outline: Array, bars: int) -> Pieces:
        floor_, rim = tray(outline, 26)
        width, depth = np.ptp(outline[:, 0]), np.ptp(outline[:, 1])
        middle = (outline.max(axis=0) + outline.min(axis=0)) / 2
        ribs = [
            box(width * 0.66, 7, 5).move(middle[0], middle[1] + (k / (bars - 1) - 0.5) * depth * 0.66, 4)
            for k in range(bars)
        ]
        return [
            Piece(floor_, tpe, bevel=1.5),
            Piece(rim, tpe, soft=40),
            *[Piece(rib, tpe, bevel=2) for rib in ribs],
            Piece(
                label(110, 33).turn("x", -90).move(middle[0], middle[1] - depth * 0.4, 5.6),
                drawing("words:XINGCHI:#b9c0ca"),
            ),
        ]

    driver = smooth_path(
        [
            (-230, -300),
            (200, -300),
            (232, -270),
            (235, 120),
            (160, 300),
            (120, 330),
            (-160, 330),
            (-225, 290),
            (-240, 0),
            (-250, -270),
        ],
        140,
        closed=True,
    )
    rear = smooth_path(
        [
            (-380, -120),
            (380, -120),
            (400, -90),
            (392, 110),
            (330, 130),
            (90, 120),
            (60, 60),
            (-60, 60),
            (-90, 120),
            (-330, 130),
            (-392, 110),
            (-400, -90),
        ],
        170,
        closed=True,
    )
    return (
        place(mat(driver, 9), -270, 150, 0)
        + place(mat(driver * [-1, 1], 9), 290, 150, 0)
        + place(mat(rear, 4), 10, -390, 0)
    )


@goods("boot-mat", azimuth=-22, elevation=36)
def boot_mat() -> Pieces:
    tpe = Material("#3b3d41", roughness=0.6)
    outline = smooth_path(
        [
            (-480, -360),
            (480, -360),
            (500, -320),
            (490, -60),
            (560, 60),
            (560, 260),
            (500, 340),
            (430, 360),
            (-430, 360),
            (-500, 340),
            (-560, 260),
            (-560, 60),
            (-490, -60),
            (-500, -320),
        ],
        200,
        closed=True,
    )
    floor_, rim = tray(outline, 76, 8)
    diamonds = [
        Piece(join(box(700 - abs(k) * 40, 9, 5).turn("z", 45 * s).move(0, 0, 7) for s in (-1, 1)), tpe, bevel=2).change(
            lambda m, k=k: m.move(k * 62, 0, 0)
        )
        for k in (-3, -2, -1, 0, 1, 2, 3)
    ]
    return [
        Piece(floor_, tpe, bevel=2),
        Piece(rim, tpe, soft=40),
        *diamonds,
        Piece(extrude(rectangle(220, 74, 10), 4).move(0, -280, 8), tpe, bevel=1.5),
        Piece(label(190, 57).turn("x", -90).move(0, -280, 12.6), drawing("words:XINGCHI:#b9c0ca")),
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


@goods("sunshade", azimuth=-16, elevation=14)
def sunshade() -> Pieces:
    silver = Material("#d3d6da", metallic=0.9, roughness=0.3, grain="cast", size=9, depth=0.2)
    panels = 9
    front = np.array([(k * 74 - panels * 74, 26 if k % 2 else -26) for k in range(panels * 2 + 1)], float)
    height = 640
    edge_low = np.column_stack([front, np.full(len(front), 0.0)])
    edge_high = np.column_stack([front * [0.9, 1], height - 40 * (front[:, 0] / 700) ** 2])
    thick = np.array([0, 7, 0])
    n = len(front)
    pts = np.vstack([edge_low, edge_high, edge_low + thick, edge_high + thick])
    faces = []
    for k in range(n - 1):
        faces += [
            (k, k + 1, n + k + 1, n + k),
            (2 * n + k + 1, 2 * n + k, 3 * n + k, 3 * n + k + 1),
            (n + k, n + k + 1, 3 * n + k + 1, 3 * n + k),
            (k + 1, k, 2 * n + k, 2 * n + k + 1),
        ]
    faces += [(0, n, 3 * n, 2 * n), (n - 1, 2 * n + n - 1, 4 * n - 1, 2 * n - 1)]
    hem = [Piece(tube(edge, 6, 10), plastic("#2b2d31", 0.7)) for edge in (edge_low + thick / 2, edge_high + thick / 2)]
    notch = Piece(
        extrude(rectangle(110, 70, 30), 30).turn("x", 90).move(0, 22, height - 30), plastic("#2b2d31", 0.7), bevel=3
    )
    return [Piece(Mesh(pts, tuple(faces)), silver, soft=20), *hem, notch]


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


@goods("steering-cover", azimuth=-14, elevation=18)
def steering_cover() -> Pieces:
    wheel_ = [Piece(piece_mesh, material) for piece_mesh, material in steering_rim()]
    return ground(place(wheel_, 0, 0, 0, tilt=76))


def steering_rim() -> list[tuple[Mesh, Material]]:
    """A leather rim with perforated grips, lying in the plane z = 0."""
    t = np.linspace(0, 2 * np.pi, 220, endpoint=False)
    path = np.column_stack([185 * np.cos(t), 185 * np.sin(t), np.zeros(220)])
    rim = tube(path, 17, 28, closed=True)
    grips = []
    for start, end in ((-0.45, 0.55), (np.pi - 0.55, np.pi + 0.45)):
        s = np.linspace(start, end, 60)
        arc = np.column_stack([185 * np.cos(s), 185 * np.sin(s), np.zeros(60)])
        grips.append((tube(arc, 17.7, 28), Material("#3a3c41", roughness=0.7, grain="leather", size=5, depth=0.6)))
    angle = np.linspace(0, 2 * np.pi, 150)
    thread = np.column_stack(
        [
            (185 - 17.6 - 0.3 * np.cos(60 * angle)) * np.cos(angle),
            (185 - 17.6) * np.sin(angle),
            1.6 * np.sin(75 * angle),
        ]
    )
    rings = []
    for a in (-0.45, 0.55, np.pi - 0.55, np.pi + 0.45):
        s = np.array([a - 0.012, a + 0.012])
        rings.append(
            (tube(np.column_stack([185 * np.cos(s), 185 * np.sin(s), [0, 0]]), 18.4, 28), plastic("#1746d1", 0.5))
        )
    return [(rim, LEATHER.tinted("#303136")), *grips, (tube(thread, 1.5, 8), plastic("#5d83ec", 0.6)), *rings]


@goods("phone-holder", azimuth=-30, elevation=16)
def phone_holder() -> Pieces:
    phone = [
        Piece(extrude(rectangle(76, 160, 13), 9), plastic("#2a2f38", 0.2), bevel=2.5),
        Piece(extrude(rectangle(71, 155, 11), 1).move(z=8.6), DARK_GLASS, bevel=0.3),
        Piece(label(70, 150).turn("x", -90).move(0, 0, 9.9), drawing("map:", 0.1, SCREEN)),
    ]
    cradle = [
        Piece(extrude(rectangle(64, 96, 14), 14).move(z=-15), ABS, bevel=3),
        *[Piece(box(14, 46, 28).move(s * 46, 6, -14), ABS, bevel=3) for s in (-1, 1)],
        *[Piece(box(6, 44, 12).move(s * 41, 6, -1), RUBBER, bevel=1.5) for s in (-1, 1)],
        Piece(box(40, 12, 26).move(0, -86, -14), ABS, bevel=3),
        Piece(box(30, 40, 8).move(0, -64, -14), ABS, bevel=2),
    ]
    tilted = place(phone + cradle, 0, 0, 150, tilt=74)
    arm = [
        Piece(sphere(15).move(0, 26, 142), CHROME),
        Piece(tube(smooth_path([(0, 30, 142), (0, 58, 120), (0, 64, 70), (0, 40, 34), (0, 20, 22)], 50), 9, 20), ABS),
        Piece(lathe([(0.1, 0), (46, 0), (48, 5), (40, 16), (20, 24), (0.1, 25)]).move(0, 16, 0), ABS, soft=40),
        Piece(ring(50, 40, 4).move(0, 16, 0), RUBBER, bevel=1),
    ]
    return tilted + arm


@goods("light-strip", azimuth=-22, elevation=34)
def light_strip() -> Pieces:
    glow = Material("#4d7dff", roughness=0.3, glow=4.5)
    rose = Material("#ff4f9a", roughness=0.3, glow=4.0)
    outer = smooth_path(
        [
            (-190, -30, 6),
            (-150, 70, 6),
            (-20, 110, 6),
            (110, 80, 6),
            (150, 0, 6),
            (90, -70, 6),
            (-20, -60, 6),
            (-60, 0, 6),
            (10, 40, 6),
            (60, 10, 6),
        ],
        240,
    )
    inner = smooth_path([(-180, -90, 6), (-90, -120, 6), (30, -120, 6), (140, -100, 6), (200, -30, 6)], 120)
    box_ = [
        Piece(extrude(rectangle(64, 34, 7), 18), ABS, bevel=2.5),
        Piece(cylinder(8, 2).move(0, 0, 17.6), Material("#4d7dff", roughness=0.3, glow=2)),
        Piece(label(24, 8).turn("x", -90).move(20, 0, 18.4), drawing("words:RGB:#dfe3ea")),
    ]
    return [
        Piece(tube(outer, 5, 16), glow),
        Piece(tube(inner, 5, 16), rose),
        *place(box_, 232, -10, 0, turn=60),
        *place(box_, -196, -40, 0, turn=80),
    ]


@goods("screen-protector", azimuth=-24, elevation=18)
def screen_protector() -> Pieces:
    screen = [
        Piece(extrude(rectangle(330, 200, 14), 12), plastic("#1b1d21", 0.3), bevel=3),
        Piece(label(318, 188).turn("x", -90).move(0, 0, 12.2), drawing("cluster:", 0.1, 0.7)),
    ]
    sheet_ = Piece(extrude(rectangle(330, 200, 14), 2.4), Material("#dcecf5", roughness=0.02, clear=0.96), bevel=0.8)
    edge = Piece(
        tube(np.column_stack([rectangle(330, 200, 14), np.zeros(24)]), 1.0, 8, closed=True),
        Material("#9fc4dc", roughness=0.1, clear=0.4),
    )
    return [*ground(place(screen, 0, 40, 0, tilt=62)), *place([sheet_, edge], 60, -44, 118, tilt=62, turn=0)]


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


@goods("dash-cam", azimuth=-28, elevation=14)
def dash_cam() -> Pieces:
    body = [
        Piece(cylinder(24, 96).turn("y", 90).move(-48, 0, 0), ABS, bevel=5),
        Piece(extrude(rectangle(54, 44, 8), 16).move(0, 0, 16), ABS, bevel=3),
        Piece(extrude(rectangle(60, 46, 9), 4).move(0, 0, 31), plastic("#c32a1e", 0.5), bevel=1),
    ]
    lens = [
        Piece(
            lathe([(0.1, 0), (23, 0), (23, 9), (20, 12), (17, 11)]),
            Material("#26282c", metallic=0.7, roughness=0.3),
            soft=30,
        ),
        Piece(torus(21, 1.2, 64, 10).move(z=11), CHROME),
        Piece(lathe([(17, 10), (14, 14), (8, 17), (0.1, 18)], caps=False), DARK_GLASS),
        Piece(ring(11, 9.5, 1).move(z=14.5), Material("#39519a", metallic=0.6, roughness=0.1), bevel=0.2),
    ]
    wire = tube(
        smooth_path([(48, 4, 6), (76, 6, 4), (110, 30, -20), (150, 10, -46), (120, -60, -47), (170, -90, -47)], 90),
        2.6,
        14,
    )
    return [
        *body,
        *place(lens, 0, -16, -2, tilt=90),
        Piece(label(30, 9).move(-34, -24.3, 0), drawing("words:XINGCHI:#c8cdd6")),
        Piece(cylinder(3, 3).turn("x", 90).move(34, -22, 4), Material("#59d98b", roughness=0.3, glow=2)),
        Piece(box(110, 56, 4).move(0, 0, 35), GLASS, bevel=1),
        Piece(wire, RUBBER),
    ]


@goods("memory-card", azimuth=-24, elevation=38)
def memory_card() -> Pieces:
    card = np.array([(-5.5, -7.5), (5.5, -7.5), (5.5, 2), (4.4, 3.4), (4.4, 7.5), (-5.5, 7.5)], float) * 4
    micro = [
        Piece(extrude(card, 3.4), plastic("#1d1f24", 0.35), bevel=0.8),
        Piece(label(36, 50).turn("x", -90).move(-1, -3, 3.6), drawing("card:128")),
    ]
    adapter_outline = np.array([(-48, -64), (48, -64), (48, 64), (-30, 64), (-48, 46)], float)
    adapter = [
        Piece(extrude(adapter_outline, 8), plastic("#1746d1", 0.35), bevel=1.6),
        Piece(
            label(76, 70).turn("x", -90).move(2, -14, 8.2),
            drawing("plate:存储卡转接套:SD ADAPTER:#f4f6f9:#14171c:square"),
        ),
        Piece(box(5, 14, 9).move(-47, 22, 0), plastic("#e9eaec"), bevel=1),
    ]
    return place(micro, 62, -30, 0, turn=-20) + place(adapter, -30, 20, 0, turn=8)


@goods("car-vacuum", azimuth=-30, elevation=20)
def car_vacuum() -> Pieces:
    white = plastic("#eef0f2", 0.28)
    profile = [(0.1, -150), (26, -150), (30, -144), (31, -40), (34, -20), (38, 10), (40, 60)]
    cup = [(38, 58), (39, 64), (38, 120), (30, 148), (22, 156)]
    nozzle = [
        np.column_stack([superellipse(a, b, 3, 60), np.full(60, z)])
        for z, a, b in ((156, 21, 21), (172, 22, 19), (200, 32, 11), (226, 40, 8))
    ]
    pieces = [
        Piece(lathe(profile), white, soft=40),
        Piece(lathe(cup), Material("#50606e", roughness=0.05, clear=0.75), soft=40),
        Piece(
            lathe([(0.1, 70), (22, 72), (26, 80), (16, 130), (0.1, 132)]), Material("#f2f2ee", roughness=0.8), soft=40
        ),
        Piece(ring(41, 37, 8).move(z=56), plastic("#1746d1", 0.3), bevel=1.5),
        Piece(loft(nozzle, caps=False), ABS, soft=40),
        Piece(extrude(rectangle(16, 34, 7), 6).turn("x", 90).move(0, -30, -60), plastic("#1746d1", 0.3), bevel=1.5),
        Piece(label(60, 18).turn("y", 90).move(0, -35.5, 24), drawing("words:XINGCHI:#8d949e")),
    ]
    brush = [
        Piece(extrude(rectangle(60, 24, 10), 26), ABS, bevel=3),
        Piece(
            join(cylinder(0.9, 18, 6).move(x, y, 26) for x in np.linspace(-24, 24, 15) for y in (-7, 0, 7)),
            plastic("#1f2125", 0.8),
        ),
    ]
    return ground(place(pieces, lean=90, turn=14)) + place(brush, 90, -96, 0, turn=-20)


@goods("air-pump", azimuth=-28, elevation=20)
def air_pump() -> Pieces:
    body = [
        Piece(extrude(rectangle(92, 74, 20), 176), plastic("#2c2f34", 0.42), bevel=6),
        Piece(extrude(rectangle(95, 77, 21), 8).move(z=120), plastic("#1746d1", 0.35), bevel=2),
        Piece(extrude(rectangle(66, 54, 8), 1.6).turn("x", 90).move(0, -36.6, 84), DARK_GLASS, bevel=0.4),
        Piece(label(60, 48).move(0, -38.6, 84), drawing("words:2.5:#8fe3ff:bar  胎压", 0.2, 1.0)),
        *[
            Piece(cylinder(6.5, 3).turn("x", 90).move(x, -36.4, 40), plastic("#4a4e56", 0.4), bevel=0.8)
            for x in (-22, 0, 22)
        ],
        Piece(label(52, 16).move(0, -37.4, 150), drawing("words:XINGCHI:#c8cdd6")),
        Piece(cylinder(11, 10).move(0, 0, 175), CHROME, bevel=1),
    ]
    hose = smooth_path(
        [
            (0, 0, 184),
            (0, 10, 214),
            (50, 30, 220),
            (92, 20, 150),
            (98, 10, 60),
            (110, -10, 10),
            (150, -70, 8),
            (90, -110, 8),
            (30, -110, 8),
        ],
        140,
    )
    end = [
        Piece(cylinder(7, 26).turn("y", -90), BRASS, bevel=1),
        Piece(cylinder(9, 16).turn("y", -90).move(10), ABS, bevel=1),
    ]
    return [*body, Piece(tube(hose, 6, 18), RUBBER), *place(end, 24, -110, 9)]
