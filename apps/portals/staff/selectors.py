"""Reads of saved views."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from apps.accounts.api import User
from apps.portals.staff.models import SavedView


def list_views(*, table: str, user: User, roles: Collection[str]) -> QuerySet[SavedView]:
    """The views of a list that somebody sees: their own, and what others share with a role of theirs."""
    return (
        SavedView.objects.filter(Q(owner=user) | Q(shared_with__in=[str(role) for role in roles]), table=table)
        .exclude(~Q(owner=user) & Q(shared_with=""))
        .select_related("owner")
        .order_by("name", "pk")
    )
