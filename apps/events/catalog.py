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
