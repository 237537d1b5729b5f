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


@dataclass(frozen=True, kw_only=True)
class DealerAuthorizationChanged(Fact):
    """An authorization was granted, extended, ended or revoked. ``ends_on``: the day after the last or ""."""

    name: ClassVar[str] = "dealers.authorization_changed.v1"
    aggregate: ClassVar[str] = "organization_id"
    organization_id: int
    authorization_id: int
    move: str
    brand_code: str
    region_code: str
    kind: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class DealerTerritoryChanged(Fact):
    """A dealer was given a territory, or its territory ends. Dates as above."""

    name: ClassVar[str] = "dealers.territory_changed.v1"
    aggregate: ClassVar[str] = "organization_id"
    organization_id: int
    territory_id: int
    move: str
    brand_code: str
    region_code: str
    kind: str
    is_exclusive: bool
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class DealerLevelChanged(Fact):
    """A dealer rose or fell to another level."""

    name: ClassVar[str] = "dealers.level_changed.v1"
    aggregate: ClassVar[str] = "organization_id"
    organization_id: int
    level: str
    before: str


@dataclass(frozen=True, kw_only=True)
class StoreChanged(Fact):
    """A store was opened, closed, reopened, moved, or keeps other hours."""

    name: ClassVar[str] = "dealers.store_changed.v1"
    aggregate: ClassVar[str] = "organization_id"
    organization_id: int
    store_id: int
    move: str
