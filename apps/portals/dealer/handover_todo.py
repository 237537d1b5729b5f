"""Handovers on the dealer's home: who comes within a day, and which buyers have no time yet."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.api import Organization
from apps.orders.api import HandoverAppointment, list_appointments, local_time
from apps.portals.todo import Action, TodoBlock, TodoRow

MOST_ROWS = 5
NEAR = timedelta(hours=24)


def handovers_due(*, organization: Organization, now: datetime) -> TodoBlock:
    """Handovers of the next day, and those whose time has passed and nobody closed; the next one first."""
    due = list_appointments(organization.pk, until=now + NEAR).filter(ended_at=None)
    return TodoBlock(
        title=_("Handovers"),
        count=due.count(),
        icon="key",
        tone="accent",
        rows=tuple(_row(one, now=now) for one in due[:MOST_ROWS]),
        link=reverse("dealer-handovers"),
    )


def _row(appointment: HandoverAppointment, *, now: datetime) -> TodoRow:
    page = reverse("dealer-handover", args=[appointment.fulfilment_id])
    local = local_time(appointment.fulfilment, appointment.booking.starts_at)
    titles = [line.item.title for line in appointment.fulfilment.lines.all()]
    return TodoRow(
        title=f"{local:%m-%d %H:%M} · {' + '.join(titles[:2])}",
        url=page,
        detail=appointment.store.name,
        badge=appointment.fulfilment.get_status_display(),
        tone="warn" if appointment.booking.starts_at <= now else "",
        actions=(Action(label=_("Open the handover"), url=page, is_post=False),),
    )
