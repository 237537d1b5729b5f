"""What a fact is."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Fact:
    """
    Something that happened, told in primitives, in the past tense, under a versioned name.

    ``name`` begins with the app that tells it. ``aggregate`` is the field by whose value facts are kept in order: the
    facts of one app about one value reach each handler in the order they were recorded.
    """

    name: ClassVar[str]
    aggregate: ClassVar[str]
