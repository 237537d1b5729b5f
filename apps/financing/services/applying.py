"""Prepare, hand in and withdraw an application."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.api import normalize_phone
from apps.events.api import LoanApplicationSubmitted, LoanApplicationWithdrawn
from apps.financing.errors import (
    ApplicationExists,
    ApplicationNotFound,
    ConsentMissing,
    DocumentMissing,
    DocumentRepeated,
    InvalidApplicant,
    LoanExceedsBalance,
    NotEditable,
    OrderNotFinanceable,
)
from apps.financing.models import FinanceApplication, FinanceConsent, FinanceDocument, FinanceProduct
from apps.financing.policies import applications as policies
from apps.financing.ports import FinancedOrder
from apps.financing.selectors.applications import consent_text, find_order, latest_documents, missing_of
from apps.financing.selectors.products import quote_instalments
from apps.financing.states import APPLICATION, EDITABLE_APPLICATIONS, DocumentKind
from apps.kernel.api import Money, attempts, dated_number, outbox, private_files

if TYPE_CHECKING:
    from django.core.files.base import File

    from apps.accounts.api import User

# The day by which an applicant is of age.
ZONE = ZoneInfo("Asia/Shanghai")
NUMBER_LETTERS = 10  # 50 bits a day
LONGEST_NAME = 60
HIGHEST_INCOME = Decimal("99999999.99")


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who applies, as typed: ``monthly_income`` in yuan."""

    name: str
    identity_number: str
    phone: str
    monthly_income: str


def new_number(prefix: str, now: datetime) -> str:
    """Return e.g. ``F260610X7K2MNPQ4``: the day in China and fifty random bits."""
    return dated_number(prefix, zone=ZONE, letters=NUMBER_LETTERS, now=now)


@attempts.trailed(
    "financing.start_application", subject="order_number", keeps=["product_code", "months", "down_payment"]
)
def start_application(
    *, order_number: str, product_code: str, months: int, down_payment: Money, by: "User", now: datetime
) -> FinanceApplication:
    """
    Begin an application for a loan on one of the caller's orders; the terms are frozen as they are now.

    :raises OrderNotFinanceable: if the order is not the caller's, holds no car, or takes no more money
    :raises NoFinanceProduct, TermNotOffered, DownPaymentOutOfRange: if these terms are not offered
    :raises LoanExceedsBalance: if more is to be lent than is still to be paid
    :raises ApplicationExists: if the order has one under way
    """
    order = require_order(order_number, by=by)
    quote = quote_instalments(
        price=order.total, down_payment=down_payment, months=months, at=now, product_code=product_code
    )
    check_balance(order, quote.plan.financed)
    try:
        with transaction.atomic():
            return FinanceApplication.objects.create(
                number=new_number("F", now),
                applicant=by,
                order_number=order.number,
                car_zh=order.car_zh,
                car_en=order.car_en,
                product=FinanceProduct.objects.get(code=quote.product_code, valid__contains=now),
                months=months,
                price=order.total.amount,
                down_payment=down_payment.amount,
                currency=order.total.currency,
                quoted_at=now,
                phone=by.phone or "",
                created_at=now,
            )
    except IntegrityError:
        raise ApplicationExists from None


@transaction.atomic
def describe_applicant(*, number: str, applicant: Applicant, by: "User", now: datetime) -> FinanceApplication:
    """
    Write down who applies.

    :raises ApplicationNotFound: if it is not the caller's
    :raises NotEditable: if it was handed in
    :raises InvalidApplicant: if something is missing, no identity number, or the person is under age; ``fields`` say
    """
    application = lock_editable(number, by=by)
    faults, phone = _faults(applicant, on=now.astimezone(ZONE).date())
    if faults:
        raise InvalidApplicant(fields=faults)
    application.applicant_name = applicant.name.strip()
    application.identity_number = applicant.identity_number.strip().upper()
    application.phone = phone
    application.monthly_income = f"{Decimal(applicant.monthly_income.strip()):.2f}"
    application.save(update_fields=["applicant_name", "identity_number", "phone", "monthly_income"])
    return application


@transaction.atomic
def hand_in_document(*, number: str, kind: str, upload: "File[Any]", by: "User", now: datetime) -> FinanceDocument:
    """
    Keep one paper, encrypted; its type is read from its content, pictures are drawn anew.

    :raises ApplicationNotFound: if it is not the caller's, or there is no such kind of paper
    :raises NotEditable: if the application was handed in
    The same file for the same paper changes nothing; a lender knows papers by their content, so that it would not see
    a new one in it.

    :raises FileTooLarge, FileNotPlain, FileRefused: if it is not what it says, or too large
    :raises DocumentRepeated: if the same file is another paper of the application, or the lender has it already
    """
    if kind not in DocumentKind.values:
        raise ApplicationNotFound
    application = lock_editable(number, by=by)
    content, content_type, name = private_files.check_upload(upload)
    digest = hashlib.sha256(content).hexdigest()
    same = application.documents.filter(digest=digest).order_by("pk").last()
    if same is not None:
        if same.kind != kind or same.sent_at is not None:
            raise DocumentRepeated(fields={"file": [str(DocumentRepeated.message)]})
        return same
    return FinanceDocument.objects.create(
        application=application,
        kind=kind,
        name=name,
        content_type=content_type,
        size=len(content),
        digest=digest,
        content=base64.b64encode(content).decode(),
        handed_in_at=now,
    )


