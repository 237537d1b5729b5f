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
