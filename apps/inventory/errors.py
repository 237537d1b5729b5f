"""Refusals of inventory."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class OutOfStock(Conflict):
    """Context: ``lines``, each ``{line_ref, product_id, requested, available}``."""

    code = "out_of_stock"
    message = _("There is not enough stock for this order.")


class ReservationLapsed(Conflict):
    """Some stock held for this cause was given back before it was paid for."""

    code = "reservation_lapsed"
    message = _("The stock held for this order was released.")


class StockBelowPromised(Conflict):
    """A count may not go below what is already promised to buyers. Context: ``promised``."""

    code = "stock_below_promised"
    message = _("%(promised)s pieces are already promised; the stock cannot be set lower.")


class UnknownSite(Refused):
    """No site has this code, or it belongs to somebody else."""

    code = "unknown_site"
    message = _("There is no such site.")


class NoFreeUnit(Conflict):
    """No vehicle of this trim is free."""

    code = "no_free_unit"
    message = _("No vehicle of this trim is free.")


class InvalidVin(Refused):
    """The vehicle identification number breaks ISO 3779 or its check digit is wrong."""

    code = "invalid_vin"
    message = _("%(vin)s is not a valid vehicle identification number.")


class UnitNotFound(NotFound):
    """No vehicle is held for this cause."""

    code = "unit_not_found"
    message = _("No vehicle is assigned.")
