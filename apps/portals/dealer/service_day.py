"""The calendar of a workshop's day: one column for each bay."""

from django.urls import reverse

from apps.aftersales.api import VisitStatus, list_visits
from apps.portals.dealer.store_day import Card, StoreDay

TONES = {VisitStatus.CHECKED_IN: "requested", VisitStatus.DONE: "completed", VisitStatus.PAID: "completed"}


def list_cards(organization_id: int, shown: StoreDay) -> list[Card]:
    """Return a card for each visit of a day that was not cancelled; those ahead can be moved."""
    visits = list_visits(organization_id, since=shown.begins, until=shown.ends, store_id=shown.store.pk)
    return [
        Card(
            pk=visit.pk,
            column=visit.booking.resource_id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            title=visit.customer_name,
            is_person=True,
            state=visit.get_status_display(),
            tone=TONES.get(VisitStatus(visit.status), visit.status.lower()),
            url=reverse("dealer-visit", args=[visit.pk]),
            move_url=reverse("dealer-visit-act", args=[visit.pk, "move"]) if visit.is_ahead else "",
        )
        for visit in visits
        if visit.status != VisitStatus.CANCELLED
    ]
