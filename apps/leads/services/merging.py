"""Make one lead of two that are one person's."""

from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.leads import policies
from apps.leads.errors import LeadClosed, LeadNotFound, NotTheSamePerson
from apps.leads.models import Lead
from apps.leads.services.following import close_lead


@transaction.atomic
def merge_leads(*, lead_id: int, into_id: int, organization_id: int, by: User, now: datetime) -> Lead:
    """
    Let ``into`` go on and close ``lead`` as merged; its story stays with it, linked.

    Both must have the same phone number, and one of them a verified one. The one that goes on keeps its owner, takes
    the better score, the nearer clock, and the verified number.

    :raises LeadNotFound: if one of them is not the dealer's
    :raises NotTheSamePerson: if the numbers differ, or neither is verified, or both are the same lead
    :raises LeadClosed: if one of them is closed
    """
    # In primary-key order: two merges of the same pair the other way round wait for each other, never in a circle.
    rows = Lead.objects.select_for_update(of=("self",), no_key=True).filter(organization=organization_id)
    found = {lead.pk: lead for lead in rows.filter(pk__in=[lead_id, into_id]).order_by("pk")}
    if lead_id not in found or into_id not in found:
        raise LeadNotFound
    leaving, staying = found[lead_id], found[into_id]
    is_known = leaving.is_phone_verified or staying.is_phone_verified
    if leaving.pk == staying.pk or leaving.phone_index != staying.phone_index or not is_known:
        raise NotTheSamePerson
    if not (leaving.is_open and staying.is_open):
        raise LeadClosed
    clocks = [clock for clock in (leaving.due_at, staying.due_at) if clock is not None]
    leaving.merged_into = staying
    leaving.save(update_fields=["merged_into"])
    close_lead(leaving, "merge", by=by, now=now)
    staying.is_phone_verified = True
    staying.score = min(max(leaving.score, staying.score) + policies.ASKED_AGAIN, policies.MOST_POINTS)
    staying.times_asked += leaving.times_asked
    staying.due_at = min(clocks)
    staying.message = staying.message or leaving.message
    staying.save(update_fields=["is_phone_verified", "score", "times_asked", "due_at", "message"])
    return staying
