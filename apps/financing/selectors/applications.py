"""Reads of applications: whose they are, and how one looks to its applicant."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.financing.errors import ApplicationNotFound
from apps.financing.models import FinanceApplication, FinanceDocument
from apps.financing.policies import applications as policies
from apps.financing.ports import ORDERS_PORT, FinancedOrder
from apps.financing.selectors.products import InstalmentQuote, view_product
from apps.financing.states import APPLICATION, EDITABLE_APPLICATIONS, ApplicationStatus, DocumentKind
from apps.kernel.api import Money, is_english, ports

if TYPE_CHECKING:
    from apps.accounts.api import User


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """One paper as it was handed in."""

    kind: str
    label: str
    name: str
    size: int
    handed_in_at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationView:
    """An application as its applicant sees it, in the reader's language."""

    id: int
    number: str
    status: str
    status_text: str
    order_number: str
    car: str
    quote: InstalmentQuote
    applicant_name: str
    identity_masked: str
    phone: str
    monthly_income: str
    documents: list[DocumentView]
    missing: list[DocumentKind]
    asked_for: list[str]
    reason: str
    consent: str
    consented_at: datetime | None
    submitted_at: datetime | None
    approved_until: datetime | None
    signed_at: datetime | None
    contract_digest: str
    disbursed_at: datetime | None
    is_editable: bool
    is_described: bool
    may_sign: bool
    may_withdraw: bool


def access_application(*, number: str, by: "User") -> FinanceApplication:
    """
    Return an application of the caller.

    :raises ApplicationNotFound: if there is none, or it is somebody else's
    """
    applications = FinanceApplication.objects.select_related("product__lender", "contract")
    application = applications.filter(number=number, applicant_id=by.pk).first()
    if application is None:
        raise ApplicationNotFound
    return application


def find_order(*, number: str, user_id: int) -> FinancedOrder | None:
    """Return an order of that user as far as money for it is concerned."""
    found: FinancedOrder | None = ports.adapter(ORDERS_PORT).find(number=number, user_id=user_id)
    return found


def list_financeable_orders(*, by: "User") -> list[FinancedOrder]:
    """List the caller's orders of cars that still take money, the newest first."""
    orders: list[FinancedOrder] = ports.adapter(ORDERS_PORT).list_open(user_id=by.pk)
    return [order for order in orders if order.has_vehicle]


def list_applications(*, by: "User") -> list[ApplicationView]:
    """List the caller's applications, the newest first."""
    rows = FinanceApplication.objects.filter(applicant_id=by.pk).select_related("product__lender", "contract")
    return [view_application(row) for row in rows.order_by("-pk")]


def latest_documents(application: FinanceApplication) -> dict[str, FinanceDocument]:
    """Return the newest paper of each kind, without its content."""
    rows = application.documents.defer("content").order_by("pk")
    return {row.kind: row for row in rows}


def quote_of(application: FinanceApplication) -> InstalmentQuote:
    """Draw the plan up again as it was quoted: product versions are written once."""
    return view_product(application.product).quote(
        price=Money(application.price, application.currency),
        down_payment=Money(application.down_payment, application.currency),
        months=application.months,
    )


def view_application(application: FinanceApplication) -> ApplicationView:
    """Return an application as its applicant sees it."""
    documents = latest_documents(application)
    status = ApplicationStatus(application.status)
    asked_for = [str(DocumentKind(kind).label) for kind in application.asked_for if kind in DocumentKind.values]
    consent = application.consents.order_by("-pk").first()
    described = application.applicant_name and application.identity_number and application.phone
    return ApplicationView(
        id=application.pk,
        number=application.number,
        status=application.status,
        status_text=str(status.label),
        order_number=application.order_number,
        car=application.car_en if is_english() else application.car_zh,
        quote=quote_of(application),
        applicant_name=application.applicant_name,
        identity_masked=policies.mask_identity(application.identity_number),
        phone=application.phone,
        monthly_income=application.monthly_income,
        documents=[
            DocumentView(
                kind=row.kind,
                label=str(DocumentKind(row.kind).label),
                name=row.name,
                size=row.size,
                handed_in_at=row.handed_in_at,
            )
            for row in documents.values()
        ],
        missing=missing_of(application, documents),
        asked_for=asked_for,
        reason=application.reason,
        consent=consent_text(application),
        consented_at=consent.given_at if consent else None,
        submitted_at=application.submitted_at,
        approved_until=application.approved_until,
        signed_at=application.signed_at,
        contract_digest=application.contract_digest,
        disbursed_at=application.disbursed_at,
        is_editable=status in EDITABLE_APPLICATIONS,
        is_described=bool(described),
        may_sign=APPLICATION.can(application, "sign"),
        may_withdraw=APPLICATION.can(application, "withdraw"),
    )


def missing_of(application: FinanceApplication, documents: dict[str, FinanceDocument]) -> list[DocumentKind]:
    """List the papers still to be handed in; of those the lender asked for, only ones handed in since count."""
    fresh = {kind for kind, row in documents.items() if row.sent_at is None}
    asked = [kind for kind in application.asked_for if kind not in fresh]
    handed_in = set(documents) - set(asked)
    return policies.missing_kinds(handed_in=handed_in, asked_for=application.asked_for)


def consent_text(application: FinanceApplication) -> str:
    """Return the consent as it is asked for, in the reader's language."""
    return str(policies.CONSENT) % {"lender": application.product.lender.name}
