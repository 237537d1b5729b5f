"""What financing tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class LoanApplicationSubmitted(Fact):
    """An applicant handed in an application, or more papers; the lender does not have them yet."""

    name: ClassVar[str] = "financing.loan_application_submitted.v1"
    aggregate: ClassVar[str] = "application_number"
    application_number: str
    order_number: str


@dataclass(frozen=True, kw_only=True)
class LoanApplicationDecided(Fact):
    """The lender approved, refused or asked for more, or time ran out; ``status`` says which."""

    name: ClassVar[str] = "financing.loan_application_decided.v1"
    aggregate: ClassVar[str] = "application_number"
    application_number: str
    order_number: str
    status: str


@dataclass(frozen=True, kw_only=True)
class LoanApplicationWithdrawn(Fact):
    """The applicant does not want the loan any more; the lender does not know yet."""

    name: ClassVar[str] = "financing.loan_application_withdrawn.v1"
    aggregate: ClassVar[str] = "application_number"
    application_number: str
    order_number: str


@dataclass(frozen=True, kw_only=True)
class LoanContractSigned(Fact):
    """The applicant signed the contract; the lender was not asked for the money yet."""

    name: ClassVar[str] = "financing.loan_contract_signed.v1"
    aggregate: ClassVar[str] = "application_number"
    application_number: str
    order_number: str


@dataclass(frozen=True, kw_only=True)
class LoanDisbursed(Fact):
    """The lender paid out; the money counts towards the order."""

    name: ClassVar[str] = "financing.loan_disbursed.v1"
    aggregate: ClassVar[str] = "application_number"
    application_number: str
    order_number: str
    payment_number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class TradeInInspected(Fact):
    """A store looked at a used car; its figure waits for the owner."""

    name: ClassVar[str] = "financing.trade_in_inspected.v1"
    aggregate: ClassVar[str] = "trade_in_number"
    trade_in_number: str
    organization_id: int
    value_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class TradeInDeclined(Fact):
    """A store does not take a used car."""

    name: ClassVar[str] = "financing.trade_in_declined.v1"
    aggregate: ClassVar[str] = "trade_in_number"
    trade_in_number: str
    organization_id: int
