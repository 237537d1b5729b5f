"""Reads of leads: a dealer's own, and nobody else's."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from apps.accounts.api import OrganizationMember, Role, User
from apps.leads.errors import LeadNotFound
from apps.leads.models import Assignment, FollowUp, Lead, StoreSeller
from apps.leads.states import OPEN

if TYPE_CHECKING:
    from apps.dealers.api import Store

MOST_ID = 2**63


def list_leads(
    organization_id: int, *, statuses: Collection[str] = OPEN, owner_id: int | None = None
) -> QuerySet[Lead]:
    """List a dealer's leads in some statuses, what is due first, then the newest; ``owner_id`` narrows to a seller."""
    leads = Lead.objects.filter(organization=organization_id, status__in=statuses).select_related("store", "owner")
    if owner_id is not None:
        leads = leads.filter(owner=owner_id)
    return leads.order_by("due_at", "-pk")


def count_overdue(organization_id: int, *, now: datetime) -> int:
    """Count a dealer's open leads whose clock has run out."""
    return Lead.objects.filter(organization=organization_id, status__in=OPEN, due_at__lte=now).count()


def access_lead(*, lead_id: int, organization_id: int) -> Lead:
    """
    Return a lead of a dealer with its story.

    :raises LeadNotFound: if there is none, or it is another dealer's
    """
    story = (
        Prefetch("follow_ups", FollowUp.objects.select_related("by").order_by("-at", "-pk")),
        Prefetch("assignments", Assignment.objects.select_related("by", "owner").order_by("-at", "-pk")),
    )
    leads = Lead.objects.filter(organization=organization_id).select_related(
        "store__dealer", "owner", "configuration", "merged_into"
    )
    lead = leads.prefetch_related(*story).filter(pk=lead_id).first() if 0 < lead_id < MOST_ID else None
    if lead is None:
        raise LeadNotFound
    return lead


def list_twins(lead: Lead) -> list[Lead]:
    """List the dealer's other open leads with the same phone number, oldest first."""
    if not lead.is_open:
        return []
    twins = Lead.objects.filter(organization=lead.organization_id, phone_index=lead.phone_index, status__in=OPEN)
    return list(twins.exclude(pk=lead.pk).select_related("store", "owner").order_by("pk"))


def list_sellers(store: "Store") -> list[User]:
    """
    List who takes leads at a store, by id: its sellers; without any, the dealer's clerks; without any, its managers.

    Only those count whose membership does today.
    """
    members = OrganizationMember.objects.live().filter(organization=store.dealer.organization_id)
    named = members.filter(user__in=StoreSeller.objects.filter(store=store, is_active=True).values("user"))
    for found in (named, members.filter(role=Role.DEALER_CLERK), members.filter(role=Role.DEALER_MANAGER)):
        people = User.objects.filter(pk__in=found.values("user")).order_by("pk")
        if people:
            return list(people)
    return []


def list_colleagues(organization_id: int) -> list[User]:
    """List everybody who works for a dealer today, by id."""
    members = OrganizationMember.objects.live().filter(organization=organization_id)
    return list(User.objects.filter(pk__in=members.values("user")).order_by("pk"))
