"""Outbox subscribers: queue what a lender is to hear as soon as it is committed."""

from typing import Any

from django.db import transaction

from apps.events.api import LoanApplicationSubmitted, LoanApplicationWithdrawn, LoanContractSigned
from apps.financing import tasks
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
