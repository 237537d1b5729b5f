"""What inventory tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class StockChanged(Fact):
    """What is available of a product at a site may be different now; ask inventory how much."""

    name: ClassVar[str] = "inventory.stock_changed.v1"
    aggregate: ClassVar[str] = "product_id"
    product_id: int
    site_code: str
