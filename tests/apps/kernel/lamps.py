"""A fact that only tests tell."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.api import Fact


@dataclass(frozen=True, kw_only=True)
class LampLit(Fact):
    """Somebody lit a lamp."""

    name: ClassVar[str] = "tests.lamp_lit.v1"
    aggregate: ClassVar[str] = "lamp"
    lamp: str
    brightness: int = 1
