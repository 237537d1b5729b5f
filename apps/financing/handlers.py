"""Outbox subscribers: queue what a lender is to hear as soon as it is committed, and tell people what became of it."""

from typing import Any

from django.db import transaction

from apps.events.api import (
    LoanApplicationDecided,
    LoanApplicationSubmitted,
    LoanApplicationWithdrawn,
    LoanContractSigned,
    LoanDisbursed,
    TradeInDeclined,
    TradeInInspected,
)
from apps.financing import tasks
from apps.financing.api import ApplicationStatus, tell_applicant, tell_owner
from apps.kernel.api import outbox


def _queue(number: str) -> None:
    """Queue the call. Robust: without a broker the beat's sweep does it a little later."""
    transaction.on_commit(lambda: tasks.follow_application.delay(number=number), robust=True)


@outbox.subscribe(LoanApplicationSubmitted, name="financing.send_application")
def send_application(fact: LoanApplicationSubmitted, *, event: Any) -> None:
    """Give the lender what was handed in."""
    _queue(fact.application_number)


@outbox.subscribe(LoanContractSigned, name="financing.ask_for_money")
def ask_for_money(fact: LoanContractSigned, *, event: Any) -> None:
    """Ask the lender for the money."""
    _queue(fact.application_number)


@outbox.subscribe(LoanApplicationWithdrawn, name="financing.tell_withdrawal")
def tell_withdrawal(fact: LoanApplicationWithdrawn, *, event: Any) -> None:
    """Tell the lender that nobody wants the loan any more."""
    _queue(fact.application_number)


@outbox.subscribe(LoanApplicationDecided, name="financing.tell_decided")
def tell_decided(fact: LoanApplicationDecided, *, event: Any) -> None:
    """Tell the applicant what the lender decided."""
    template = {
        ApplicationStatus.APPROVED: "loan_approved",
        ApplicationStatus.REFUSED: "loan_refused",
        ApplicationStatus.MORE_ASKED: "loan_more_asked",
        ApplicationStatus.EXPIRED: "loan_expired",
    }[ApplicationStatus(fact.status)]
    tell_applicant(number=fact.application_number, template=template, cause=str(event.pk), now=event.occurred_at)


@outbox.subscribe(LoanDisbursed, name="financing.tell_disbursed")
def tell_disbursed(fact: LoanDisbursed, *, event: Any) -> None:
    """Tell the applicant that the lender paid."""
    tell_applicant(number=fact.application_number, template="loan_paid_out", cause="", now=event.occurred_at)


@outbox.subscribe(TradeInInspected, name="financing.tell_inspected")
def tell_inspected(fact: TradeInInspected, *, event: Any) -> None:
    """Tell the owner of a car what the store makes of it."""
    tell_owner(number=fact.trade_in_number, template="trade_in_inspected", now=event.occurred_at)


@outbox.subscribe(TradeInDeclined, name="financing.tell_declined")
def tell_declined(fact: TradeInDeclined, *, event: Any) -> None:
    """Tell the owner of a car that the store does not take it."""
    tell_owner(number=fact.trade_in_number, template="trade_in_declined", now=event.occurred_at)
