"""Why membership says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, DomainError, Forbidden, NotFound, Refused


class CarNotFound(NotFound):
    """The member has no such car."""

    message = _("There is no such car in your garage.")


class InvalidVin(Refused):
    """The text is no VIN: 17 characters with a right check digit."""

    code = "invalid_vin"
    message = _("This is not a valid VIN. It has 17 letters and digits, never I, O or Q; please check each one.")


class UnknownVin(Refused):
    """The VIN is right, but we do not know the car: its owner has to say which one it is."""

    code = "unknown_vin"
    message = _("The VIN is right, but we do not know this car. Please choose the model as well.")


class UnknownCar(Refused):
    """Neither a VIN nor a trim of ours was given."""

    code = "unknown_car"
    message = _("Please choose a model or enter a VIN.")


class InvalidPlate(Refused):
    """The text is no Chinese number plate."""

    code = "invalid_plate"
    message = _(
        "This is not a valid plate number: a province's character, a letter, then five or six letters and digits."
    )


class CarAlreadyInGarage(Conflict):
    """The member has this VIN, or this model without a VIN, already."""

    code = "car_already_in_garage"
    message = _("This car is in your garage already.")


class GarageFull(Refused):
    """A garage holds so many cars."""

    code = "garage_full"
    message = _("Your garage holds %(most)s cars. Please remove one first.")


class WishListFull(Refused):
    """A wish list holds so many wishes."""

    code = "wish_list_full"
    message = _("Your wish list holds %(most)s entries. Please remove one first.")


class SavedConfigurationNotFound(NotFound):
    """The member saved no such configuration."""

    message = _("There is no such saved configuration.")


class TooManySaved(Refused):
    """A member keeps so many configurations."""

    code = "too_many_saved"
    message = _("You can keep %(most)s configurations. Please remove one first.")


class ReviewNotFound(NotFound):
    """There is no such review within reach."""

    message = _("There is no such review.")


class InvalidReview(Refused):
    """A review needs one to five stars and a few words."""

    code = "invalid_review"
    message = _("Please give one to five stars and write 5 to 2,000 characters.")


class AlreadyReviewed(Conflict):
    """A member reviews a product once."""

    code = "already_reviewed"
    message = _("You have reviewed this product already. You can change your review.")


class TooManyPhotos(Refused):
    """A review shows so many photos."""

    code = "too_many_photos"
    message = _("A review can show %(most)s photos.")


class PhotoRefused(Refused):
    """An upload is no picture that we show."""

    code = "photo_refused"
    message = _("%(name)s cannot be used: please choose a JPEG, PNG or WebP photo of at most %(megabytes)s MB.")


class OwnReview(Refused):
    """Nobody votes on what they wrote themselves."""

    code = "own_review"
    message = _("This is your own review.")


class InvalidText(Refused):
    """A question, answer or reply is empty or too long."""

    code = "invalid_text"
    message = _("Please write %(least)s to %(most)s characters.")


class QuestionNotFound(NotFound):
    """There is no such question within reach."""

    message = _("There is no such question.")


class AnswerNotFound(NotFound):
    """There is no such answer within reach."""

    message = _("There is no such answer.")


class TooManyQuestions(DomainError):
    """So many questions of one member may wait to be read."""

    code = "too_many_questions"
    status = 429
    message = _("%(most)s of your questions are still being checked. Please wait until they are published.")


class AlreadyAnswered(Conflict):
    """A member answers a question once."""

    code = "already_answered"
    message = _("You have answered this question already.")


class NotAnOwner(Forbidden):
    """Questions are answered by the brand, by who sells the product, and by who bought it."""

    code = "not_an_owner"
    message = _("Only people who bought this product here can answer.")


class NotASeller(Forbidden):
    """Replies are the brand's and the sellers'."""

    code = "not_a_seller"
    message = _("Only the brand and those who sell this product can reply.")


class ReasonMissing(Refused):
    """Whoever rejects says why: the author reads it."""

    code = "reason_missing"
    message = _("Please say why, in a few words. The author will read it.")
