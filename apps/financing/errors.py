"""Why financing says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Refused


class NoFinanceProduct(Refused):
    """No product with these terms is offered at that moment."""

    code = "no_finance_product"
    message = _("There is no instalment plan on these terms at the moment.")


class TermNotOffered(Refused):
    """The product is not offered over so many months; ``context["months"]`` lists those it is offered over."""

    code = "term_not_offered"
    message = _("This plan is not offered over %(asked)s months.")


class DownPaymentOutOfRange(Refused):
    """Less, or more, is paid down than the product allows; ``context`` says between what it must lie."""

    code = "down_payment_out_of_range"
    message = _("The down payment must be between %(lowest)s and %(highest)s.")


class NothingToFinance(Refused):
    """Nothing is financed, over no months, or more is left for the end than is financed."""

    code = "nothing_to_finance"
    message = _("There is nothing to finance on these terms.")


class NegativeRate(Refused):
    """A rate, a fee or a final payment below zero."""

    code = "negative_rate"
    message = _("Rates, fees and final payments cannot be negative.")


class NotALoan(Refused):
    """Nothing was received, or less is paid back than was received: there is no rate."""

    code = "not_a_loan"
    message = _("These payments are not those of a loan: nothing is received, or less is paid back.")


class AprNotConverging(Refused):
    """The yearly percentage cannot be worked out to the digits we show; such a plan is not offered."""

    code = "apr_not_converging"
    message = _("The yearly percentage of these payments cannot be worked out.")


class NoLawForTheDay(Refused):
    """No row of the law holds on that day: nothing is worked out from a guess."""

    code = "no_law_for_the_day"
    message = _("We have no tax table for %(on)s.")
