"""What suppliers tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class SupplierStatusChanged(Fact):
    """A supplier may sell now, or no longer; ask suppliers which."""

    name: ClassVar[str] = "suppliers.status_changed.v1"
    aggregate: ClassVar[str] = "organization_id"
    organization_id: int
    status: str
