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
