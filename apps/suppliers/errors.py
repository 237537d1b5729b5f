"""Why suppliers says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class UnknownSupplier(NotFound):
    """No supplier belongs to that organization."""

    message = _("There is no such supplier.")


class SupplierNotApproved(Conflict):
    """A supplier that is not approved may neither offer nor sell."""

    code = "supplier_not_approved"
    message = _("This supplier is not approved for selling.")


class SupplierBlocked(Conflict):
    """A rule keeps an approved supplier from new offers and orders; the context names it."""

    code = "supplier_blocked"
    message = _("This supplier takes no new offers and orders at the moment: %(rule)s.")


class InvalidTaxNumber(Refused):
    """The unified social credit code fails its check digit."""

    code = "invalid_tax_number"
    message = _("The unified social credit code %(uscc)s is not valid.")


class ScoreOutOfRange(Refused):
    """A score lies between 0 and 100."""

    code = "score_out_of_range"
    message = _("A score lies between 0 and 100.")
