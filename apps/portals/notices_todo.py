"""What somebody has not read yet, as a block of the to-do list."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.api import Organization
from apps.notifications.api import count_unread, list_notices
from apps.portals.todo import TodoBlock, TodoRow

MOST_ROWS = 3


def unread_notices(*, organization: Organization, now: datetime, reader_id: int, route: str) -> TodoBlock:
    """The newest notices the reader has not seen; ``route`` names the page of messages, where looking is reading."""
    found = list_notices(organization_id=organization.pk, user_id=reader_id)
    rows = [
        TodoRow(title=notice.title, url=notice.link or reverse(route), detail=notice.text)
        for notice in found
        if notice.is_new
    ]
    count = count_unread(organization_id=organization.pk, user_id=reader_id)
    if count and not rows:
        # Nothing new but an answer in the thread.
        rows = [TodoRow(title=_("Headquarters wrote to you"), url=reverse(route))]
    return TodoBlock(
        title=_("New messages"),
        count=count,
        icon="mail",
        rows=tuple(rows[:MOST_ROWS]),
        link=reverse(route),
    )
