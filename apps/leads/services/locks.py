"""Locks of leads."""

from django.db import connection

from apps.leads.errors import LeadClosed, LeadNotFound
from apps.leads.models import Lead

MOST_ID = 2**63


def lock_phone(phone_index: str) -> None:
    """Let one request of a phone number be handled after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"leads.phone:{phone_index}"])


def lock_lead(lead_id: int, *, organization_id: int) -> Lead:
    """
    Lock a dealer's lead.

    :raises LeadNotFound: if there is none, or it is another dealer's
    """
    rows = Lead.objects.select_for_update(of=("self",), no_key=True).filter(organization=organization_id)
    lead = rows.select_related("store__dealer").filter(pk=lead_id).first() if 0 < lead_id < MOST_ID else None
    if lead is None:
        raise LeadNotFound
    return lead


def lock_open_lead(lead_id: int, *, organization_id: int) -> Lead:
    """
    Lock a dealer's lead that is still open.

    :raises LeadNotFound: if there is none, or it is another dealer's
    :raises LeadClosed: if it is closed
    """
    lead = lock_lead(lead_id, organization_id=organization_id)
    if not lead.is_open:
        raise LeadClosed
    return lead
