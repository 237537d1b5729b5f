"""Writes of saved views."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from apps.accounts.api import User
from apps.portals.staff.errors import RoleNotYours, TooManyViews, ViewNameInvalid, ViewNotFound, ViewTooLong
from apps.portals.staff.models import SavedView

MOST_VIEWS = 30
LONGEST_NAME = 60
LONGEST_QUERY = 1000
# What belongs to a moment and not to a view: the page, an error's flag, a pop-up's marks.
PASSING = ("p", "e", "_popup", "_to_field", "_facets")


@transaction.atomic
def save_view(
    *, table: str, name: str, query: str, shared_with: str, roles: Collection[str], by: User, now: datetime
) -> SavedView:
    """
    Keep a list as it is shown. The same name again replaces what it stood for.

    :raises ViewNameInvalid: without a name, or with one too long
    :raises ViewTooLong: if the address is longer than we keep
    :raises RoleNotYours: if it is to be shared with a role that ``by`` has not
    :raises TooManyViews: if ``by`` has enough of this list
    """
    words = " ".join(name.replace("\0", "").split())
    if not words or len(words) > LONGEST_NAME:
        raise ViewNameInvalid
    kept = _without_passing(query)
    if len(kept) > LONGEST_QUERY:
        raise ViewTooLong
    if shared_with and shared_with not in roles:
        raise RoleNotYours
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = SavedView.objects.filter(owner=by, table=table)
    if not mine.filter(name=words).exists() and mine.count() >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    view, _is_new = SavedView.objects.update_or_create(
        owner=by,
        table=table,
        name=words,
        defaults={"query": kept, "shared_with": shared_with},
        create_defaults={"query": kept, "shared_with": shared_with, "created_at": now},
    )
    return view


@transaction.atomic
def delete_view(*, view_id: int, table: str, by: User) -> None:
    """
    Forget a view of one's own.

    :raises ViewNotFound: if there is none, or it is somebody else's
    """
    deleted, _rows = SavedView.objects.filter(pk=view_id, table=table, owner=by).delete()
    if not deleted:
        raise ViewNotFound


def _without_passing(query: str) -> str:
    values = QueryDict(query.replace("\0", "").lstrip("?"), mutable=True)
    for name in PASSING:
        values.pop(name, None)
    return values.urlencode()
