"""What scheduling tells. ``purpose`` and ``subject`` are the words of the app whose appointment it is."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class BookingMade(Fact):
    """A resource is promised for an appointment."""

    name: ClassVar[str] = "scheduling.booking_made.v1"
    aggregate: ClassVar[str] = "booking_id"
    booking_id: int
    organization_id: int
    resource_id: int
    purpose: str
    subject: str
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class BookingMoved(Fact):
    """An appointment was moved to another time, perhaps to another resource."""

    name: ClassVar[str] = "scheduling.booking_moved.v1"
    aggregate: ClassVar[str] = "booking_id"
    booking_id: int
    purpose: str
    subject: str
    from_starts_at: str
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Fact):
    """An appointment was cancelled; the resource is free again."""

    name: ClassVar[str] = "scheduling.booking_cancelled.v1"
    aggregate: ClassVar[str] = "booking_id"
    booking_id: int
    purpose: str
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BookingDue(Fact):
    """An appointment is near: its customer wants reminding. ``minutes`` are left."""

    name: ClassVar[str] = "scheduling.booking_due.v1"
    aggregate: ClassVar[str] = "booking_id"
    booking_id: int
    purpose: str
    subject: str
    starts_at: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class SlotOffered(Fact):
    """A slot became free, and whoever waited longest for it may take it until ``offered_until``."""

    name: ClassVar[str] = "scheduling.slot_offered.v1"
    aggregate: ClassVar[str] = "entry_id"
    entry_id: int
    purpose: str
    starts_at: str
    offered_until: str
