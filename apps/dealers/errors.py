"""Why dealers says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class UnknownDealer(NotFound):
    """No dealer belongs to that organization."""

    message = _("There is no such dealer.")


class UnknownStore(Refused):
    """No open store has that id."""

    code = "unknown_store"
    message = _("There is no such store, or it takes no orders.")


class DealerNotAuthorized(Conflict):
    """No authorization covers what the dealer is asked to do; the context names the rule that failed."""

    code = "dealer_not_authorized"
    message = _("The dealer is not authorized: %(explanation)s")
