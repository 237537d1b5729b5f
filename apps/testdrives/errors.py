"""Refusals of test drives."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused


class TestDriveNotFound(NotFound):
    """No such test drive, or somebody else's: both read alike."""

    code = "not_found"
    message = _("There is no such test drive.")


class UnknownCar(NotFound):
    """Not a car that is on sale."""

    code = "not_found"
    message = _("We do not have this car.")


class NoDemoCar(Refused):
    """The store has no demonstration car of this model, or not the one that was named."""

    code = "no_demo_car"
    message = _("This store has no demonstration car of this model.")


class PhoneNotVerified(Refused):
    """The store must be able to reach whoever drives."""

    code = "phone_not_verified"
    message = _("Please verify your phone number first: the store must be able to reach you.")


class LicenceNotAccepted(Refused):
    """The licence does not cover a car. Context: ``accepted``."""

    code = "licence_not_accepted"
    message = _("A licence of one of these classes is needed: %(accepted)s.")


class LicenceExpired(Refused):
    """The licence is no longer valid on the day of the drive. Context: ``expires_on``."""

    code = "licence_expired"
    message = _("Your licence expires before the test drive.")


class UnderAge(Refused):
    """The driver is too young on the day of the drive. Context: ``age``, the least age in years."""

    code = "under_age"
    message = _("Drivers must be at least %(age)s years old.")


class AgreementRequired(Refused):
    """Nobody drives without having signed."""

    code = "agreement_required"
    message = _("Please read the test drive agreement and agree to it.")


class AddressRequired(BadRequest):
    """A drive at home needs an address."""

    code = "address_required"
    message = _("Please say where we should come to.")


class TooManyDrives(Conflict):
    """The person has enough drives ahead. Context: ``most``."""

    code = "too_many_drives"
    message = _("You have %(most)s test drives ahead already.")


class RulesMissing(Refused):
    """No rule of eligibility or text of the agreement is in force on that day: staff must date one."""

    code = "rules_missing"
    message = _("Test drives cannot be booked for this day yet.")


class InvalidReport(BadRequest):
    """What was noted about a drive cannot be right; ``fields`` says which."""

    code = "invalid_report"
    message = _("Please check what you entered.")


class AlreadyAnswered(Conflict):
    """The survey of a drive is answered once."""

    code = "already_answered"
    message = _("You have answered already. Thank you!")
