"""What waits for somebody at HQ, as the back office's first page shows it."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.inventory.api import Reservation, StockLevel
from apps.kernel.api import OutboxDelivery
from apps.membership.api import Moderation, Question, Review
from apps.notifications.api import Message
from apps.onboarding.api import count_waiting_reviews
from apps.orders.api import CustomerOrder, Fulfilment, FulfilmentStatus, OrderStatus
from apps.payments.api import Payment, PaymentStatus, Refund, RefundStatus

OrderS, PaymentS, RefundS = OrderStatus, PaymentStatus, RefundStatus


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A number with the list behind it; ``is_alarm`` where it should be nothing."""

    title: str
    number: int
    url: str
    is_alarm: bool = False


def dashboard(request: HttpRequest, context: dict) -> dict:
    """Add ``queues`` and ``totals`` to the back office's first page (Unfold's dashboard callback)."""
    if request.user.is_authenticated and request.user.is_staff:
        context["queues"] = list_queues()
        context["totals"] = list_totals()
    return context


def list_queues() -> list[Queue]:
    """Return what waits for somebody; nine queries."""
    orders = CustomerOrder.objects.aggregate(
        payment=Count("pk", filter=Q(status=OrderS.AWAITING_PAYMENT)),
        balance=Count("pk", filter=Q(status=OrderS.AWAITING_BALANCE)),
        placed=Count("pk", filter=Q(status__in=[OrderS.PLACED, OrderS.IN_FULFILMENT])),
    )
    fulfilments = Fulfilment.objects.aggregate(
        pending=Count("pk", filter=Q(status=FulfilmentStatus.PENDING)),
        attention=Count("pk", filter=~Q(attention="")),
    )
    refunds = Refund.objects.aggregate(
        pending=Count("pk", filter=Q(status=RefundS.PENDING)), failed=Count("pk", filter=Q(status=RefundS.FAILED))
    )
    dead = OutboxDelivery.objects.filter(status="DEAD").count()
    unsent = Message.objects.filter(status="FAILED").count()
    unread = Review.objects.filter(status=Moderation.PENDING).count()
    asked = Question.objects.filter(status=Moderation.PENDING).count()
    held = Reservation.objects.filter(status="HELD").count()
    order_list, fulfilment_list = _list("orders", "customerorder"), _list("orders", "fulfilment")
    refund_list = _list("payments", "refund")
    return [
        Queue(
            title=_("Applications to review"),
            number=count_waiting_reviews(),
            url=f"{_list('onboarding', 'application')}?waiting=1",
        ),
        Queue(
            title=_("Awaiting payment"), number=orders["payment"], url=f"{order_list}?status__exact=AWAITING_PAYMENT"
        ),
        Queue(
            title=_("Awaiting the balance"),
            number=orders["balance"],
            url=f"{order_list}?status__exact=AWAITING_BALANCE",
        ),
        Queue(title=_("Being fulfilled"), number=orders["placed"], url=order_list),
        Queue(
            title=_("Fulfilments to accept"),
            number=fulfilments["pending"],
            url=f"{fulfilment_list}?status__exact=PENDING",
        ),
        Queue(title=_("Pieces held for a payment"), number=held, url=_list("inventory", "reservation")),
        Queue(title=_("Fulfilments that need HQ"), number=fulfilments["attention"], url=fulfilment_list, is_alarm=True),
        Queue(title=_("Refunds on their way"), number=refunds["pending"], url=f"{refund_list}?status__exact=PENDING"),
        Queue(
            title=_("Refunds refused"),
            number=refunds["failed"],
            url=f"{refund_list}?status__exact=FAILED",
            is_alarm=True,
        ),
        Queue(
            title=_("Dead letters"),
            number=dead,
            url=f"{_list('kernel', 'outboxdelivery')}?status__exact=DEAD",
            is_alarm=True,
        ),
        Queue(title=_("Reviews to read"), number=unread, url=f"{_list('membership', 'review')}?status__exact=PENDING"),
        Queue(
            title=_("Questions to answer"), number=asked, url=f"{_list('membership', 'question')}?status__exact=PENDING"
        ),
        Queue(title=_("Messages not sent"), number=unsent, url=_list("notifications", "message"), is_alarm=True),
    ]


def list_totals() -> list[tuple[str, str]]:
    """Return captured money, refunded money and pieces on hand as text."""
    captured = Payment.objects.filter(status=PaymentS.CAPTURED).aggregate(sum=Sum("amount"))["sum"] or 0
    refunded = Refund.objects.filter(status=RefundS.SUCCEEDED).aggregate(sum=Sum("amount"))["sum"] or 0
    stock = StockLevel.objects.aggregate(on_hand=Sum("on_hand"), reserved=Sum("reserved"), allocated=Sum("allocated"))
    return [
        (_("Captured"), f"¥{captured:,.2f}"),
        (_("Refunded"), f"¥{refunded:,.2f}"),
        (_("Pieces on hand"), f"{stock['on_hand'] or 0:,}"),
        (_("Promised"), f"{(stock['reserved'] or 0) + (stock['allocated'] or 0):,}"),
    ]


def _list(app: str, model: str) -> str:
    return reverse(f"admin:{app}_{model}_changelist")
