"""Refusals of payments."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused, Unauthorized, Unavailable


class PaymentNotFound(NotFound):
    """No payment has this number."""

    code = "not_found"
    message = _("There is no such payment.")


class RefundNotFound(NotFound):
    """No refund has this number."""

    code = "not_found"
    message = _("There is no such refund.")


class UnknownProvider(Refused):
    """We take no payments through this provider. Context: ``provider``."""

    code = "unknown_provider"
    message = _("We do not take payments through %(provider)s.")


class InvalidAmount(Refused):
    """Money that moves is positive."""

    code = "invalid_amount"
    message = _("The amount must be greater than zero.")


class AlreadyPaid(Conflict):
    """This part of the order is paid. Context: ``payment``."""

    code = "already_paid"
    message = _("This has already been paid.")


class RefundExceedsPaid(Conflict):
    """More was asked back than was paid and not yet given back. Context: ``available``."""

    code = "refund_exceeds_paid"
    message = _("At most %(available)s can be refunded.")


class RefundCauseReused(Conflict):
    """The cause already has refunds of another total. Context: ``cause_key``."""

    code = "refund_cause_reused"
    message = _("This refund was already requested with another amount.")


class ProviderUnavailable(Unavailable):
    """The provider did not answer in time or not sensibly; nobody knows what it did. Context: ``provider``."""

    code = "provider_unavailable"
    message = _("The payment provider does not answer at the moment. Please try again shortly.")


class ProviderRefused(Unavailable):
    """The provider answered and said no. Context: ``provider``, ``reason`` in the provider's words."""

    code = "provider_refused"
    message = _("The payment provider did not accept the request. Please choose another way to pay.")


class NotificationForged(Unauthorized):
    """A notification nobody but its provider could have signed was not signed by it."""

    code = "notification_forged"
    message = _("The notification is not signed by the provider.")


class NotificationMalformed(BadRequest):
    """A notification that is signed, or needs no signature to be seen as nonsense, cannot be read."""

    code = "notification_malformed"
    message = _("The notification cannot be read.")


class TenderReferenceReused(Conflict):
    """A reference of a lender or dealer brought money before, another amount or to another order."""

    code = "tender_reference_reused"
    message = _("This reference was already used for other money.")


class NotSettledByHand(Conflict):
    """A refund whose provider answers for it itself, or without a word about how it was given back."""

    code = "not_settled_by_hand"
    message = _("Only what a dealer credited is given back by hand, with a note that says how.")
