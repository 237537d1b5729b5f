"""Why dealers says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused


class UnknownDealer(NotFound):
    """No dealer belongs to that organization."""

    message = _("There is no such dealer.")


class UnknownStore(Refused):
    """No open store has that id."""

    code = "unknown_store"
    message = _("There is no such store, or it takes no orders.")


class DealerNotAuthorized(Conflict):
    """A rule keeps the dealer from what it is asked to do; the context names the first one that does."""

    code = "dealer_not_authorized"
    message = _("The dealer is not authorized: %(explanation)s")


class QuotaUsedUp(DealerNotAuthorized):
    """The dealer has sold as many of these vehicles as it may in the period. Context: ``rule``, ``left``."""

    code = "quota_used_up"


class ReasonRequired(BadRequest):
    """A decision about a dealer must say why."""

    code = "reason_required"
    message = _("Please give a reason.")


class UnknownRegion(Refused):
    """No region of China has this code. Context: ``region``."""

    code = "unknown_region"
    message = _("There is no region with the code %(region)s.")


class UnknownBrand(Refused):
    """The catalog has no such brand. Context: ``brand``."""

    code = "unknown_brand"
    message = _("There is no brand with the code %(brand)s.")


class UnknownModel(Refused):
    """The catalog has no such series, or no such model of it. Context: ``series``, ``model``."""

    code = "unknown_model"
    message = _("There is no series %(series)s, or it has no model %(model)s.")


class UnknownAuthorization(NotFound):
    """There is no such authorization."""

    message = _("There is no such authorization.")


class UnknownTerritory(NotFound):
    """There is no such territory."""

    message = _("There is no such territory.")


class UnknownQuota(NotFound):
    """There is no such quota."""

    message = _("There is no such quota.")


class InvalidPeriod(Refused):
    """The dates do not make a period of at least a day, or reach where they may not. Context: ``starts``, ``ends``."""

    code = "invalid_period"
    message = _("These dates cannot be: from %(starts)s until before %(ends)s.")


class AuthorizationOverlaps(Conflict):
    """The dealer has this authorization for some of these days already."""

    code = "authorization_overlaps"
    message = _("The dealer has this authorization for some of these days already.")


class AuthorizationOver(Conflict):
    """The authorization was revoked, or its time is over."""

    code = "authorization_over"
    message = _("This authorization is over or was revoked. Grant a new one.")


class TerritoryOverlaps(Conflict):
    """Somebody holds part of the region for the brand and kind already. Context: ``holders``, ``region``."""

    code = "territory_overlaps"
    message = _("Another territory is in the way: %(holders)s.")


class TerritoryNotAuthorized(Conflict):
    """A territory needs an authorization for the brand, kind and region on all its days."""

    code = "territory_not_authorized"
    message = _("The dealer has no authorization that covers this region on all these days.")


class TerritoryOver(Conflict):
    """The territory ended already."""

    code = "territory_over"
    message = _("This territory has ended already.")


class HierarchyCycle(Conflict):
    """A dealer would be above itself."""

    code = "hierarchy_cycle"
    message = _("A dealer cannot belong to itself or to a dealer that belongs to it.")


class HierarchyTooDeep(Conflict):
    """Group, regional company, dealer: no deeper. Context: ``most``."""

    code = "hierarchy_too_deep"
    message = _("Dealers nest at most %(most)s deep.")


class InvalidBenefit(Refused):
    """A benefit is a number from zero up, and a rate at most 1."""

    code = "invalid_benefit"
    message = _("This value does not suit the benefit.")


class InvalidStore(Refused):
    """What was given cannot be a store; ``fields`` says what."""

    code = "invalid_store"
    message = _("Please check what you entered.")


class PositionFarFromCity(Refused):
    """The place on the map is not near the store's city: swapped or mistyped numbers. Context: ``km``, ``city``."""

    code = "position_far_from_city"
    message = _("This position is %(km)s km from %(city)s. Check latitude and longitude.")


class StoreIsOpen(Conflict):
    """The store is open already."""

    code = "store_is_open"
    message = _("The store is open already.")


class StoreIsClosed(Conflict):
    """The store is closed already."""

    code = "store_is_closed"
    message = _("The store is closed already.")


class InvalidQuota(Refused):
    """A quota is a whole number from zero up, not below what is used. Context: ``used``."""

    code = "invalid_quota"
    message = _("A quota cannot be less than what is used of it: %(used)s.")


class QuotaOverlaps(Conflict):
    """The dealer has a quota for these vehicles on some of these days already."""

    code = "quota_overlaps"
    message = _("There is a quota for these vehicles on some of these days already.")
