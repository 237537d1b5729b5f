"""What a clock says: until when, how much is left or how long overdue, and what happens then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from apps.leads.api import UNCONTACTED, Lead
from apps.orders.api import Fulfilment, FulfilmentStatus, Method

SOON = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One clock as a page shows it. ``then`` says what happens when it runs out."""

    due_at: datetime
    is_late: bool
    tone: str
    text: str
    then: str


def read_clock(due_at: datetime | None, *, then: str, now: datetime) -> Clock | None:
    """Return a clock at an instant, None where none runs."""
    if due_at is None:
        return None
    is_late = due_at <= now
    if is_late:
        text = _("%(time)s overdue") % {"time": timesince(due_at, now, depth=1)}
    else:
        text = _("%(time)s left") % {"time": timeuntil(due_at, now, depth=1)}
    tone = "bad" if is_late else "warn" if due_at - now <= SOON else ""
    return Clock(due_at=due_at, is_late=is_late, tone=tone, text=text, then=then)


def clock_of_fulfilment(fulfilment: Fulfilment, *, now: datetime) -> Clock | None:
    """Return the clock of a fulfilment's next step."""
    if fulfilment.status == FulfilmentStatus.PENDING:
        is_delivery = fulfilment.method == Method.DELIVERY
        then = (
            _("After that it goes to another site.")
            if is_delivery
            else _("After that headquarters is told: the buyer chose your store.")
        )
        return read_clock(fulfilment.sla_due_at, then=then, now=now)
    then = (
        _("After that, call the buyer.")
        if fulfilment.status == FulfilmentStatus.READY
        else _("After that headquarters is told.")
    )
    return read_clock(fulfilment.next_due_at, then=then, now=now)


def clock_of_lead(lead: Lead, *, now: datetime) -> Clock | None:
    """Return the clock of a lead: of the first word, or of the next step."""
    if lead.status in UNCONTACTED and lead.times_passed_on == 0:
        then = _("After that it goes to the next seller.")
    elif lead.status in UNCONTACTED:
        then = _("After that the manager is told.")
    else:
        then = ""
    return read_clock(lead.due_at, then=then, now=now)
