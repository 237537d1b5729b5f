"""Pure rules of the inspection before delivery: what belongs to which car, and what still keeps it here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.orders.states import Result


class Gap(StrEnum):
    """Why an item keeps a car from being handed over."""

    OPEN = "open"  # nobody looked yet
    FAULT = "fault"  # found faulty, and not repaired
    PHOTO = "photo"  # the photo is missing


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One item as it stands."""

    code: str
    result: str
    repair_note: str
    needs_photo: bool
    photos: int


def belongs(*, body_types: Sequence[str], powertrains: Sequence[str], body_type: str, powertrain: str) -> bool:
    """Tell whether an item belongs to a car; an empty list means all. HIGH_VOLTAGE for [bev, phev]: not to an ice."""
    return (not body_types or body_type in body_types) and (not powertrains or powertrain in powertrains)


def find_gaps(items: Iterable[Checked], *, with_photos: bool) -> dict[str, Gap]:
    """Return what keeps a car here, by the items' codes; nothing means that it may be signed."""
    gaps: dict[str, Gap] = {}
    for item in items:
        if not item.result:
            gaps[item.code] = Gap.OPEN
        elif item.result == Result.FAULT and not item.repair_note:
            gaps[item.code] = Gap.FAULT
        elif with_photos and item.needs_photo and item.result != Result.NOT_APPLICABLE and not item.photos:
            gaps[item.code] = Gap.PHOTO
    return gaps
