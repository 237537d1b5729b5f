"""What orders asks of apps above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from apps.kernel.api import Money
from apps.orders.errors import VoucherUnknown


class Segments(Protocol):
    """Which segments of buyers somebody is of. Port ``orders.segments``; for whoever groups members."""

    def segments_of(self, *, user_id: int, at: datetime) -> frozenset[str]:
        """Return the codes of the buyer's segments, as price lists of the layer segment name them."""


class NullSegments:
    """A shop that groups its buyers in no way: everybody pays what everybody pays."""

    def segments_of(self, *, user_id: int, at: datetime) -> frozenset[str]:
        """Return none."""
        return frozenset()


@dataclass(frozen=True, kw_only=True)
class VoucherLine:
    """One cart line as a voucher sees it. ``goods`` is before discounts, tax included."""

    ref: str
    product_id: int
    kind: str
    seller_organization_id: int
    quantity: int
    goods: Money


@dataclass(frozen=True, kw_only=True)
class VoucherDiscount:
    """What one code takes off, by line ``ref``; positive amounts."""

    code: str
    name: str
    by_line: Mapping[str, Money]


class Vouchers(Protocol):
    """The coupon book. Port ``orders.vouchers``; answered by marketing."""

    def check(self, *, code: str, user_id: int | None, at: datetime) -> str:
        """
        Return the code as it is written in the book.

        :raises VoucherUnknown: if there is none that this buyer may use
        """

    def discounts(
        self, *, codes: Sequence[str], lines: Sequence[VoucherLine], user_id: int | None, at: datetime
    ) -> list[VoucherDiscount]:
        """Return what the codes take off these lines now; a code that no longer helps is left out."""

    def claim(self, *, codes: Sequence[str], order_number: str, user_id: int | None, at: datetime) -> None:
        """Use the codes up for an order, inside its transaction; raise a refusal if one was just used elsewhere."""

    def release(self, *, order_number: str, at: datetime) -> None:
        """Give back what an order that ended had used; repeating it changes nothing."""


class NullVouchers:
    """The book of a shop that has issued no vouchers: every code is unknown."""

    def check(self, *, code: str, user_id: int | None, at: datetime) -> str:
        """Refuse: the book is empty."""
        raise VoucherUnknown(voucher=code)

    def discounts(
        self,
        *,
        codes: Sequence[str],
        lines: Sequence[VoucherLine],
        user_id: int | None,
        at: datetime,
    ) -> list[VoucherDiscount]:
        """Return no discount."""
        return []

    def claim(self, *, codes: Sequence[str], order_number: str, user_id: int | None, at: datetime) -> None:
        """Use nothing up."""

    def release(self, *, order_number: str, at: datetime) -> None:
        """Give nothing back."""
