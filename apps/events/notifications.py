"""What notifications tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Fact):
    """A message is written down and wants to be sent."""

    name: ClassVar[str] = "notifications.message_queued.v1"
    aggregate: ClassVar[str] = "message_id"
    message_id: int
