"""The calendar of a store's handovers: one column for each area."""

from django.urls import reverse

from apps.orders.api import list_appointments
from apps.portals.dealer.store_day import Card, StoreDay


def list_cards(organization_id: int, shown: StoreDay) -> list[Card]:
    """Return a card for each time of a day that was not cancelled, named by its cars; those ahead can be moved."""
    appointments = list_appointments(organization_id, since=shown.begins, until=shown.ends, store_id=shown.store.pk)
    return [
        Card(
            pk=one.fulfilment_id,
            column=one.booking.resource_id,
            starts_at=one.booking.starts_at,
            ends_at=one.booking.ends_at,
            title=" + ".join(line.item.title for line in one.fulfilment.lines.all()),
            state=one.fulfilment.get_status_display() if one.is_ahead else one.booking.get_status_display(),
            tone="completed" if one.booking.status == "DONE" else one.booking.status.lower(),
            url=reverse("dealer-handover", args=[one.fulfilment_id]),
            move_url=reverse("dealer-handover-act", args=[one.fulfilment_id, "move"]) if one.is_ahead else "",
        )
        for one in appointments
        if one.booking.status != "CANCELLED"
    ]
