"""What test drives tell."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class TestDriveRequested(Fact):
    """Somebody booked a demonstration car."""

    __test__: ClassVar[bool] = False
    name: ClassVar[str] = "testdrives.test_drive_requested.v1"
    aggregate: ClassVar[str] = "test_drive_id"
    test_drive_id: int
    organization_id: int
    store_id: int
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class TestDriveMoved(Fact):
    """A test drive takes place at another time; ``from_starts_at`` is when it would have (empty in old facts)."""

    __test__: ClassVar[bool] = False
    name: ClassVar[str] = "testdrives.test_drive_moved.v1"
    aggregate: ClassVar[str] = "test_drive_id"
    test_drive_id: int
    starts_at: str
    is_by_store: bool
    from_starts_at: str = ""


@dataclass(frozen=True, kw_only=True)
class TestDriveChanged(Fact):
    """A test drive was confirmed, begun, completed, missed or cancelled: ``status`` says which."""

    __test__: ClassVar[bool] = False
    name: ClassVar[str] = "testdrives.test_drive_changed.v1"
    aggregate: ClassVar[str] = "test_drive_id"
    test_drive_id: int
    organization_id: int
    status: str
    is_by_store: bool
