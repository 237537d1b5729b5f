"""
A schematic map of stores, drawn by ourselves: a graticule, a dot for every city, a pin for every store.

No outline of any country is drawn and nothing is loaded from elsewhere (decision 0003). Pins that would lie on top of
each other are one pin with their number: every pin can be hit with a finger on the smallest screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from apps.dealers.api import Store

WIDTH, HEIGHT = 640.0, 420.0
# A pin is 48 units across: 26 pixels on a screen of 360.
PIN_RADIUS = 24.0
MARGIN = 40.0
# Degrees: what is shown at least, so that one store is not a map of its courtyard.
LEAST_SPAN = 1.2
LINES_AT_MOST = 8
STEPS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Stores so close to each other that they are one pin; ``number`` is the place of the nearest in the list."""

    x: float
    y: float
    number: int
    count: int
    label: str
    city: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """What the drawing needs, in its own units; ``scale`` is units per degree of latitude."""

    pins: tuple[Pin, ...]
    dots: tuple[tuple[float, float], ...]
    meridians: tuple[float, ...]
    parallels: tuple[float, ...]
    here: tuple[float, float] | None
    north: float
    west: float
    scale: float
    squeeze: float


def draw_map(
    stores: Sequence[Store], *, near: tuple[float, float] | None, cities: Iterable[tuple[float, float]]
) -> MapView:
    """Return the map that holds these stores, and the place they are near to, if there is one."""
    points = [(float(store.latitude), float(store.longitude)) for store in stores]
    framed = [*points, *([near] if near else [])]
    south, north = min(point[0] for point in framed), max(point[0] for point in framed)
    west, east = min(point[1] for point in framed), max(point[1] for point in framed)
    squeeze = cos(radians((south + north) / 2))
    scale = min(
        (HEIGHT - 2 * MARGIN) / max(north - south, LEAST_SPAN),
        (WIDTH - 2 * MARGIN) / (max(east - west, LEAST_SPAN) * squeeze),
    )
    top = (south + north) / 2 + HEIGHT / 2 / scale
    left = (west + east) / 2 - WIDTH / 2 / scale / squeeze

    def project(latitude: float, longitude: float) -> tuple[float, float]:
        return round((longitude - left) * scale * squeeze, 1), round((top - latitude) * scale, 1)

    dots = tuple(point for point in (project(*city) for city in cities) if _is_inside(point))
    step = next((step for step in STEPS if HEIGHT / scale / step <= LINES_AT_MOST), STEPS[-1])
    return MapView(
        pins=tuple(_pins(stores, [project(*point) for point in points])),
        dots=dots,
        meridians=tuple(_lines(left, WIDTH, scale * squeeze, step)),
        parallels=tuple(HEIGHT - line for line in _lines(top - HEIGHT / scale, HEIGHT, scale, step)),
        here=project(*near) if near else None,
        north=top,
        west=left,
        scale=scale,
        squeeze=squeeze,
    )


def _pins(stores: Sequence[Store], points: Sequence[tuple[float, float]]) -> list[Pin]:
    """Gather stores around the first of the list that is near enough; the first keeps the place of the pin."""
    heads: list[tuple[int, list[int]]] = []
    for index, (x, y) in enumerate(points):
        for head, members in heads:
            if (points[head][0] - x) ** 2 + (points[head][1] - y) ** 2 < (2 * PIN_RADIUS + 4) ** 2:
                members.append(index)
                break
        else:
            heads.append((index, [index]))
    return [
        Pin(
            x=points[head][0],
            y=points[head][1],
            number=head + 1,
            count=len(members),
            label=stores[head].name,
            city=stores[head].city_name.removesuffix("市"),
            anchor=f"store-{stores[head].pk}",
        )
        for head, members in heads
    ]


def _is_inside(point: tuple[float, float]) -> bool:
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


def _lines(start: float, length: float, scale: float, step: float) -> list[float]:
    first = -(-start // step) * step
    found = []
    while (first - start) * scale <= length:
        found.append(round((first - start) * scale, 1))
        first += step
    return found
