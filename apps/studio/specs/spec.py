"""
What a car is described by. Lengths are meters; x runs from the nose to the tail, y to the left, z up from the road.

Outlines at the nose and the tail are drawn in (s, z): s is the way around the car, |y| plus WRAP times the distance
from the bumper's foremost point, so that one outline may run around the corner onto the fender.
"""

from dataclasses import dataclass, field

Point = tuple[float, float]
Points = tuple[Point, ...]
WRAP = 0.6


@dataclass(frozen=True)
class Crease:
    """A feature line along the body's side: sharp below, a hollow that fades out above."""

    line: Points
    depth: float
    sharp: float = 0.032
    fade: float = 0.35
    starts: float = -1.0
    ends: float = 9.0


@dataclass(frozen=True)
class Recess:
    """A part of the bumper pressed inwards with soft edges: intake, air curtain, plate, diffuser."""

    outline: Points
    depth: float
    round: float = 0.03
    soft: float = 0.012
    floor: str = "gloss"
    # What stands in it: "", "slats", "bars", "mesh" or "dots"; with the distance from one to the next.
    insert: str = ""
    pitch: float = 0.035
    insert_material: str = "gloss"


@dataclass(frozen=True)
class Stroke:
    """A line of light, or a bright strip, of one width."""

    points: Points
    width: float
    material: str = "lamp_white"


@dataclass(frozen=True)
class Lamp:
    """A pocket behind a clear cover: lit strokes and projectors on a dark floor."""

    outline: Points
    round: float = 0.012
    depth: float = 0.03
    strokes: tuple[Stroke, ...] = ()
    # (s, z, radius) of round projectors, or (s, z, half width, half height) of square ones.
    projectors: tuple[tuple[float, ...], ...] = ()
    floor: str = "lamp_floor"
    cover: str = "lens"


@dataclass(frozen=True)
class Panel:
    """A flush area of another material, with a fine gap around it."""

    outline: Points
    round: float = 0.02
    material: str = "gloss"
    raised: float = 0.0


@dataclass(frozen=True)
class End:
    """What a car shows at one of its ends."""

    recesses: tuple[Recess, ...] = ()
    lamps: tuple[Lamp, ...] = ()
    panels: tuple[Panel, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    badge: float = 0.0
    badge_size: float = 0.05


@dataclass(frozen=True)
class Glass:
    """Where the greenhouse opens. ``rear`` is the end of the side windows at z = 1.2 m, ``slant`` its x per z."""

    belt: Points
    rear: float
    slant: float
    pillars: tuple[float, ...]
    front: float
    header: float
    back_from: float
    back_to: float
    back_bottom: float = 0.0
    roof_panel: bool = True
    rail: float = 0.058
    pillar_width: float = 0.045
    bright: bool = True
    privacy_from: float = 0.0


@dataclass(frozen=True)
class Bed:
    """A pickup's open bed: from, to, half its width, height of its floor."""

    start: float
    end: float
    half_width: float
    floor: float


@dataclass(frozen=True)
class Car:
    """One series: dimensions as the catalog states them, curves, blends and ends."""

    name: str
    body: str
    length: float
    width: float
    height: float
    wheelbase: float
    front_axle: float
    wheel_radius: float
    clearance: float
    top: Points
    roof: Points
    plan: Points
    section: Points
    nose: Points
    tail: Points
    greenhouse: Points
    glass: Glass
    front: End
    rear: End
    doors: tuple[float, ...]
    creases: tuple[Crease, ...] = ()
    arch_gap: float = 0.042
    arch_power: float = 2.0
    flare: float = 0.010
    haunch_front: float = 0.012
    haunch_rear: float = 0.020
    haunch_z: float = 0.62
    nose_corner: Point = (0.13, 0.36)
    nose_power: float = 5.0
    tail_corner: Point = (0.12, 0.26)
    crown: float = 0.10
    fender: float = 0.020
    bonnet_fold: float = 0.020
    shoulder_round: float = 0.09
    front_round: float = 0.05
    rear_round: float = 0.07
    rail_round: float = 0.09
    belt_round: float = 0.03
    tumblehome: Point = (0.40, 0.22)
    windshield_bow: float = 0.42
    backlight_bow: float = 0.35
    roof_crown: float = 0.075
    greenhouse_tail: float = 0.03
    sill: float = 0.26
    cladding: float = 0.0
    lift: Point = (0.10, 0.12)
    bonnet: Points = ((0.0, 0.50), (0.3, 0.62), (0.7, 0.70), (1.2, 0.745), (1.6, 0.75), (2.0, 0.75))
    bonnet_front: float = 0.17
    bonnet_above: float = 0.66
    tailgate: tuple[float, float] = (0.60, 0.60)
    bed: Bed | None = None
    rails: bool = False
    spoiler: Point | None = None
    sliding_door: bool = False
    seat_rows: tuple[float, ...] = ()
    tire_width: float = 0.235
    extras: dict[str, float] = field(default_factory=dict)

    @property
    def rear_axle(self) -> float:
        """Where the rear wheels turn."""
        return self.front_axle + self.wheelbase

    @property
    def arch_radius(self) -> float:
        """Radius of the wheel openings."""
        return self.wheel_radius + self.arch_gap
