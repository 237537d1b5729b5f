"""Signing: the approved loan, written out and frozen as a PDF with its digest."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import translation

from apps.events.api import LoanContractSigned
from apps.financing.errors import ApprovalExpired, SignatureMissing
from apps.financing.models import FinanceApplication
from apps.financing.policies import applications as policies
from apps.financing.selectors.applications import view_application
from apps.financing.services.applying import ZONE, check_balance, lock_application, require_order
from apps.financing.states import APPLICATION
from apps.kernel.api import MoveNotAllowed, attempts, outbox, print_pdf, private_files

if TYPE_CHECKING:
    from apps.accounts.api import User


@attempts.trailed("financing.sign_contract", subject="number")
def sign_contract(
    *, number: str, signer_name: str, has_agreed: bool, language: str, by: "User", now: datetime
) -> FinanceApplication:
    """
    Sign the approved loan and keep a frozen copy; the lender is asked for the money right after.

    :raises ApplicationNotFound: if it is not the caller's
    :raises MoveNotAllowed: if it is not approved, or signed already
    :raises ApprovalExpired: if the approval has run out
    :raises SignatureMissing: if the name is not the applicant's, or the box is not ticked
    :raises OrderNotFinanceable, LoanExceedsBalance: if the order changed meanwhile
    :raises PrinterMissing: if this machine cannot lay out PDFs
    """
    application = lock_application(number, by=by)
    if not APPLICATION.can(application, "sign"):
        raise MoveNotAllowed(lifecycle=APPLICATION.name, move="sign", status=application.status)
    if application.approved_until is None or application.approved_until <= now:
        raise ApprovalExpired
    if not has_agreed or signer_name.strip() != application.applicant_name:
        raise SignatureMissing(fields={"signer_name": [str(SignatureMissing.message)]})
    check_balance(require_order(application.order_number, by=by), application.amount)
    pdf = lay_out(application, signer_name=signer_name.strip(), language=language, now=now)
    file = private_files.store(upload=ContentFile(pdf, name=f"{application.number}.pdf"), by=by, now=now)
    application.contract = file
    application.contract_digest = file.digest
    application.signed_at = now
    application.signer_name = signer_name.strip()
    application.next_query_at = now + policies.FIRST_QUERY_AFTER
    application.save(update_fields=["contract", "contract_digest", "signed_at", "signer_name", "next_query_at"])
    APPLICATION.move(application, "sign", by=by, at=now)
    outbox.record(LoanContractSigned(application_number=number, order_number=application.order_number), at=now)
    return application


def lay_out(application: FinanceApplication, *, signer_name: str, language: str, now: datetime) -> bytes:
    """
    Return the contract as a PDF in ``language``. Nothing is fetched: the page brings all it needs.

    :raises PrinterMissing: if WeasyPrint's libraries are not installed
    """
    with translation.override(language):
        view = view_application(application)
        page = render_to_string(
            "financing/contract_copy.html",
            {
                "application": view,
                "quote": view.quote,
                "source": application.product.source_en if language.startswith("en") else application.product.source_zh,
                "schedule": list(enumerate(view.quote.plan.payments, start=1)),
                "signer_name": signer_name,
                "signed_at": now.astimezone(ZONE),
            },
        )
    return print_pdf(page)
