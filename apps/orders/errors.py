"""Refusals of orders."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused, Unavailable


class CartLineNotFound(NotFound):
    """The line is not in the caller's cart."""

    code = "not_found"
    message = _("There is no such line in your cart.")


class CartEmpty(Conflict):
    """A checkout needs at least one line."""

    code = "cart_empty"
    message = _("Your cart is empty.")


class CartAlreadyOrdered(Conflict):
    """This cart became an order a moment ago, by another request. Context: ``order_number``."""

    code = "cart_already_ordered"
    message = _("This cart was already ordered.")


class TooManyLines(Refused):
    """A cart is not a warehouse. Context: ``most``."""

    code = "too_many_lines"
    message = _("A cart holds at most %(most)s different things.")


class VoucherUnknown(Refused):
    """No voucher has this code, or it is not the caller's to use."""

    code = "voucher_unknown"
    message = _("We do not know the voucher %(voucher)s.")


class PointsNotEnough(Refused):
    """The buyer has fewer points than it wants to spend. Context: ``available``."""

    code = "points_not_enough"
    message = _("You have %(available)s points.")


class ContactRequired(Refused):
    """A guest must say how to reach it."""

    code = "contact_required"
    message = _("Please give an e-mail address or a phone number.")


class InvalidContact(Refused):
    """The e-mail address or phone number cannot be right; ``fields`` says which."""

    code = "invalid_contact"
    message = _("Please check how we can reach you.")


class AddressIncomplete(Refused):
    """A delivery needs a whole address; ``fields`` names what is missing."""

    code = "address_incomplete"
    message = _("Please complete the delivery address.")


class StoreCannotHandOver(Refused):
    """The chosen store does not hand over what is in the cart. Context: ``rule``."""

    code = "store_cannot_hand_over"
    message = _("This store cannot hand over these goods. Please choose another one.")


class DepositNotOffered(Refused):
    """A prepayment is offered for orders with a vehicle only."""

    code = "deposit_not_offered"
    message = _("A prepayment is offered for orders with a car only.")


class PriceChanged(Conflict):
    """The total differs from what the buyer saw. Context: ``expected`` and ``total``, both money."""

    code = "price_changed"
    message = _("The price has changed. Please check the new total.")


class CheckoutKeyReused(Conflict):
    """The same key came back with another cart or another wish."""

    code = "idempotency_key_reused"
    message = _("This request was already used for something else.")


class OrderNotFound(NotFound):
    """No such order, or not the caller's: both read alike."""

    code = "not_found"
    message = _("There is no such order.")


class CannotCancel(Conflict):
    """The order can no longer be called off. Context: ``reason`` (a code) and ``status``."""

    code = "cannot_cancel"
    message = _("This order can no longer be cancelled: %(why)s")


class NothingToPay(Conflict):
    """The order takes no such payment now. Context: ``status``."""

    code = "nothing_to_pay"
    message = _("There is nothing to pay on this order now.")


class FulfilmentNotFound(NotFound):
    """No such fulfilment, or another organization's: both read alike."""

    code = "not_found"
    message = _("There is no such fulfilment.")


class WrongCode(Refused):
    """The pickup code is not the one we sent. Context: ``attempts_left``."""

    code = "wrong_code"
    message = _("The code is not right. Attempts left: %(attempts_left)s.")


class CodeExhausted(Conflict):
    """Too many wrong codes; the store must send a new one first."""

    code = "code_exhausted"
    message = _("Too many wrong codes. Please send the buyer a new one.")


class BalanceDue(Conflict):
    """Nothing is handed over before everything is paid. Context: ``balance_due``, money."""

    code = "balance_due"
    message = _("The balance is not paid yet.")


class ReasonRequired(BadRequest):
    """A refusal or cancellation must say why."""

    code = "reason_required"
    message = _("Please give a reason.")


class TermsMissing(Unavailable):
    """No dated row says what applies at this moment. Context: ``terms``."""

    code = "terms_missing"
    message = _("Orders cannot be taken at the moment.")


class NumberTaken(Unavailable):
    """Several fresh order numbers in a row were taken already; practically impossible, and safe to try again."""

    code = "try_again"
    message = _("Please try again.")


class NotAPart(Refused):
    """To accept a part, some pieces are taken and some are left; none, all, or more than asked is no part."""

    code = "not_a_part"
    message = _("Take some of the pieces: at least one, and not all of them.")


class TrackingRequired(BadRequest):
    """A shipment needs its carrier and tracking number; ``fields`` says which is missing."""

    code = "tracking_required"
    message = _("Please give the carrier and the tracking number.")


class InspectionNotFound(NotFound):
    """No such inspection, or another dealer's: both read alike."""

    code = "not_found"
    message = _("There is no such inspection.")


class UnknownVin(Refused):
    """A car arrived that belongs to no order here. Context: ``vin``."""

    code = "unknown_vin"
    message = _("The car with the VIN %(vin)s does not belong to this order. Check the number, or call headquarters.")


class NoVehicleAssigned(Conflict):
    """There is no car to inspect yet; HQ knows."""

    code = "no_vehicle_assigned"
    message = _("No car is assigned to this order yet. Headquarters has been told.")


class InvalidInspection(BadRequest):
    """An answer cannot be kept as it is; ``fields`` says which item and why."""

    code = "invalid_inspection"
    message = _("Please check what you entered.")


class InspectionIncomplete(Conflict):
    """Items are open, faulty and not repaired, or without their photo. Context: ``items``, code to reason."""

    code = "inspection_incomplete"
    message = _("The inspection is not complete. Items left: %(count)s.")


class TooManyPhotos(Refused):
    """An item has enough photos. Context: ``most``."""

    code = "too_many_photos"
    message = _("An item takes at most %(most)s photos.")


class ContactClosed(Conflict):
    """The order is done here; the buyer's data stay hidden."""

    code = "contact_closed"
    message = _("This order is done. The buyer's phone number is no longer shown.")


class NotByAppointment(Refused):
    """Only cars are handed over by appointment; other goods are fetched when the store is open."""

    code = "not_by_appointment"
    message = _("Only cars are handed over by appointment.")


class CarNotThere(Conflict):
    """The car has not arrived at the store, or was handed over already. Context: ``status``."""

    code = "car_not_there"
    message = _("A time can be chosen once the car is at the store, until it is handed over.")


class NoHandoverArea(Refused):
    """The store has no handover area that can be booked."""

    code = "no_handover_area"
    message = _("This store arranges handovers by phone. It will call you.")


class AppointmentNotFound(NotFound):
    """Nothing is booked for this car."""

    code = "not_found"
    message = _("There is no such appointment.")


class AlreadyAppointed(Conflict):
    """The car has an appointment; it can be moved."""

    code = "already_appointed"
    message = _("A time is booked already. Choose another one there.")


class StepMissing(Conflict):
    """The steps of a handover follow each other. Context: ``step``, the one that comes first."""

    code = "step_missing"
    message = _("Not yet. First: %(name)s.")


class HandoverIncomplete(Refused):
    """Something that belongs to the car was not handed over. Context: ``items``, their codes."""

    code = "handover_incomplete"
    message = _("Something is missing. Items left: %(count)s.")


class InvalidHandover(BadRequest):
    """What was noted about a handover cannot be right; ``fields`` says which and why."""

    code = "invalid_handover"
    message = _("Please check what you entered.")
