"""What both portals' to-do lists say about papers: those that run out soon, and those that have."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.api import Organization
from apps.onboarding.api import RunningOut, day_of, list_running_out
from apps.portals.todo import TodoBlock, TodoRow

MOST_ROWS = 5


def papers_running_out(*, organization: Organization, now: datetime) -> TodoBlock:
    """Papers to renew, the nearest last day first."""
    papers = list_running_out(organization_id=organization.pk, on=day_of(now))
    page = reverse(f"{organization.kind.lower()}-documents")
    return TodoBlock(
        title=_("Papers to renew"),
        count=len(papers),
        icon="document",
        tone="warn",
        rows=tuple(_row(paper, page) for paper in papers[:MOST_ROWS]),
        link=page,
    )


def _row(paper: RunningOut, page: str) -> TodoRow:
    is_over = paper.days_left < 0
    left = ngettext("%(days)s day left", "%(days)s days left", paper.days_left) % {"days": paper.days_left}
    return TodoRow(
        title=paper.name,
        url=f"{page}#{paper.code}",
        detail=_("until %(day)s") % {"day": paper.last_day.isoformat()},
        badge=_("Expired") if is_over else left,
        tone="bad" if is_over else "warn",
        is_late=is_over,
    )
