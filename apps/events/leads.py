"""What leads tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class LeadOpened(Fact):
    """Somebody is interested, and a store was asked to get in touch."""

    name: ClassVar[str] = "leads.lead_opened.v1"
    aggregate: ClassVar[str] = "lead_id"
    lead_id: int
    organization_id: int
    store_id: int
    source: str


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Fact):
    """A lead belongs to a seller now."""

    name: ClassVar[str] = "leads.lead_assigned.v1"
    aggregate: ClassVar[str] = "lead_id"
    lead_id: int
    owner_id: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class LeadEnded(Fact):
    """A lead ended: won, lost, or merged into another one."""

    name: ClassVar[str] = "leads.lead_ended.v1"
    aggregate: ClassVar[str] = "lead_id"
    lead_id: int
    outcome: str
