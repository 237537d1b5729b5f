"""Reads of bookings and waitlists: a person's own, an organization's own, and nobody else's."""

import hashlib
from datetime import datetime

from django.db.models import Q, QuerySet

from apps.accounts.api import User
from apps.scheduling.errors import BookingNotFound, ResourceNotFound
from apps.scheduling.models import Booking, CalendarFeed, Resource, WaitlistEntry
from apps.scheduling.states import LIVE, PENDING

MOST_ID = 2**63


def access_resource(*, resource_id: int, organization_id: int) -> Resource:
    """
    Return a resource of an organization with its store.

    :raises ResourceNotFound: if there is none, or it is another organization's
    """
    found = Resource.objects.filter(organization=organization_id).select_related("store__dealer")
    resource = found.filter(pk=resource_id).first() if 0 < resource_id < MOST_ID else None
    if resource is None:
        raise ResourceNotFound
    return resource


def access_booking(*, booking_id: int, organization_id: int) -> Booking:
    """
    Return a booking of an organization with its resource and store.

    :raises BookingNotFound: if there is none, or it is another organization's
    """
    found = Booking.objects.filter(organization=organization_id).select_related("resource__store", "host")
    booking = found.filter(pk=booking_id).first() if 0 < booking_id < MOST_ID else None
    if booking is None:
        raise BookingNotFound
    return booking


def list_bookings(
    organization_id: int, *, since: datetime, until: datetime, store_id: int | None = None
) -> QuerySet[Booking]:
    """List an organization's live and past bookings that begin in a half-open span, in order; not the cancelled."""
    found = Booking.objects.filter(organization=organization_id, starts_at__gte=since, starts_at__lt=until)
    found = found.exclude(status__in=("CANCELLED", "EXPIRED")).select_related("resource__store", "host")
    if store_id is not None:
        found = found.filter(resource__store=store_id)
    return found.order_by("starts_at", "pk")


def list_waiting(*, customer: User, purpose: str, now: datetime) -> list[WaitlistEntry]:
    """List for what a person waits, nearest first."""
    entries = WaitlistEntry.objects.filter(customer=customer, purpose=purpose, status__in=PENDING, starts_at__gt=now)
    return list(entries.select_related("store__dealer", "booking").order_by("starts_at", "pk"))


def access_waiting(*, entry_id: int, customer: User) -> WaitlistEntry:
    """
    Return somebody's own place on a waitlist.

    :raises BookingNotFound: if there is none, or it is somebody else's
    """
    entries = WaitlistEntry.objects.filter(customer=customer).select_related("store__dealer", "booking")
    entry = entries.filter(pk=entry_id).first() if 0 < entry_id < MOST_ID else None
    if entry is None:
        raise BookingNotFound
    return entry


def digest_of(token: str) -> str:
    """Return under what a feed's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_feed(token: str) -> CalendarFeed:
    """
    Return the calendar feed of an address.

    :raises BookingNotFound: if nobody has this address, or no longer
    """
    feed = CalendarFeed.objects.filter(digest=digest_of(token)).select_related("user", "organization").first()
    if feed is None:
        raise BookingNotFound
    return feed


def list_feed(feed: CalendarFeed, *, since: datetime) -> list[Booking]:
    """List the bookings that a person hosts, or that are of the person as an adviser, from an instant on."""
    own = Q(host=feed.user_id) | Q(resource__user=feed.user_id)
    found = Booking.objects.filter(own, organization=feed.organization_id, starts_at__gte=since)
    found = found.exclude(status="EXPIRED").select_related("resource__store")
    return list(found.order_by("starts_at", "pk")[:1000])


def count_live(resource_id: int) -> int:
    """Count a resource's live bookings."""
    return Booking.objects.filter(resource=resource_id, status__in=LIVE).count()
