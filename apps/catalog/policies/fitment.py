"""Which parts fit which cars. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A trim, as fitment looks at it."""

    series_id: int
    model_id: int
    trim_id: int
    model_year: int


@dataclass(frozen=True, slots=True)
class FitmentLine:
    """The cars one line of a part's fitment names; None means "any"."""

    series_id: int
    model_id: int | None = None
    trim_id: int | None = None
    year_from: int | None = None
    year_to: int | None = None

    def names(self, vehicle: Vehicle) -> bool:
        """Whether the line names this car; both years are inclusive."""
        return (
            self.series_id == vehicle.series_id
            and self.model_id in (None, vehicle.model_id)
            and self.trim_id in (None, vehicle.trim_id)
            and (self.year_from is None or self.year_from <= vehicle.model_year)
            and (self.year_to is None or vehicle.model_year <= self.year_to)
        )


def fits(lines: Sequence[FitmentLine], vehicle: Vehicle) -> bool:
    """Whether a part with this fitment fits a car; a part without any fitment fits every car."""
    return not lines or any(line.names(vehicle) for line in lines)
