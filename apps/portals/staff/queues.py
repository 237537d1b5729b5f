"""
What waits for somebody at HQ: one small function per queue, in the order of the first page.

An app that has something to wait for offers a read in its ``api``; here it gets a title, a list behind it, and a row
in ``QUEUES``. An app on the same floor answers the port ``portals.queue.<name>`` with an object that has ``count``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Min, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.aftersales.api import Finding, FindingStatus, ServiceVisit, VisitStatus
from apps.catalog.api import list_waiting_price_changes, list_waiting_proposals
from apps.inventory.api import Reservation
from apps.kernel.api import ImportRun, ImportStatus, OutboxDelivery, ports
from apps.membership.api import Moderation, Question, Review
from apps.notifications.api import Message
from apps.onboarding.api import Submission, SubmissionStatus, list_waiting_reviews
from apps.orders.api import CustomerOrder, Fulfilment, FulfilmentStatus, OrderStatus
from apps.payments.api import Refund, RefundStatus

EXPIRING_WITHIN = timedelta(days=30)
APPROVALS, WORK, TROUBLE, RUNNING = _("To decide"), _("To do"), _("Trouble"), _("Under way")


@dataclass(frozen=True, kw_only=True)
class Queue:
    """How many wait, since when the oldest, and the list behind it; ``is_alarm`` where it should be nothing."""

    group: str | Promise
    title: str | Promise
    number: int
    url: str
    oldest_at: datetime | None = None
    is_alarm: bool = False
    rows: tuple[tuple[str, str], ...] = ()


class QueuePort(Protocol):
    """What an app that portals may not import counts by itself."""

    def count(self, *, now: datetime) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest."""
        ...


Provider = Callable[[datetime], Queue | None]


def list_queues(*, now: datetime) -> list[Queue]:
    """Every queue whose list exists; one or two queries each."""
    found = (provider(now) for provider in QUEUES)
    return [queue for queue in found if queue is not None and queue.url]


