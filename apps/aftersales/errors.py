"""Refusals of service."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused


class VehicleNotFound(NotFound):
    """No such car, or somebody else's: both read alike."""

    code = "not_found"
    message = _("There is no such car.")


class VisitNotFound(NotFound):
    """No such visit, or somebody else's: both read alike."""

    code = "not_found"
    message = _("There is no such appointment.")


class EntitlementNotFound(NotFound):
    """No such package, or somebody else's: both read alike."""

    code = "not_found"
    message = _("There is no such package.")


class FindingNotFound(NotFound):
    """No such finding on this work order."""

    code = "not_found"
    message = _("There is no such finding.")


class ForeignVin(Refused):
    """A right VIN, but of no car that we handed over."""

    code = "foreign_vin"
    message = _("We do not know this car. Please check the VIN, or ask a store to look at the papers.")


class AlreadyYours(Conflict):
    """The person has this car already."""

    code = "already_yours"
    message = _("This car is among yours already.")


class TooManyVehicles(Conflict):
    """Context: ``most``."""

    code = "too_many_vehicles"
    message = _("You have %(most)s cars already.")


class OwnerNotVerified(Refused):
    """What only the owner may do waits until a store saw the papers."""

    code = "owner_not_verified"
    message = _("A store must see your registration certificate first.")


class VehicleHasOwner(Conflict):
    """Somebody else is the car's owner; they must pass it on."""

    code = "vehicle_has_owner"
    message = _("Somebody else is known as the owner of this car. They must pass it on first.")


class WrongTransferCode(Refused):
    """The car's number and the code do not belong together, or the code is used, old or tried too often."""

    code = "wrong_transfer_code"
    message = _("The VIN and the code do not belong together, or the code no longer works.")


class EntitlementUsedUp(Conflict):
    """Nothing is left of this service in the package, what appointments hold included. Context: ``service``."""

    code = "entitlement_used_up"
    message = _("Nothing is left of this service in the package.")


class EntitlementExpired(Refused):
    """The package ran out: by its day or by the car's kilometres. Context: ``valid_until``, ``km_limit``."""

    code = "entitlement_expired"
    message = _("This package has run out.")


class EntitlementNotActive(Conflict):
    """The package was given back."""

    code = "entitlement_not_active"
    message = _("This package was given back.")


class EntitlementOfOtherCar(Refused):
    """The package belongs to another car, or does not suit this model."""

    code = "entitlement_of_other_car"
    message = _("This package does not belong to this car.")


class NothingChosen(BadRequest):
    """A visit needs some work to do."""

    code = "nothing_chosen"
    message = _("Please choose what shall be done.")


class UnknownService(BadRequest):
    """No such service, or not one that a bay is booked for."""

    code = "unknown_service"
    message = _("We do not offer this service.")


class NoBay(Refused):
    """The store has no bay that can be booked."""

    code = "no_bay"
    message = _("This store takes no appointments for service.")


class PhoneNotVerified(Refused):
    """The store must be able to reach whoever brings the car."""

    code = "phone_not_verified"
    message = _("Please verify your phone number first: the store must be able to reach you.")


class TooManyVisits(Conflict):
    """Context: ``most``."""

    code = "too_many_visits"
    message = _("You have %(most)s appointments ahead already.")


class InvalidReport(BadRequest):
    """What was noted cannot be right; ``fields`` says which."""

    code = "invalid_report"
    message = _("Please check what you entered.")


class AnswerPending(Conflict):
    """Extra work was proposed and the customer has not answered."""

    code = "answer_pending"
    message = _("The customer has not answered a proposal yet.")


class AmountDiffers(Conflict):
    """What was paid is not what is owed. Context: ``due``."""

    code = "amount_differs"
    message = _("%(due)s is owed.")


class NotCovered(Refused):
    """The warranty that should pay has ended for this car, by its day or its kilometres."""

    code = "not_covered"
    message = _("This warranty does not cover the car any more.")


class NothingOwed(Conflict):
    """The work is not done yet, or nothing is left to pay."""

    code = "nothing_owed"
    message = _("There is nothing to pay for this appointment.")


class PaidAlready(Conflict):
    """The bill was paid online; the visit is completed as soon as the news is through."""

    code = "paid_already"
    message = _("This was just paid online.")


class NotRefundable(Refused):
    """Nothing of the package would be paid back."""

    code = "not_refundable"
    message = _("Nothing of this package can be paid back any more.")
