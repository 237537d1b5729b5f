"""What service tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class PackageGranted(Fact):
    """A package that was paid for can be used."""

    name: ClassVar[str] = "aftersales.package_granted.v1"
    aggregate: ClassVar[str] = "entitlement_id"
    entitlement_id: int


@dataclass(frozen=True, kw_only=True)
class PackageRedeemed(Fact):
    """One service of a package was rendered; ``value`` (in ``currency``) was earned by the organization."""

    name: ClassVar[str] = "aftersales.package_redeemed.v1"
    aggregate: ClassVar[str] = "entitlement_id"
    entitlement_id: int
    redemption_id: int
    organization_id: int
    value: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class PackageRefunded(Fact):
    """A package was given back; ``amount`` (in ``currency``) is owed to its holder."""

    name: ClassVar[str] = "aftersales.package_refunded.v1"
    aggregate: ClassVar[str] = "entitlement_id"
    entitlement_id: int
    order_number: str
    amount: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class ServiceBooked(Fact):
    """A bay is promised for somebody's car."""

    name: ClassVar[str] = "aftersales.service_booked.v1"
    aggregate: ClassVar[str] = "visit_id"
    visit_id: int
    organization_id: int
    store_id: int
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class ServiceMoved(Fact):
    """A visit takes place at another time; ``from_starts_at`` is when it would have (empty in old facts)."""

    name: ClassVar[str] = "aftersales.service_moved.v1"
    aggregate: ClassVar[str] = "visit_id"
    visit_id: int
    starts_at: str
    is_by_store: bool
    from_starts_at: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceChanged(Fact):
    """A visit was begun, finished, paid, missed or cancelled: ``status`` says which."""

    name: ClassVar[str] = "aftersales.service_changed.v1"
    aggregate: ClassVar[str] = "visit_id"
    visit_id: int
    organization_id: int
    status: str
    is_by_store: bool


@dataclass(frozen=True, kw_only=True)
class ExtraWorkProposed(Fact):
    """The workshop found something, and asks whether it shall be done at the price it says."""

    name: ClassVar[str] = "aftersales.extra_work_proposed.v1"
    aggregate: ClassVar[str] = "visit_id"
    visit_id: int
    finding_id: int


@dataclass(frozen=True, kw_only=True)
class ExtraWorkAnswered(Fact):
    """The customer approved or declined extra work."""

    name: ClassVar[str] = "aftersales.extra_work_answered.v1"
    aggregate: ClassVar[str] = "visit_id"
    visit_id: int
    finding_id: int
    is_approved: bool


@dataclass(frozen=True, kw_only=True)
class RecallPublished(Fact):
    """The maker calls cars back; their owners are told."""

    name: ClassVar[str] = "aftersales.recall_published.v1"
    aggregate: ClassVar[str] = "recall_id"
    recall_id: int
