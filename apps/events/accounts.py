"""What accounts tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Fact):
    """A person has an account."""

    name: ClassVar[str] = "accounts.user_registered.v1"
    aggregate: ClassVar[str] = "user_id"
    user_id: int
