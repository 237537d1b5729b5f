"""What is laid, hung and pulled over in the cabin."""

import numpy as np

from apps.studio.goods.materials import (
    LEATHER,
    Material,
    drawing,
    plastic,
)
from apps.studio.goods.piece import Piece, Pieces, goods, ground, place
from apps.studio.goods.shapes import (
    Array,
    Mesh,
    box,
    eased,
    extrude,
    join,
    label,
    rectangle,
    smooth_path,
    sweep,
    tube,
)


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
