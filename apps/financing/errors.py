"""Why financing says no."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused, Unauthorized, Unavailable


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


class ApplicationNotFound(NotFound):
    """There is no such application, or it is somebody else's."""

    code = "finance_application_not_found"
    message = _("There is no such finance application.")


class OrderNotFinanceable(Conflict):
    """The order is not the applicant's, holds no car, or takes no more money."""

    code = "order_not_financeable"
    message = _("Only your own order of a car that is not fully paid can be financed.")


class ApplicationExists(Conflict):
    """The order has an application under way or paid out."""

    code = "finance_application_exists"
    message = _("There already is an application for this order.")


class LoanExceedsBalance(Refused):
    """More is to be lent than is still to be paid; ``context["most"]`` says how much at most."""

    code = "loan_exceeds_balance"
    message = _("At most %(most)s of this order is still to be paid.")


class InvalidApplicant(Refused):
    """Something about the applicant is missing or cannot be; ``fields`` says what."""

    code = "invalid_applicant"
    message = _("Please check what you entered.")


class DocumentMissing(Refused):
    """Papers are missing; ``context["kinds"]`` says which."""

    code = "finance_document_missing"
    message = _("Please hand in the papers that are still missing.")


class DocumentRepeated(Conflict):
    """The very same file was handed in as another paper, or the lender has it already."""

    code = "finance_document_repeated"
    message = _("You handed this file in already. Please choose another one.")


class ConsentMissing(Refused):
    """Without the applicant's separate consent nothing goes to a lender."""

    code = "finance_consent_missing"
    message = _("Without your consent we cannot send your data to the lender.")


class NotEditable(Conflict):
    """The application was handed in or is over."""

    code = "finance_application_closed"
    message = _("This application can no longer be changed.")


class ApprovalExpired(Conflict):
    """The lender's approval has run out."""

    code = "approval_expired"
    message = _("The approval has expired. Please apply again.")


class SignatureMissing(Refused):
    """The contract was not signed: no name, another name than the applicant's, or no agreement."""

    code = "finance_signature_missing"
    message = _("To sign, write your name as in your application and tick the box.")


class LenderUnavailable(Unavailable):
    """The lender did not answer in time or not sensibly; nobody knows what it did."""

    code = "lender_unavailable"
    message = _("The lender does not answer at the moment. We keep trying.")


class LenderRefused(Unavailable):
    """The lender answered and said no; ``context["reason"]`` in its own words."""

    code = "lender_refused"
    message = _("The lender did not accept the request.")


class NewsForged(Unauthorized):
    """A message that only a lender could have signed was not signed by it, or long ago."""

    code = "lender_news_forged"
    message = _("The message is not signed by the lender.")


class NewsMalformed(BadRequest):
    """A message from a lender that cannot be read."""

    code = "lender_news_malformed"
    message = _("The message cannot be read.")


class TradeInNotFound(NotFound):
    """There is no such trade-in, or it is somebody else's."""

    code = "trade_in_not_found"
    message = _("There is no such trade-in.")


class NoTradeInTable(Refused):
    """No table values used cars on that day."""

    code = "no_trade_in_table"
    message = _("We cannot value used cars at the moment.")


class InvalidUsedCar(Refused):
    """Something about the car is missing or cannot be; ``fields`` says what."""

    code = "invalid_used_car"
    message = _("Please check what you entered about your car.")


class NotWorthTaking(Refused):
    """By the table, or after the deductions, nothing is left of the car's value."""

    code = "not_worth_taking"
    message = _("By our table this car has no value that we could offer for it.")


class CarAlreadyOffered(Conflict):
    """A car with this VIN is in another trade-in, or was credited before."""

    code = "car_already_offered"
    message = _("This car is in another trade-in already.")


class OfferExpired(Conflict):
    """The offer, or the store's figure, has run out."""

    code = "trade_in_expired"
    message = _("This offer has expired. Please ask for a new one.")


class TradeInExceedsBalance(Refused):
    """The car is worth more than what is still to be paid; ``context["most"]`` says how much that is."""

    code = "trade_in_exceeds_balance"
    message = _("Only %(most)s of this order is still to be paid, less than your car is worth.")
