"""The eight series, by name."""

from apps.studio.specs import sedans
from apps.studio.specs.spec import Car

CARS: dict[str, Car] = {car.name: car for car in (*sedans.CARS,)}
