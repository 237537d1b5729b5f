"""States of payments and refunds, one line of meaning each, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class Provider(models.TextChoices):
    """Who moves the money."""

    WECHATPAY = "wechatpay", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    STRIPE = "stripe", _("Stripe")


class Source(models.TextChoices):
    """Who pays in the buyer's place, by no trade of the buyer's: booked when it is certain (``book_tender``)."""

    LENDER = "lender", _("Lender")
    DEALER = "dealer", _("Dealer")


class Tender(models.TextChoices):
    """Which part of the order a payment pays."""

    FULL = "full", _("Full price")
    DEPOSIT = "deposit", _("Refundable prepayment")
    BALANCE = "balance", _("Balance")
    LOAN = "loan", _("Loan")
    TRADE_IN = "trade_in", _("Trade-in")


class PaymentStatus(models.TextChoices):
    """How far one attempt to pay has come."""

    PENDING = "PENDING", _("Waiting for the buyer")  # the provider may still take money
    CAPTURED = "CAPTURED", _("Paid")  # the provider has the money for us
    FAILED = "FAILED", _("Failed")  # the last try failed; the provider may still let the buyer try again
    CLOSED = "CLOSED", _("Closed")  # we want no money for it any more; money that comes all the same is captured


class RefundStatus(models.TextChoices):
    """How far giving money back has come."""

    PENDING = "PENDING", _("On its way")  # promised; the provider may or may not know yet
    SUCCEEDED = "SUCCEEDED", _("Refunded")  # the provider gave it back
    FAILED = "FAILED", _("Failed")  # the provider cannot give it back; staff may retry


class RefundReason(models.TextChoices):
    """Why money goes back, in words for the person who gets it."""

    ORDER_CANCELLED = "order_cancelled", _("Order called off")
    PART_CALLED_OFF = "part_called_off", _("Part of the order called off")
    BALANCE_OVERDUE = "balance_overdue", _("Balance not paid in time")
    LATE_PAYMENT = "late_payment", _("Paid after the order had ended")
    PAID_TWICE = "paid_twice", _("Paid more than was owed")
    NOTHING_OWED = "nothing_owed", _("Paid when nothing was owed any more")
    PACKAGE_RETURNED = "package_returned", _("Service package given back")


class Verdict(models.TextChoices):
    """What one piece of news from a provider meant."""

    CAPTURED = "captured", _("Captured")  # the payment is paid now
    CAPTURED_LATE = "captured_late", _("Captured after closing")  # paid, though we had closed it
    ALREADY_CAPTURED = "already_captured", _("Already captured")  # the same money, told again under another id
    FAILED = "failed", _("Failed")  # the buyer's try failed
    CLOSED = "closed", _("Closed by the provider")  # the provider takes no money for it any more
    NOTED = "noted", _("Noted")  # true, and changes nothing
    OUT_OF_ORDER = "out_of_order", _("Out of order")  # old news about a payment that has moved on
    REFUNDED = "refunded", _("Refunded")  # the refund succeeded
    REFUND_FAILED = "refund_failed", _("Refund failed")  # the refund will not succeed
    WRONG_AMOUNT = "wrong_amount", _("Wrong amount")
    WRONG_CURRENCY = "wrong_currency", _("Wrong currency")
    WRONG_MERCHANT = "wrong_merchant", _("Wrong merchant")
    WRONG_APP = "wrong_app", _("Wrong app")
    WRONG_ORDER = "wrong_order", _("Wrong order")
    OTHER_TRADE = "other_trade", _("Paid by another trade")  # captured before, by a different transaction
    UNKNOWN_PAYMENT = "unknown_payment", _("Unknown payment")
    UNKNOWN_REFUND = "unknown_refund", _("Unknown refund")


# News that changed nothing because it contradicts what we know: somebody has to look.
REFUSALS = frozenset(
    {
        Verdict.WRONG_AMOUNT,
        Verdict.WRONG_CURRENCY,
        Verdict.WRONG_MERCHANT,
        Verdict.WRONG_APP,
        Verdict.WRONG_ORDER,
        Verdict.OTHER_TRADE,
        Verdict.UNKNOWN_PAYMENT,
        Verdict.UNKNOWN_REFUND,
    }
)

# Everybody a payment may come from; buyers choose among ``Provider`` only.
PAYERS = [*Provider.choices, *Source.choices]

P = PaymentStatus
PAYMENT = Lifecycle(
    name="payments.payment",
    moves={
        "capture": ({P.PENDING, P.FAILED, P.CLOSED}, P.CAPTURED),
        "fail": ({P.PENDING}, P.FAILED),
        "close": ({P.PENDING, P.FAILED}, P.CLOSED),
    },
)
# Payments for which the provider may still take money with our consent.
LIVE_PAYMENTS = (P.PENDING, P.FAILED)

R = RefundStatus
REFUND = Lifecycle(
    name="payments.refund",
    moves={
        "succeed": ({R.PENDING, R.FAILED}, R.SUCCEEDED),
        "fail": ({R.PENDING}, R.FAILED),
        "retry": ({R.FAILED}, R.PENDING),
    },
)
