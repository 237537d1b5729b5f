"""Why the catalog says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused


class ProductNotFound(NotFound):
    """No public product has that id or slug."""

    message = _("There is no such product.")


class OfferNotFound(NotFound):
    """The organization has no offer under that SKU."""

    message = _("You have no offer with this SKU.")


class NotForSale(Conflict):
    """The product exists, but nobody offers it at this moment."""

    code = "not_for_sale"
    message = _("%(title)s is not for sale at the moment.")


class ImpossibleConfiguration(Refused):
    """The chosen options cannot be built together; ``context["rule"]`` says which rule forbids it."""

    code = "impossible_configuration"
    message = _("These options do not go together: %(reason)s")


class UnknownConfiguration(Refused):
    """No stored configuration of this product has that id."""

    code = "unknown_configuration"
    message = _("There is no such configuration of this car.")


class PartDoesNotFit(Refused):
    """The part is not made for the chosen car."""

    code = "part_does_not_fit"
    message = _("%(part)s does not fit %(vehicle)s.")


class UnknownVehicle(Refused):
    """The id given as a car is not that of a trim."""

    code = "unknown_vehicle"
    message = _("There is no such car.")


class InvalidQuantity(Refused):
    """A quantity outside what one line may hold."""

    code = "invalid_quantity"
    message = _("Choose a quantity from 1 to %(maximum)s.")


class InvalidPrice(Refused):
    """A price that is not above zero or too large to store."""

    code = "invalid_price"
    message = _("A price must be above zero and below ten billion.")


class AbsurdPrice(Refused):
    """A price so far from the one in force that it can only be a mistake."""

    code = "absurd_price"
    message = _("%(price)s is too far from the price in force, %(before)s: check it for a slip of the pen.")


class InvalidMinimum(Refused):
    """A minimum quantity that nobody may order."""

    code = "invalid_minimum"
    message = _("The smallest quantity is a number from 1 to 999, for cars 1.")


class InvalidLeadTime(Refused):
    """A lead time below zero or longer than a year."""

    code = "invalid_lead_time"
    message = _("The lead time is a number of days from 0 to 365.")


class BelowMinimumQuantity(Refused):
    """Fewer pieces than any seller sells at a time."""

    code = "below_minimum_quantity"
    message = _("%(title)s is sold from %(minimum)s pieces.")


class NothingWaits(Conflict):
    """The price change, or the proposal, was decided or withdrawn already."""

    code = "nothing_waits"
    message = _("This was decided already.")


class ReasonRequired(Refused):
    """A rejection without a reason."""

    code = "reason_required"
    message = _("Give a reason: the seller reads it.")


class PriceListNotFound(NotFound):
    """There is no such price list, or no such version of it."""

    message = _("There is no such price list.")


class InvalidPriceList(Refused):
    """What a price list says cannot be; ``fields`` tell what."""

    code = "invalid_price_list"
    message = _("The price list cannot be like that.")


class PriceListOverlaps(Conflict):
    """Another version holds for the same buyers at the same time."""

    code = "price_list_overlaps"
    message = _("Another price list holds for the same buyers during this time.")


class PriceListIsHistory(Conflict):
    """A published version is not rewritten, and nothing begins or ends in the past."""

    code = "price_list_is_history"
    message = _("What was published stays as it was: make a new version from now on.")


class ProposalNotFound(NotFound):
    """The organization has no such proposal."""

    message = _("There is no such proposal.")


class ProposalRefused(Refused):
    """A proposed product breaks rules; ``fields`` say which, field by field."""

    code = "proposal_refused"
    message = _("The product cannot be proposed like that: see the fields.")


class SkuTaken(Conflict):
    """The SKU already names an offer of another product or seller."""

    code = "sku_taken"
    message = _("The SKU %(sku)s is already in use.")


class AlreadyOffered(Conflict):
    """The seller offers the product under another SKU already."""

    code = "already_offered"
    message = _("You offer this product already, under another SKU.")


class UnknownSite(Refused):
    """The site does not exist or belongs to somebody else."""

    code = "unknown_site"
    message = _("There is no such site of yours.")


class InvalidQuery(BadRequest):
    """A filter of the product list has a value it cannot have."""

    code = "invalid"
