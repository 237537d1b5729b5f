"""What goes to lenders and what comes from them. Calls leave outside any transaction; news comes in by one path."""

import base64
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from apps.events.api import LoanApplicationDecided, LoanDisbursed
from apps.financing.errors import LenderRefused, LenderUnavailable
from apps.financing.models import FinanceApplication, FinanceDocument, LenderEvent
from apps.financing.policies import applications as policies
from apps.financing.ports import LENDER_PORT, Lender, LenderNews, LoanPaper, LoanRequest
from apps.financing.selectors.applications import find_order
from apps.financing.states import (
    APPLICATION,
    LENDER_REFUSALS,
    ApplicationStatus,
    LenderVerdict,
)
from apps.kernel.api import Money, outbox, ports
from apps.payments.api import Source, Tender, book_tender

log = structlog.get_logger(__name__)


def follow_application(*, number: str, now: datetime) -> LenderVerdict | None:
    """
    Do with the lender what is next for an application, or ask where it stands; None if there was nothing to do.

    Safe to repeat and to do twice at once: the application's number is the lender's key. An approval that has run out
    ends here.

    :raises LenderUnavailable: if the lender does not answer; the next turn tries again
    :raises LenderRefused: if it said no to the request itself; a person has to look
    """
    application = FinanceApplication.objects.select_related("product__lender").get(number=number)
    lender: Lender = ports.adapter(LENDER_PORT)
    status = ApplicationStatus(application.status)
    if status is ApplicationStatus.SUBMITTED and application.sent_at is None:
        return _hand_over(application, lender, now=now)
    if status is ApplicationStatus.SIGNED:
        return _ask_for_money(application, lender, now=now)
    if status is ApplicationStatus.WITHDRAWN:
        verdict = receive_lender_news(news=lender.withdraw(number), now=now)
        _stop_asking(application)
        return verdict
    if status is ApplicationStatus.APPROVED and application.approved_until and application.approved_until <= now:
        return _expire(application, now=now)
    if status in (ApplicationStatus.SUBMITTED, ApplicationStatus.MORE_ASKED, ApplicationStatus.APPROVED):
        news = lender.query(number)
        return receive_lender_news(news=news, now=now) if news else None
    _stop_asking(application)
    return None


def follow_due(*, now: datetime, limit: int = 100) -> dict[str, str]:
    """
    Follow the applications whose turn has come; what came of each. Several of these may run at once.

    A lender that does not answer stops none of the others.
    """
    with transaction.atomic():
        due = list(
            FinanceApplication.objects.filter(next_query_at__lte=now)
            .order_by("next_query_at", "pk")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
        )
        FinanceApplication.objects.filter(pk__in=[one.pk for one in due]).update(
            next_query_at=now + policies.QUERY_PAUSE
        )
    results = {}
    for application in due:
        try:
            verdict = follow_application(number=application.number, now=now)
        except (LenderUnavailable, LenderRefused) as refusal:
            log.warning("lender_not_followed", **{**refusal.context, "application": application.number})
            results[application.number] = refusal.code
        else:
            results[application.number] = verdict.value if verdict else "nothing new"
    return results


@transaction.atomic
def receive_lender_news(*, news: LenderNews, now: datetime) -> LenderVerdict:
    """
    Take in one piece of news that the adapter has verified, once; a repeat gets the verdict of then.

    Reference and amount are compared with what we asked for, under the application's row lock. The event and what it
    causes, the loan's tender included, are one transaction; news that contradicts us is stored and changes nothing.
    """
    rows = FinanceApplication.objects.select_related("product__lender").filter(number=news.number)
    application = rows.select_for_update(of=("self",), no_key=True).first()
    verdict, move = policies.judge_news(_expected(application), news)
    try:
        with transaction.atomic():
            LenderEvent.objects.create(
                application=application,
                event_id=news.event_id,
                number=news.number,
                told_status=news.status.value,
                verdict=verdict,
                received_at=now,
            )
    except IntegrityError:
        return LenderVerdict(LenderEvent.objects.get(event_id=news.event_id).verdict)
    if verdict in LENDER_REFUSALS:
        log.error("lender_news_refused", event_id=news.event_id, application=news.number, verdict=verdict.value)
    elif application is not None:
        if not application.lender_reference and news.reference:
            application.lender_reference = news.reference
            application.save(update_fields=["lender_reference"])
        if move:
            _take(application, news, move, now=now)
    return verdict


