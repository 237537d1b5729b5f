"""Settings of leads, with the value each has unless the environment's settings say otherwise."""

from datetime import timedelta

from django.conf import settings

LEAD_CONTACT_MINUTES = 120  # of opening time, until somebody must have spoken to the person
LEAD_MOST_A_DAY = 3  # times one phone number may ask within 24 hours
NEXT_STEP = timedelta(days=2)  # when a lead is looked at again if nobody said otherwise
FARTHEST_STEP = timedelta(days=180)
QUOTE_DAYS = 7
LONGEST_QUOTE_DAYS = 60


def contact_minutes() -> int:
    """Return how many minutes of opening time a seller has for the first word."""
    return getattr(settings, "LEAD_CONTACT_MINUTES", LEAD_CONTACT_MINUTES)


def most_a_day() -> int:
    """Return how often one phone number may ask within 24 hours."""
    return getattr(settings, "LEAD_MOST_A_DAY", LEAD_MOST_A_DAY)
