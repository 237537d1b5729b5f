"""What financing asks of what lies outside: orders (on the same floor), and lenders."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from apps.kernel.api import Money

ORDERS_PORT = "financing.orders"
LENDER_PORT = "financing.lender"


@dataclass(frozen=True, kw_only=True)
class FinancedOrder:
    """An order as far as money for it is concerned; ``takes_money`` says whether any may still be booked to it."""

    number: str
    total: Money
    balance_due: Money
    takes_money: bool
    has_vehicle: bool
    car_zh: str
    car_en: str


class Orders(Protocol):
    """The orders of the shop."""

    def find(self, *, number: str, user_id: int) -> FinancedOrder | None:
        """Return an order of that user, None if there is none or it is somebody else's."""

    def list_open(self, *, user_id: int) -> list[FinancedOrder]:
        """List the user's orders that still take money, the newest first."""


class LenderStatus(StrEnum):
    """What a lender says of an application, in one vocabulary."""

    RECEIVED = "received"
    MORE_ASKED = "more_asked"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISBURSED = "disbursed"


@dataclass(frozen=True, kw_only=True)
class LoanRequest:
    """An application as the lender needs it. The lender takes a ``number`` once; the same again is an answer to it."""

    number: str
    product: str
    months: int
    price: Money
    amount: Money
    name: str
    identity_number: str
    phone: str
    monthly_income: str


@dataclass(frozen=True, kw_only=True)
class LoanPaper:
    """One paper: its kind and checked content."""

    kind: str
    content_type: str
    digest: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class LenderNews:
    """One piece of verified news: pushed by the lender, or answered when asked. ``number`` is ours."""

    event_id: str
    number: str
    reference: str
    status: LenderStatus
    amount: Money | None = None
    valid_until: datetime | None = None
    asked_for: tuple[str, ...] = field(default_factory=tuple)
    reason: str = ""
    disbursement: str = ""


class Lender(Protocol):
    """
    Lenders, behind one agreed protocol. Every call is bounded in time and repeatable.

    Calls raise LenderUnavailable where nobody knows what the lender did, LenderRefused where it said no.
    """

    def submit(self, request: LoanRequest, papers: Sequence[LoanPaper]) -> LenderNews:
        """Hand in an application, or more papers to it."""

    def query(self, number: str) -> LenderNews | None:
        """Say where it stands; None if the lender has never heard of it."""

    def withdraw(self, number: str) -> LenderNews:
        """Tell the lender that nobody wants the loan any more."""

    def disburse(self, number: str, *, amount: Money, order_number: str, contract_digest: str) -> LenderNews:
        """Ask for the money of an approved application; the same again pays once."""
