"""Tables of scheduling, by noun."""

from apps.scheduling.models.bookings import Booking, CalendarFeed, WaitlistEntry
from apps.scheduling.models.resources import PublicDay, Resource, ResourceDay

__all__ = ["Booking", "CalendarFeed", "PublicDay", "Resource", "ResourceDay", "WaitlistEntry"]
