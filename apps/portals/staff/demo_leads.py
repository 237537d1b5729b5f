"""Who asked dealers about a car in the demo, written by the services that pages use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.leads.api import FollowUpKind, Lead, LeadSource, follow_up, interest_in, open_lead


def load_leads(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write ``leads.json`` once: leads have clocks, and those of an older demo run on. Returns how many there are."""
    if Lead.objects.exists():
        return Lead.objects.count()
    stores = dict(Store.objects.values_list("code", "pk"))
    trims = dict(Trim.objects.values_list("code", "product_id"))
    for row in data["leads"]:
        asked_at = now - timedelta(hours=row["hours_ago"])
        lead = open_lead(
            source=LeadSource(row["source"]),
            store_id=stores[row["store"]],
            name=row["name"],
            phone=row["phone"],
            has_consent=True,
            interest=interest_in(product_id=trims[row["trim"]]),
            message=row["text"],
            by=None,
            now=asked_at,
        )
        if row["reached"] and lead.owner is not None:
            follow_up(
                lead_id=lead.pk,
                organization_id=lead.organization_id,
                kind=FollowUpKind.VISIT,
                note=row["reached"],
                by=lead.owner,
                now=asked_at + timedelta(hours=1),
            )
    return len(data["leads"])