@attempts.trailed("financing.submit_application", subject="number")
def submit_application(*, number: str, has_consented: bool, by: "User", now: datetime) -> FinanceApplication:
    """
    Hand the application in, or what the lender asked for; the lender gets it right after.

    The consent is asked for apart, each time something goes to the lender, and kept in the words that were shown.

    :raises ApplicationNotFound: if it is not the caller's
    :raises NotEditable: if it was handed in already, or is over
    :raises InvalidApplicant: if nobody said who applies
    :raises DocumentMissing: if papers are missing; ``context["kinds"]`` says which
    :raises ConsentMissing: without consent
    :raises OrderNotFinanceable, LoanExceedsBalance: if the order changed meanwhile
    """
    application = lock_editable(number, by=by)
    if not (application.applicant_name and application.identity_number and application.phone):
        raise InvalidApplicant(fields={"name": [_("Please say who applies first.")]})
    missing = missing_of(application, latest_documents(application))
    if missing:
        raise DocumentMissing(kinds=[kind.value for kind in missing])
    if not has_consented:
        raise ConsentMissing(fields={"consent": [str(ConsentMissing.message)]})
    check_balance(require_order(application.order_number, by=by), application.amount)
    FinanceConsent.objects.create(
        application=application,
        version=policies.CONSENT_VERSION,
        text=consent_text(application),
        lender_name=application.product.lender.name_zh,
        given_at=now,
        given_by=by,
    )
    application.submitted_at = application.submitted_at or now
    application.sent_at = None
    application.next_query_at = now + policies.FIRST_QUERY_AFTER
    application.save(update_fields=["submitted_at", "sent_at", "next_query_at"])
    APPLICATION.move(application, "submit", by=by, at=now)
    outbox.record(LoanApplicationSubmitted(application_number=number, order_number=application.order_number), at=now)
    return application


@attempts.trailed("financing.withdraw_application", subject="number")
def withdraw_application(*, number: str, by: "User", now: datetime) -> FinanceApplication:
    """
    Withdraw an application and the consent with it; the lender is told.

    :raises ApplicationNotFound: if it is not the caller's
    :raises MoveNotAllowed: if the contract is signed, or it is over
    """
    application = lock_application(number, by=by)
    was_sent = application.submitted_at is not None
    APPLICATION.move(application, "withdraw", by=by, at=now)
    application.next_query_at = now + policies.FIRST_QUERY_AFTER if was_sent else None
    application.save(update_fields=["next_query_at"])
    if was_sent:
        outbox.record(
            LoanApplicationWithdrawn(application_number=number, order_number=application.order_number), at=now
        )
    return application


def lock_application(number: str, *, by: "User | None" = None) -> FinanceApplication:
    """
    Lock an application's row, of this applicant if ``by`` is given, and return it as it is now.

    :raises ApplicationNotFound: if there is none, or it is somebody else's
    """
    rows = FinanceApplication.objects.select_related("product__lender").filter(number=number)
    if by is not None:
        rows = rows.filter(applicant_id=by.pk)
    application = rows.select_for_update(of=("self",), no_key=True).first()
    if application is None:
        raise ApplicationNotFound
    return application


def lock_editable(number: str, *, by: "User") -> FinanceApplication:
    """
    Lock an application of the caller's that may still be changed.

    :raises ApplicationNotFound: if it is not the caller's
    :raises NotEditable: if it was handed in, or is over
    """
    application = lock_application(number, by=by)
    if application.status not in EDITABLE_APPLICATIONS:
        raise NotEditable(status=application.status)
    return application


def require_order(number: str, *, by: "User") -> FinancedOrder:
    """
    Return an order of the caller's that money may still be booked to and that holds a car.

    :raises OrderNotFinanceable: otherwise
    """
    order = find_order(number=number, user_id=by.pk)
    if order is None or not (order.has_vehicle and order.takes_money):
        raise OrderNotFinanceable
    return order


def check_balance(order: FinancedOrder, amount: Money) -> None:
    """
    Refuse to lend more than is still to be paid.

    :raises LoanExceedsBalance: with ``most``
    """
    if amount > order.balance_due:
        raise LoanExceedsBalance(most=order.balance_due)


def _faults(applicant: Applicant, *, on: date) -> tuple[dict[str, list[str]], str]:
    """Say what cannot be, by field, and the phone as it is stored."""
    faults: dict[str, list[str]] = {}
    if not 1 <= len(applicant.name.strip()) <= LONGEST_NAME or re.search(r"[<>\x00-\x1f]", applicant.name):
        faults["name"] = [_("Please give the name on the identity card.")]
    fault = policies.identity_fault(applicant.identity_number.strip().upper(), on=on)
    if fault == "invalid":
        faults["identity_number"] = [_("This is no resident identity number: 18 characters, the last one is a check.")]
    elif fault == "under_age":
        faults["identity_number"] = [_("Who applies must be 18 or older.")]
    phone = normalize_phone(applicant.phone.strip())
    if not phone:
        faults["phone"] = [_("Please give a phone number.")]
    try:
        income = Decimal(applicant.monthly_income.strip())
    except InvalidOperation:
        income = Decimal(-1)
    if not (income.is_finite() and 0 < income <= HIGHEST_INCOME):
        faults["monthly_income"] = [_("Please give your monthly income in yuan.")]
    return faults, phone or ""
