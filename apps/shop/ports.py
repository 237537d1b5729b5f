"""What the forks ask of the apps above them. Answered through `settings.PORTS`, so that no business rule lives here."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class ShownPrice:
    """The price of one stock record at one moment, tax included, in major units of ``currency``."""

    amount: Decimal
    currency: str
    tax_rate: Decimal


class Price(Protocol):
    """Answers at which price an offer sells. Port ``shop.price``."""

    def price_of(self, *, stock_record_id: int, at: datetime) -> ShownPrice | None:
        """Return the price valid at ``at``, or None for an offer that is not for sale then."""
        ...


class Availability(Protocol):
    """Answers how many units may still be promised. Port ``shop.availability``."""

    def available(self, *, stock_record_id: int) -> int:
        """Return the number of units free to promise over all sites of the offer; never negative."""
        ...


class OrderNumber(Protocol):
    """Issues the numbers of customer orders. Port ``shop.order_number``."""

    def new_number(self) -> str:
        """Return a fresh, unguessable order number."""
        ...
