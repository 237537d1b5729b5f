"""Pure rules of a handover: which step comes next, and what is signed, word for word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST_PHOTOS, MOST_PHOTOS = 1, 20
MOST_KM = 2_000_000


class Step(StrEnum):
    """The steps of a handover, in their order."""

    IDENTITY = "identity"
    PAPERS = "papers"
    PACK = "pack"
    PHOTOS = "photos"
    SIGNATURE = "signature"
    CODE = "code"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What of a handover is done."""

    has_identity: bool
    has_papers: bool
    has_pack: bool
    photos: int
    is_signed: bool
    is_closed: bool


def next_step(done: Progress) -> Step | None:
    """Return the first step that is not done, None once the car is handed over."""
    reached = {
        Step.IDENTITY: done.has_identity,
        Step.PAPERS: done.has_papers,
        Step.PACK: done.has_pack,
        Step.PHOTOS: done.photos >= LEAST_PHOTOS,
        Step.SIGNATURE: done.is_signed,
        Step.CODE: done.is_closed,
    }
    return next((step for step in Step if not reached[step]), None)


def comes_before(one: Step, other: Step) -> bool:
    """Tell whether a step is done before another."""
    order = list(Step)
    return order.index(one) < order.index(other)


def write_text(statement: str, *, facts: Iterable[tuple[str, str]], given: Sequence[tuple[str, Sequence[str]]]) -> str:
    """
    Return what is signed: the statement, then one line for each fact, then what was given, by kind.

    ("OK.", [("VIN", "L1")], [("Papers", ["Invoice", "Manual"])]) → "OK.\n\nVIN: L1\n\nPapers: Invoice; Manual"
    """
    lines = [f"{name}: {value}" for name, value in facts if value]
    lists = [f"{kind}: {'; '.join(names)}" for kind, names in given if names]
    return "\n\n".join(part for part in (statement.strip(), "\n".join(lines), "\n".join(lists)) if part)