def list_url(model: str, **filters: Any) -> str:
    """The address of an admin list ("app.model") with filters; empty where there is no such list yet."""
    try:
        url = reverse(f"admin:{model.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(filters)}" if filters else url


def change_url(model: str, pk: int) -> str:
    """The address of an object's page; empty where there is none yet."""
    try:
        return reverse(f"admin:{model.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return ""


def _of(rows: QuerySet, since: str) -> dict[str, Any]:
    """The number of rows and the moment of the oldest."""
    oldest = rows.aggregate(oldest=Min(since))["oldest"]
    return {"number": rows.count(), "oldest_at": oldest}


def applications(now: datetime) -> Queue:
    """Suppliers and dealers who wait for a review; the oldest five by name, one click from the decision."""
    waiting = sorted(list_waiting_reviews(), key=lambda review: review.since)
    rows = tuple((review.name, change_url("onboarding.application", review.application_id)) for review in waiting[:5])
    return Queue(
        group=APPROVALS,
        title=_("Applications to review"),
        number=len(waiting),
        oldest_at=waiting[0].since if waiting else None,
        url=list_url("onboarding.application", waiting="1"),
        rows=tuple(row for row in rows if row[1]),
    )


def documents(now: datetime) -> Queue:
    """Papers that run out within a month, or have."""
    running_out = Submission.objects.filter(
        status=SubmissionStatus.ACCEPTED, is_latest=True, valid_until__lte=(now + EXPIRING_WITHIN).date()
    )
    return Queue(
        group=APPROVALS,
        title=_("Papers that run out"),
        number=running_out.count(),
        url=list_url("onboarding.application"),
    )


def price_changes(now: datetime) -> Queue:
    """Prices that jump and wait for a yes."""
    waiting = list_waiting_price_changes()
    url = list_url("catalog.pricechange", status__exact="WAITING")
    return Queue(group=APPROVALS, title=_("Price changes to review"), url=url, **_of(waiting, "asked_at"))


def proposals(now: datetime) -> Queue:
    """Products that suppliers propose."""
    waiting = list_waiting_proposals()
    url = list_url("catalog.productproposal", status__exact="WAITING")
    return Queue(group=APPROVALS, title=_("Products to review"), url=url, **_of(waiting, "proposed_at"))


def reviews(now: datetime) -> Queue:
    """What members wrote about products."""
    waiting = Review.objects.filter(status=Moderation.PENDING)
    url = list_url("membership.review", status__exact="PENDING")
    return Queue(group=APPROVALS, title=_("Reviews to read"), url=url, **_of(waiting, "created_at"))


def questions(now: datetime) -> Queue:
    """What members ask."""
    waiting = Question.objects.filter(status=Moderation.PENDING)
    url = list_url("membership.question", status__exact="PENDING")
    return Queue(group=APPROVALS, title=_("Questions to answer"), url=url, **_of(waiting, "created_at"))


def attention(now: datetime) -> Queue:
    """Fulfilments nobody can carry out without HQ."""
    stuck = Fulfilment.objects.exclude(attention="")
    url = list_url("orders.fulfilment")
    title = _("Fulfilments that need HQ")
    return Queue(group=TROUBLE, title=title, url=url, is_alarm=True, **_of(stuck, "created_at"))


def overdue(now: datetime) -> Queue:
    """Fulfilments that nobody accepted in time."""
    late = Fulfilment.objects.filter(status=FulfilmentStatus.PENDING, sla_due_at__lte=now)
    url = list_url("orders.fulfilment", status__exact="PENDING")
    return Queue(group=TROUBLE, title=_("Overdue fulfilments"), url=url, is_alarm=True, **_of(late, "sla_due_at"))


def refused_refunds(now: datetime) -> Queue:
    """Money that a provider does not give back."""
    failed = Refund.objects.filter(status=RefundStatus.FAILED)
    url = list_url("payments.refund", status__exact="FAILED")
    return Queue(group=TROUBLE, title=_("Refunds refused"), url=url, is_alarm=True, **_of(failed, "created_at"))


def dead_letters(now: datetime) -> Queue:
    """Facts that a handler could not take."""
    dead = OutboxDelivery.objects.filter(status="DEAD")
    url = list_url("kernel.outboxdelivery", status__exact="DEAD")
    return Queue(group=TROUBLE, title=_("Dead letters"), url=url, is_alarm=True, **_of(dead, "event__occurred_at"))


def unsent_messages(now: datetime) -> Queue:
    """Messages that never arrived."""
    failed = Message.objects.filter(status="FAILED")
    url = list_url("notifications.message", status__exact="FAILED")
    return Queue(group=TROUBLE, title=_("Messages not sent"), url=url, is_alarm=True, **_of(failed, "queued_at"))


def webhooks(now: datetime) -> Queue | None:
    """Partners' webhooks that were switched off after failures."""
    name = "portals.queue.webhooks"
    if name not in settings.PORTS:
        return None
    number, oldest_at = ports.adapter(name).count(now=now)
    url = list_url("webhooks.webhookendpoint", status__exact="DISABLED")
    title = _("Webhooks switched off")
    return Queue(group=TROUBLE, title=title, number=number, oldest_at=oldest_at, url=url, is_alarm=True)


def checked_imports(now: datetime) -> Queue:
    """Tables that were checked and wait for somebody to say yes."""
    checked = ImportRun.objects.filter(status=ImportStatus.CHECKED, scope="")
    url = list_url("kernel.importrun", status__exact="CHECKED")
    return Queue(group=WORK, title=_("Imports to confirm"), url=url, **_of(checked, "uploaded_at"))


def failed_imports(now: datetime) -> Queue:
    """Tables that could not be taken in."""
    failed = ImportRun.objects.filter(status=ImportStatus.FAILED, scope="")
    url = list_url("kernel.importrun", status__exact="FAILED")
    return Queue(group=TROUBLE, title=_("Imports that failed"), url=url, is_alarm=True, **_of(failed, "uploaded_at"))


def pending_fulfilments(now: datetime) -> Queue:
    """What dealers and suppliers have still to accept."""
    pending = Fulfilment.objects.filter(status=FulfilmentStatus.PENDING)
    url = list_url("orders.fulfilment", status__exact="PENDING")
    return Queue(group=RUNNING, title=_("Fulfilments to accept"), url=url, **_of(pending, "created_at"))


def _orders(title: Promise, *statuses: OrderStatus) -> Provider:
    def provide(now: datetime) -> Queue:
        found = CustomerOrder.objects.filter(status__in=statuses)
        filters = {"status__exact": statuses[0].value} if len(statuses) == 1 else {}
        return Queue(
            group=RUNNING, title=title, url=list_url("orders.customerorder", **filters), **_of(found, "created_at")
        )

    return provide


def held_pieces(now: datetime) -> Queue:
    """What is reserved while buyers pay."""
    held = Reservation.objects.filter(status="HELD")
    url = list_url("inventory.reservation")
    return Queue(group=RUNNING, title=_("Pieces held for a payment"), number=held.count(), url=url)


def refunds(now: datetime) -> Queue:
    """Money on its way back."""
    pending = Refund.objects.filter(status=RefundStatus.PENDING)
    url = list_url("payments.refund", status__exact="PENDING")
    return Queue(group=RUNNING, title=_("Refunds on their way"), url=url, **_of(pending, "created_at"))


def unanswered_work(now: datetime) -> Queue:
    """Extra work that workshops proposed and whose customers have not answered."""
    asked = Finding.objects.filter(status=FindingStatus.PROPOSED, visit__status=VisitStatus.CHECKED_IN)
    url = list_url("aftersales.servicevisit", status__exact=VisitStatus.CHECKED_IN.value)
    return Queue(group=RUNNING, title=_("Proposals without an answer"), url=url, **_of(asked, "at"))


def unpaid_visits(now: datetime) -> Queue:
    """Cars that are ready and whose work is not paid."""
    ready = ServiceVisit.objects.filter(status=VisitStatus.DONE)
    url = list_url("aftersales.servicevisit", status__exact=VisitStatus.DONE.value)
    return Queue(group=RUNNING, title=_("Work orders to be paid"), url=url, **_of(ready, "done_at"))


QUEUES: tuple[Provider, ...] = (
    applications,
    price_changes,
    proposals,
    documents,
    reviews,
    questions,
    checked_imports,
    attention,
    overdue,
    refused_refunds,
    dead_letters,
    failed_imports,
    unsent_messages,
    webhooks,
    _orders(_("Awaiting payment"), OrderStatus.AWAITING_PAYMENT),
    _orders(_("Awaiting the balance"), OrderStatus.AWAITING_BALANCE),
    _orders(_("Being fulfilled"), OrderStatus.PLACED, OrderStatus.IN_FULFILMENT),
    pending_fulfilments,
    held_pieces,
    refunds,
    unanswered_work,
    unpaid_visits,
)
