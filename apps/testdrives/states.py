"""Where a test drive stands, where it takes place, how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


class TestDriveStatus(models.TextChoices):
    """How far a test drive is."""

    REQUESTED = "REQUESTED", pgettext_lazy("test drive", "Requested")  # the car is booked, the store has not answered
    CONFIRMED = "CONFIRMED", pgettext_lazy("test drive", "Confirmed")  # somebody at the store expects the customer
    CHECKED_IN = "CHECKED_IN", pgettext_lazy("test drive", "On the road")  # licence seen, car looked at, keys given
    COMPLETED = "COMPLETED", pgettext_lazy("test drive", "Completed")  # the car is back
    CANCELLED = "CANCELLED", pgettext_lazy("test drive", "Cancelled")  # by the customer or the store, in time
    NO_SHOW = "NO_SHOW", pgettext_lazy("test drive", "Nobody came")


class Place(models.TextChoices):
    """Where a drive begins."""

    STORE = "STORE", pgettext_lazy("test drive", "At the store")
    HOME = "HOME", pgettext_lazy("test drive", "At home")


class Outcome(models.TextChoices):
    """What the seller thinks came of it."""

    WANTS_TO_BUY = "WANTS_TO_BUY", _("Wants to buy")
    THINKING = "THINKING", _("Thinks about it")
    OTHER_CAR = "OTHER_CAR", _("Wants to try another car")
    NOT_INTERESTED = "NOT_INTERESTED", _("Not interested")


class PhotoMoment(models.TextChoices):
    """When a picture of the car was taken."""

    BEFORE = "BEFORE", _("Before the drive")
    AFTER = "AFTER", _("After the drive")


S = TestDriveStatus
OPEN = (S.REQUESTED, S.CONFIRMED, S.CHECKED_IN)
AHEAD = (S.REQUESTED, S.CONFIRMED)
TEST_DRIVE = Lifecycle(
    name="testdrives.test_drive",
    moves={
        "confirm": ({S.REQUESTED}, S.CONFIRMED),
        "ask_again": ({S.CONFIRMED}, S.REQUESTED),
        "check_in": ({S.CONFIRMED}, S.CHECKED_IN),
        "complete": ({S.CHECKED_IN}, S.COMPLETED),
        "no_show": (set(AHEAD), S.NO_SHOW),
        "cancel": (set(AHEAD), S.CANCELLED),
    },
)
