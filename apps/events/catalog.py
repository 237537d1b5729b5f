"""What catalog tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Fact):
    """A product, its prices or its offers may read different now."""

    name: ClassVar[str] = "catalog.product_changed.v1"
    aggregate: ClassVar[str] = "product_id"
    product_id: int


@dataclass(frozen=True, kw_only=True)
class PriceChangeDecided(Fact):
    """A price that a seller asked for was approved or rejected. ``amount`` is that price."""

    name: ClassVar[str] = "catalog.price_change_decided.v1"
    aggregate: ClassVar[str] = "offer_id"
    offer_id: int
    organization_id: int
    sku: str
    status: str
    amount: str
    currency: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(Fact):
    """A product that a supplier proposed was accepted (as ``product_id``) or rejected (0) for ``reason``."""

    name: ClassVar[str] = "catalog.proposal_decided.v1"
    aggregate: ClassVar[str] = "proposal_id"
    proposal_id: int
    organization_id: int
    sku: str
    status: str
    product_id: int
    reason: str