def _expected(application: FinanceApplication | None) -> policies.ExpectedApplication | None:
    if application is None:
        return None
    return policies.ExpectedApplication(
        status=application.status, reference=application.lender_reference, amount=application.amount
    )


def _take(application: FinanceApplication, news: LenderNews, move: str, *, now: datetime) -> None:
    """Write down what the lender decided, and move; the caller holds the row's lock."""
    if move == "disburse":
        _book_loan(application, news, now=now)
        return
    application.reason = news.reason[:300]
    application.asked_for = list(news.asked_for) if move == "ask_for_more" else []
    if move == "approve":
        application.approved_until = policies.approved_until(news, now=now)
        application.warn_at = policies.warn_at(application.approved_until, now=now)
    if move in ("refuse", "expire"):
        application.next_query_at = None
    application.save(update_fields=["reason", "asked_for", "approved_until", "warn_at", "next_query_at"])
    APPLICATION.move(application, move, by=None, at=now, reason=news.event_id[:100])
    _tell_decided(application, now=now)


def _tell_decided(application: FinanceApplication, *, now: datetime) -> None:
    outbox.record(
        LoanApplicationDecided(
            application_number=application.number,
            order_number=application.order_number,
            status=application.status,
        ),
        at=now,
    )


def _book_loan(application: FinanceApplication, news: LenderNews, *, now: datetime) -> None:
    payment = book_tender(
        order_number=application.order_number,
        tender=Tender.LOAN,
        source=Source.LENDER,
        reference=news.disbursement or application.number,
        amount=application.amount,
        subject=f"{application.product.lender.name_zh} {application.number}",
        by=None,
        now=now,
    )
    application.disbursed_at = now
    application.payment_number = payment.number
    application.next_query_at = None
    application.save(update_fields=["disbursed_at", "payment_number", "next_query_at"])
    APPLICATION.move(application, "disburse", by=None, at=now, reason=news.event_id[:100])
    outbox.record(
        LoanDisbursed(
            application_number=application.number,
            order_number=application.order_number,
            payment_number=payment.number,
            amount_minor=application.amount.minor,
            currency=application.currency,
        ),
        at=now,
    )


def _hand_over(application: FinanceApplication, lender: Lender, *, now: datetime) -> LenderVerdict:
    """Give the lender the application and the papers it does not have; note that it has them before its answer."""
    unsent = list(application.documents.filter(sent_at=None).order_by("pk"))
    news = lender.submit(_request(application), [_paper(row) for row in unsent])
    with transaction.atomic():
        FinanceDocument.objects.filter(pk__in=[row.pk for row in unsent]).update(sent_at=now)
        FinanceApplication.objects.filter(pk=application.pk).update(sent_at=now)
    return receive_lender_news(news=news, now=now)


def _ask_for_money(application: FinanceApplication, lender: Lender, *, now: datetime) -> LenderVerdict | None:
    """Ask for the money while the order still takes it; an order that does not keeps the application for a person."""
    order = find_order(number=application.order_number, user_id=application.applicant_id)
    if order is None or not order.takes_money or application.amount > order.balance_due:
        log.error("loan_without_an_order", application=application.number, order=application.order_number)
        return None
    news = lender.disburse(
        application.number,
        amount=application.amount,
        order_number=application.order_number,
        contract_digest=application.contract_digest,
    )
    return receive_lender_news(news=news, now=now)


@transaction.atomic
def _expire(application: FinanceApplication, *, now: datetime) -> LenderVerdict:
    row = FinanceApplication.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    if row.status == ApplicationStatus.APPROVED:
        row.next_query_at = None
        row.save(update_fields=["next_query_at"])
        APPLICATION.move(row, "expire", by=None, at=now, reason="approval ran out")
        _tell_decided(row, now=now)
    return LenderVerdict.TAKEN


def _stop_asking(application: FinanceApplication) -> None:
    FinanceApplication.objects.filter(pk=application.pk, status=application.status).update(next_query_at=None)


def _request(application: FinanceApplication) -> LoanRequest:
    return LoanRequest(
        number=application.number,
        product=application.product.code,
        months=application.months,
        price=Money(application.price, application.currency),
        amount=application.amount,
        name=application.applicant_name,
        identity_number=application.identity_number,
        phone=application.phone,
        monthly_income=application.monthly_income,
    )


def _paper(row: FinanceDocument) -> LoanPaper:
    return LoanPaper(
        kind=row.kind, content_type=row.content_type, digest=row.digest, content=base64.b64decode(row.content)
    )
