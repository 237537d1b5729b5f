"""A piece is a solid of one material; a shelf's builder gives the pieces of one kind of goods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from apps.studio.goods.materials import Material
from apps.studio.goods.shapes import Mesh


@dataclass(frozen=True)
class Piece:
    """
    One solid as it is photographed.

    ``bevel`` rounds its edges by so many millimeters; edges flatter than ``soft`` degrees are shaded round; ``cut`` is
    taken away; ``refine`` subdivides that often.
    """

    mesh: Mesh
    material: Material
    bevel: float = 0
    soft: float = 35
    cut: tuple[Mesh, ...] = ()
    refine: int = 0

    def change(self, rule: Callable[[Mesh], Mesh]) -> "Piece":
        return replace(self, mesh=rule(self.mesh), cut=tuple(rule(mesh) for mesh in self.cut))

    def scale(self, factor: float) -> "Piece":
        return replace(self.change(lambda mesh: mesh.scale(factor)), bevel=self.bevel * factor)


Pieces = list[Piece]


@dataclass(frozen=True)
class Goods:
    """How one kind of goods is built and from where it is seen, in degrees."""

    build: Callable[[], Pieces]
    azimuth: float
    elevation: float
    fill: float


GOODS: dict[str, Goods] = {}


def goods(key: str, azimuth: float = -30, elevation: float = 22, fill: float = 1) -> Callable:
    """Register the builder of a picture; ``fill`` is how much of the usual frame the goods take."""

    def register(build: Callable[[], Pieces]) -> Callable[[], Pieces]:
        GOODS[key] = Goods(build, azimuth, elevation, fill)
        return build

    return register


def ground(pieces: Sequence[Piece]) -> Pieces:
    """Set pieces down on the floor."""
    lowest = min(piece.mesh.points[:, 2].min() for piece in pieces)
    return [piece.change(lambda mesh: mesh.move(z=-lowest)) for piece in pieces]


def place(
    pieces: Sequence[Piece],
    x: float = 0,
    y: float = 0,
    z: float = 0,
    *,
    turn: float = 0,
    tilt: float = 0,
    lean: float = 0,
) -> Pieces:
    """Tilt pieces about x, lean them about y, turn them about z, then move them."""
    return [
        piece.change(lambda mesh: mesh.turn("x", tilt).turn("y", lean).turn("z", turn).move(x, y, z))
        for piece in pieces
    ]
