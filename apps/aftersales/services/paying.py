"""Pay a work order: online by its customer, by a provider's code at the store's till, or noted at the counter."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.aftersales import conf
from apps.aftersales.errors import AmountDiffers, InvalidReport, NothingOwed, PaidAlready
from apps.aftersales.models import ServiceVisit
from apps.aftersales.selectors.visits import access_own_visit, access_visit
from apps.aftersales.services.booking import lock_visit, tell_changed
from apps.aftersales.states import COUNTER_TENDERS, VISIT, Tender, VisitStatus
from apps.kernel.api import Money, MoveNotAllowed, attempts
from apps.payments import api as payments
from apps.payments.errors import UnknownProvider


def pay_own_visit(*, reference: str, provider: str, return_url: str, by: User, now: datetime) -> payments.PaymentView:
    """
    Open what one owes for a visit at a provider, and say how to pay it; asking again presents the same payment.

    :raises VisitNotFound: if it is somebody else's
    :raises UnknownProvider: if we take no payments through it
    :raises NothingOwed: if the work is not done, or it is paid
    :raises ProviderUnavailable: if the provider does not answer; asking again later presents the same payment
    """
    visit = access_own_visit(reference=reference, member=by)
    return _present(visit, provider=provider, return_url=return_url, by=by, now=now)


def pay_at_till(
    *, visit_id: int, organization_id: int, provider: str, return_url: str, by: User, now: datetime
) -> payments.PaymentView:
    """
    Open what a customer owes at a provider, whose code the till shows for the customer's phone.

    :raises VisitNotFound: if it is another dealer's
    :raises UnknownProvider: if we take no payments through it
    :raises NothingOwed: if the work is not done, or it is paid
    :raises ProviderUnavailable: if the provider does not answer; asking again later presents the same payment
    """
    visit = access_visit(visit_id=visit_id, organization_id=organization_id)
    return _present(visit, provider=provider, return_url=return_url, by=by, now=now)


@transaction.atomic
def take_bill_payment(*, bill_number: str, payment_number: str, amount: Money, now: datetime) -> ServiceVisit:
    """
    Complete the visit whose bill was paid. Money that nobody owes, since it was paid before, is given back whole, once.
    """
    visit = lock_visit(ServiceVisit.objects.get(reference=reference_of(bill_number)))
    if visit.status == VisitStatus.DONE and visit.due is not None and amount == Money(visit.due, visit.currency):
        visit.tender = Tender.ONLINE
        complete(visit, by=None, now=now)
        tell_changed(visit, is_by_store=False, now=now)
        return visit
    payments.request_refund(
        order_number=bill_number,
        amount=amount,
        reason=payments.RefundReason.NOTHING_OWED,
        cause_key=f"aftersales.bill:{payment_number}",
        payment_number=payment_number,
        by=None,
        now=now,
    )
    return visit


@attempts.trailed("aftersales.settle_visit", subject="visit_id", keeps=("organization_id", "amount", "tender"))
def settle_visit(
    *, visit_id: int, organization_id: int, amount: Decimal, tender: str, by: User, now: datetime
) -> ServiceVisit:
    """
    Note at the counter that what is owed was paid, all of it and by which means; nothing can be paid online then.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if the work is not done, or it was paid
    :raises InvalidReport: if the means is unknown
    :raises AmountDiffers: if it is not what is owed
    :raises PaidAlready: if it was paid online a moment ago
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    if visit.status != VisitStatus.DONE:
        raise MoveNotAllowed(lifecycle=VISIT.name, move="settle", status=visit.status)
    if tender not in COUNTER_TENDERS:
        raise InvalidReport(fields={"tender": [_("Please say how it was paid.")]})
    if amount != visit.due:
        message = str(AmountDiffers.message) % {"due": visit.due}
        raise AmountDiffers(fields={"amount": [message]}, due=str(visit.due))
    paid, given_back = payments.paid_and_refunded(visit.bill_number)
    if paid > given_back:
        raise PaidAlready
    payments.close_payments(order_number=visit.bill_number, by=by, now=now)
    visit.tender = tender
    complete(visit, by=by, now=now)
    tell_changed(visit, is_by_store=True, now=now)
    return access_visit(visit_id=visit_id, organization_id=organization_id)


def complete(visit: ServiceVisit, *, by: User | None, now: datetime) -> None:
    """Note that nothing is owed any more; the caller holds the visit's lock."""
    visit.paid_at = now
    visit.save(update_fields=["paid_at", "tender"])
    VISIT.move(visit, "settle", by=by, at=now)


def is_bill_number(number: str) -> bool:
    """Whether payments calls a work order's bill by this number, and not an order."""
    return number.startswith(conf.BILL_PREFIX)


def reference_of(bill_number: str) -> str:
    """Return the number of the visit whose bill it is."""
    return bill_number.removeprefix(conf.BILL_PREFIX)


def _present(visit: ServiceVisit, *, provider: str, return_url: str, by: User, now: datetime) -> payments.PaymentView:
    if provider not in payments.Provider.values:
        raise UnknownProvider(provider=provider)
    payment = _open(visit, provider=provider, return_url=return_url, by=by, now=now)
    return payments.present_payment(payment_number=payment.number, now=now)


@transaction.atomic
def _open(visit: ServiceVisit, *, provider: str, return_url: str, by: User, now: datetime) -> payments.Payment:
    locked = lock_visit(visit)
    if locked.status != VisitStatus.DONE or not locked.due:
        raise NothingOwed
    return payments.open_payment(
        order_number=locked.bill_number,
        tender=payments.Tender.FULL,
        provider=provider,
        amount=Money(locked.due, locked.currency),
        subject=_subject(locked, locked.member.language),
        return_url=return_url,
        expires_at=now + timedelta(minutes=conf.PAYMENT_MINUTES),
        by=by,
        now=now,
    )


def _subject(visit: ServiceVisit, language: str) -> str:
    """Return what is read at the provider's."""
    with translation.override(language):
        return _("Xingchi service %(number)s") % {"number": visit.reference}
