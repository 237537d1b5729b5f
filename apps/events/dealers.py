"""What dealers tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class DealerStatusChanged(Fact):
    """A dealer takes new orders now, or no longer; ask dealers which."""

    name: ClassVar[str] = "dealers.status_changed.v1"
    aggregate: ClassVar[str] = "organization_id"
    organization_id: int
    status: str
    is_blocked: bool
