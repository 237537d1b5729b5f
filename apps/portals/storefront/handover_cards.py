"""Handovers as the order's page, the account and their own page show them."""

from dataclasses import dataclass
from datetime import datetime

from apps.orders.api import (
    FETCHABLE,
    Fulfilment,
    FulfilmentStatus,
    HandoverAppointment,
    find_appointment,
    list_areas,
    local_time,
)


@dataclass(frozen=True, kw_only=True)
class HandoverCard:
    """One handover. ``local`` is the time of the appointment ahead, by the clock at the store."""

    fulfilment: Fulfilment
    appointment: HandoverAppointment | None
    local: datetime | None
    may_choose: bool
    is_done: bool


def describe(found: Fulfilment) -> HandoverCard:
    """Return a handover as pages show it."""
    appointment = find_appointment(found.pk)
    ahead = appointment if appointment is not None and appointment.is_ahead else None
    return HandoverCard(
        fulfilment=found,
        appointment=ahead,
        local=local_time(found, ahead.booking.starts_at) if ahead else None,
        may_choose=found.status in FETCHABLE and list_areas(found.store_id or 0).exists(),
        is_done=found.status == FulfilmentStatus.HANDED_OVER,
    )
