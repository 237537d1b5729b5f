"""The eight series, by name."""

from apps.studio.specs import coupe, mpv, pickup, sedans, suvs
from apps.studio.specs.spec import Car

CARS: dict[str, Car] = {car.name: car for module in (sedans, suvs, mpv, pickup, coupe) for car in module.CARS}
