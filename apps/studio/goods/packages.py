"""Still lifes for service packages: what the package is about, set out together at their real sizes."""

from apps.studio.goods.materials import Material, drawing, plastic
from apps.studio.goods.piece import GOODS, Goods, Piece, Pieces, ground, place
from apps.studio.goods.shapes import box, extrude, label, rectangle

PACKAGES: dict[str, Goods] = {}


def package(code: str, azimuth: float = -20, elevation: float = 16):
    """Register the still life of a package by its code in lower case."""

    def register(build):
        PACKAGES[code] = Goods(build, azimuth, elevation, 1)
        return build

    return register


def show(key: str, x: float, y: float, size: float, *, turn: float = 0) -> Pieces:
    """One kind of goods, scaled, on the floor at a place; what turns it is added to its own pose."""
    pieces = ground(GOODS[key].build())
    return place([piece.scale(size) for piece in pieces], x, y, turn=turn)


def card(title: str, subtitle: str, x: float, y: float, *, turn: float = 0) -> Pieces:
    """A standing card that names the package."""
    board = [
        Piece(extrude(rectangle(190, 120, 10), 7), plastic("#1746d1", 0.4), bevel=2),
        Piece(label(186, 93).turn("x", -90).move(0, 0, 7.4), drawing(f"plate:{title}:{subtitle}")),
    ]
    foot = Piece(box(90, 40, 10).move(0, 14, 0), plastic("#d9dce1", 0.4), bevel=2)
    return place([*place(board, 0, 0, 66, tilt=78), foot], x, y, turn=turn)


def clipboard(x: float, y: float, *, turn: float = 0) -> Pieces:
    """A service report on its board."""
    return place(
        [
            Piece(extrude(rectangle(210, 290, 10), 5), plastic("#2b2f36", 0.5), bevel=1.5),
            Piece(label(194, 266).turn("x", -90).move(0, -4, 5.6), drawing("report:", 0.8)),
            Piece(
                extrude(rectangle(80, 24, 6), 10).move(0, 136, 4),
                Material("#c9ccd1", metallic=1, roughness=0.3),
                bevel=2,
            ),
        ],
        x,
        y,
        turn=turn,
    )


def wheel_stack(x: float, y: float, count: int, size: float = 0.5) -> Pieces:
    """Tires with their rims, lying on each other."""
    from apps.studio.goods.shelves.wheels import complete_wheel

    lying = [piece.scale(size) for piece in ground(complete_wheel())]
    return [piece for k in range(count) for piece in place(lying, x + (k % 2) * 6, y, 212 * size * k, turn=23 * k)]


@package("pkg-ev-basic-2y")
def ev_basic() -> Pieces:
    return [
        *clipboard(-90, -60, turn=12),
        *show("cabin-filter", 110, 120, 0.9),
        *show("charge-gun", -120, 170, 0.8),
        *card("纯电基础保养", "2 年", 150, -90, turn=-8),
    ]


@package("pkg-ev-full-4y")
def ev_full() -> Pieces:
    return [
        *show("brake-fluid", -150, 30, 0.9),
        *show("expansion-tank", 20, 120, 0.9),
        *show("cabin-filter", 190, 90, 0.72),
        *show("bushing", -60, -120, 0.7),
        *card("纯电无忧保养", "4 年", 120, -120, turn=-8),
    ]


@package("pkg-phev-basic-2y")
def phev_basic() -> Pieces:
    return [
        *show("canister", -90, 70, 1),
        *show("oil-filter", 110, 40, 1.2),
        *clipboard(-140, -150, turn=14),
        *card("混动基础保养", "2 年", 90, -130, turn=-8),
    ]


@package("pkg-phev-full-4y")
def phev_full() -> Pieces:
    return [
        *show("canister", -150, 90, 1),
        *show("oil-filter", 60, 100, 1.1),
        *show("spark-plug", -40, -110, 1.1),
        *show("air-filter", 240, 60, 0.7),
        *card("混动无忧保养", "4 年", 150, -150, turn=-8),
    ]


@package("pkg-tire-care")
def tire_care() -> Pieces:
    return [
        *wheel_stack(-90, 60, 2),
        *show("air-pump", 160, 40, 1.1),
        *card("轮胎养护", "2 年", 130, -130, turn=-8),
    ]


@package("pkg-ac-fresh")
def ac_fresh() -> Pieces:
    return [
        *show("cabin-filter", 60, 110, 1),
        *show("spray-can", -160, 30, 1),
        *show("fragrance", -60, -110, 1),
        *card("空调焕新", "清洗 + 滤芯", 130, -120, turn=-8),
    ]


@package("pkg-winter-ready")
def winter_ready() -> Pieces:
    return [
        *wheel_stack(-70, 80, 3),
        *show("spray-can", 150, 20, 1),
        *card("冬季换胎", "换装 + 寄存", 80, -150, turn=-8),
    ]


@package("pkg-ext-2y")
def extended_warranty() -> Pieces:
    return [
        *clipboard(-80, 0, turn=10),
        *show("key-fob", 110, -60, 1.3),
        *show("compressor", 120, 170, 0.8),
        *card("延长保修", "2 年 · 4 万公里", -100, 190, turn=6),
    ]


@package("pkg-paint-1y")
def paint_cover() -> Pieces:
    return [
        *show("mirror-cap", -40, 130, 0.9),
        *show("paint-pen", -110, -80, 1.2),
        *show("microfiber", 170, 20, 0.9),
        *card("漆面保障", "1 年", 120, -140, turn=-8),
    ]


@package("pkg-care-plus")
def care_plus() -> Pieces:
    return [
        *show("warning-triangle", -140, 150, 0.7),
        *show("tool-kit", 120, 120, 0.8),
        *show("first-aid-kit", -90, -70, 0.6),
        *card("出行关怀", "3 年", 130, -130, turn=-8),
    ]
