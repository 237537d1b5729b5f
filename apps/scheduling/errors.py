"""Refusals of scheduling."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class ResourceNotFound(NotFound):
    """No such bookable resource, or another organization's: both read alike."""

    code = "not_found"
    message = _("There is no such car, bay or adviser to book.")


class BookingNotFound(NotFound):
    """No such booking, or somebody else's: both read alike."""

    code = "not_found"
    message = _("There is no such appointment.")


class SlotTaken(Conflict):
    """Somebody else was faster. Context: ``starts_at``."""

    code = "slot_taken"
    message = _("Somebody else has just taken this time. Please choose another one.")


class MovedMeanwhile(Conflict):
    """Somebody else has moved the appointment since the caller looked."""

    code = "moved_meanwhile"
    message = _("It was moved once more meanwhile. Nothing was changed.")


class SlotInPast(Refused):
    """The time has passed."""

    code = "slot_in_past"
    message = _("This time has passed. Please choose another one.")


class NoticeTooShort(Refused):
    """The appointment begins too soon to be prepared. Context: ``minutes`` of notice that are needed."""

    code = "notice_too_short"
    message = _("Please choose a time at least %(minutes)s minutes from now.")


class TooFarAhead(Refused):
    """The day cannot be booked yet. Context: ``days`` that can."""

    code = "too_far_ahead"
    message = _("Please choose a day within the next %(days)s days.")


class OutsideHours(Refused):
    """The appointment would begin before opening, end after closing, or fall on a day of rest."""

    code = "outside_hours"
    message = _("The store is closed at this time. Please choose another one.")


class SlotNotOffered(Refused):
    """Within opening hours, but not where a slot begins, or longer than what is offered."""

    code = "slot_not_offered"
    message = _("No appointment begins at this time. Please choose one from the list.")


class AmbiguousTime(Refused):
    """The clock on the store's wall shows this time twice, or skips it, since summer time begins or ends."""

    code = "ambiguous_time"
    message = _("The clocks change at this hour. Please choose another time.")


class TooLateToChange(Conflict):
    """Customers move and cancel until some time before the appointment. Context: ``minutes``."""

    code = "too_late_to_change"
    message = _("It is less than %(minutes)s minutes until the appointment. Please call the store.")


class AlreadyWaiting(Conflict):
    """The person waits for this slot already."""

    code = "already_waiting"
    message = _("You are on the waitlist for this time already.")


class SlotIsFree(Conflict):
    """Nobody needs to wait: the slot can be booked."""

    code = "slot_is_free"
    message = _("This time is free: you can book it now.")


class OfferOver(Conflict):
    """The offer of the waitlist was answered, or its time ran out."""

    code = "offer_over"
    message = _("This offer is over.")
