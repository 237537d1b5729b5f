"""What can be booked, and where a booking and a place on the waitlist stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


class ResourceKind(models.TextChoices):
    """What can be booked."""

    DEMO_CAR = "DEMO_CAR", _("Demonstration car")
    BAY = "BAY", _("Service bay")
    ADVISER = "ADVISER", _("Adviser")
    HANDOVER = "HANDOVER", _("Handover area")


class DayKind(models.TextChoices):
    """What a public notice makes of a day."""

    HOLIDAY = "HOLIDAY", _("Public holiday")  # a day off, whatever the weekday
    WORKDAY = "WORKDAY", _("Working day instead")  # a weekend day that is worked to make up for a holiday


class BookingStatus(models.TextChoices):
    """Where a booking stands."""

    HELD = "HELD", pgettext_lazy("booking", "Held")  # offered to somebody from the waitlist, until ``held_until``
    BOOKED = "BOOKED", _("Booked")  # the resource is promised
    DONE = "DONE", _("Took place")
    NO_SHOW = "NO_SHOW", _("Nobody came")
    CANCELLED = "CANCELLED", pgettext_lazy("booking", "Cancelled")
    EXPIRED = "EXPIRED", _("Not taken")  # the offer was not taken in time


class WaitStatus(models.TextChoices):
    """Where somebody on a waitlist stands."""

    WAITING = "WAITING", pgettext_lazy("waitlist", "Waiting")
    OFFERED = "OFFERED", _("Offered")  # a booking is held until ``offered_until``
    TAKEN = "TAKEN", _("Taken")
    DECLINED = "DECLINED", _("Declined")
    EXPIRED = "EXPIRED", pgettext_lazy("waitlist", "Expired")  # the offer was not answered, or the time came
    LEFT = "LEFT", _("Left")  # the person no longer wants it


S = BookingStatus
LIVE = (S.HELD, S.BOOKED)
BOOKING = Lifecycle(
    name="scheduling.booking",
    moves={
        "take": ({S.HELD}, S.BOOKED),
        "expire": ({S.HELD}, S.EXPIRED),
        "cancel": ({S.HELD, S.BOOKED}, S.CANCELLED),
        "finish": ({S.BOOKED}, S.DONE),
        "miss": ({S.BOOKED}, S.NO_SHOW),
    },
)
W = WaitStatus
PENDING = (W.WAITING, W.OFFERED)
WAIT = Lifecycle(
    name="scheduling.wait",
    moves={
        "offer": ({W.WAITING}, W.OFFERED),
        "take": ({W.OFFERED}, W.TAKEN),
        "decline": ({W.OFFERED}, W.DECLINED),
        "expire": ({W.WAITING, W.OFFERED}, W.EXPIRED),
        "leave": ({W.WAITING}, W.LEFT),
    },
)
