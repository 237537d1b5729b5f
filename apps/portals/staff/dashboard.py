"""The back office's first page: what waits for somebody, and a few totals."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.inventory.api import StockLevel
from apps.payments.api import Payment, PaymentStatus, Refund, RefundStatus
from apps.portals.staff.queues import APPROVALS, RUNNING, TROUBLE, WORK, Queue, list_queues

PaymentS, RefundS = PaymentStatus, RefundStatus


def dashboard(request: HttpRequest, context: dict) -> dict:
    """Add ``groups`` of queues and ``totals`` to the back office's first page (Unfold's dashboard callback)."""
    if request.user.is_authenticated and request.user.is_staff:
        now = timezone.now()
        context["groups"] = _grouped(list_queues(now=now), now=now)
        context["totals"] = list_totals()
    return context


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


def age_of(moment: datetime | None, *, now: datetime) -> str:
    """How long ago something was, in the largest unit that is not zero; empty where nothing waits."""
    if moment is None:
        return ""
    minutes = max(int((now - moment).total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}


def _grouped(queues: Iterable[Queue], *, now: datetime) -> list[tuple[str, list[dict]]]:
    rows: dict[str, list[dict]] = {str(group): [] for group in (APPROVALS, WORK, TROUBLE, RUNNING)}
    for queue in queues:
        rows[str(queue.group)].append({"queue": queue, "age": age_of(queue.oldest_at, now=now)})
    return [(group, members) for group, members in rows.items() if members]
