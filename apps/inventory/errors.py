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


class InvalidSite(Refused):
    """Something a site is described by cannot be; ``fields`` says what."""

    code = "invalid_site"
    message = _("Please check what you entered about the site.")


class UnknownPlace(Refused):
    """No region of China is called that, or it lies elsewhere; ``fields`` says which part of the address."""

    code = "unknown_place"
    message = _("We know no such place in China: %(place)s")


class PositionMissing(Refused):
    """No position was given, and the city's own is not known."""

    code = "position_missing"
    message = _("We do not know where this city lies. Please give the position.")


class SiteCodeTaken(Conflict):
    """Another site, of whomever, has this code."""

    code = "site_code_taken"
    message = _("The code %(site)s is taken.")


class SiteNameTaken(Conflict):
    """Another open site of the organization has this name."""

    code = "site_name_taken"
    message = _("You have an open site with this name: %(site)s")


class TooManySites(Conflict):
    """An organization has as many open sites as it may."""

    code = "too_many_sites"
    message = _("At most %(most)s sites may be open at once.")


class SiteClosed(Conflict):
    """The site was closed and takes nothing any more."""

    code = "site_closed"
    message = _("The site %(site)s is closed.")


class SiteNotEmpty(Conflict):
    """Something lies at the site. Context: ``pieces``, ``vehicles``."""

    code = "site_not_empty"
    message = _("The site still holds stock: %(pieces)s pieces, %(vehicles)s vehicles. Count it down to zero first.")


class SiteInUse(Conflict):
    """Offers ship from the site. Context: ``offers``, the SKUs of some of them."""

    code = "site_in_use"
    message = _("Offers ship from this site: %(offers)s. Let them ship from another site first.")


class NoFreeUnit(Conflict):
    """No vehicle of this trim is free."""

    code = "no_free_unit"
    message = _("No vehicle of this trim is free.")


class InvalidVin(Refused):
    """The vehicle identification number breaks ISO 3779 or its check digit is wrong."""

    code = "invalid_vin"
    message = _("%(vin)s is not a valid vehicle identification number.")


class UnitElsewhere(Conflict):
    """The VIN is known as another car, or the car stands at another place."""

    code = "unit_elsewhere"
    message = _("This VIN belongs to another car, or the car stands elsewhere.")


class UnitNotFound(NotFound):
    """No vehicle is held for this cause."""

    code = "unit_not_found"
    message = _("No vehicle is assigned.")
