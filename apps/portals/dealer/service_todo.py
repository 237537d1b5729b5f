"""Visits to the workshop on the dealer's home: what waits for somebody now, and who comes next."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.api import Organization
from apps.aftersales.api import ServiceVisit, VisitStatus, list_visits
from apps.portals.todo import Action, TodoBlock, TodoRow

MOST_ROWS = 5
NEAR = timedelta(hours=24)


def visits_due(*, organization: Organization, now: datetime) -> TodoBlock:
    """Cars in the workshop or ready, and those that come within a day; the earliest appointment first."""
    near = Q(status=VisitStatus.BOOKED, booking__starts_at__lt=now + NEAR)
    here = Q(status__in=(VisitStatus.CHECKED_IN, VisitStatus.DONE))
    due = list_visits(organization.pk).filter(near | here)
    return TodoBlock(
        title=_("Workshop"),
        count=due.count(),
        icon="wrench",
        tone="accent",
        rows=tuple(_row(visit) for visit in due[:MOST_ROWS]),
        link=reverse("dealer-visits"),
    )


def _row(visit: ServiceVisit) -> TodoRow:
    page = reverse("dealer-visit", args=[visit.pk])
    local = visit.starts_at.astimezone(ZoneInfo(visit.store.time_zone))
    return TodoRow(
        title=f"{local:%m-%d %H:%M} · {visit.vehicle.title}",
        url=page,
        detail=visit.store.name,
        badge=visit.get_status_display(),
        tone="" if visit.status == VisitStatus.BOOKED else "warn",
        actions=(Action(label=pgettext("action", "View"), url=page, is_post=False, is_primary=False),),
    )
