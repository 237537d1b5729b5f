"""The words of a timeline entry, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import in_language

TEXTS = {
    "created": _("Order received. We hold the goods for you while you pay."),
    "payment_received": _("Payment of %(amount)s received."),
    "payment_failed": _("The payment did not go through. You can try again."),
    "deposit_paid": _("Prepayment received. Your car is reserved for you."),
    "balance_called": _("The balance of %(balance_due)s is due before hand-over."),
    "balance_reminded": _("Reminder: %(balance_due)s is to be paid by %(until)s."),
    "balance_overdue": _("The balance was not paid by %(until)s. Your prepayment goes back in full."),
    "placed": _("Paid in full. The order is placed."),
    "accepted": _("%(who)s accepted the order."),
    "rejected": _("Another site will take care of this part of your order."),
    "part_called_off": _("A part of your order cannot be delivered. We give back %(amount)s."),
    "rerouted": _("This part of your order now comes from another site."),
    "shipped": _("Shipped with %(carrier)s, tracking number %(tracking_number)s."),
    "arrived": _("Arrived at %(store)s."),
    "pdi_passed": _("The inspection before delivery is passed."),
    "ready": _("Ready for pickup at %(store)s. We sent you the code."),
    "code_reissued": _("We sent you a new pickup code."),
    "handover_booked": _("Handover booked for %(time)s at %(store)s."),
    "handover_moved": _("Handover moved to %(time)s at %(store)s."),
    "handover_cancelled": _("The handover on %(time)s at %(store)s is cancelled."),
    "handed_over": _("Handed over at %(store)s. Enjoy!"),
    "delivered": _("Delivered."),
    "granted": _("Your service package is active."),
    "completed": _("The order is complete."),
    "cancelled": _("The order was cancelled."),
    "expired": _("The order expired because it was not paid in time."),
    "late_payment_refund": _("A payment arrived after the order had ended. We give it back in full."),
    "surplus_refund": _("You paid more than was due. We give back %(amount)s."),
    "refund_requested": _("Refund of %(amount)s on its way."),
    "refunded": _("Refund of %(amount)s done."),
    "refund_delayed": _("The refund is delayed. We are taking care of it."),
}

# The same for whoever ships or hands over: "you" is somebody else there.
TEXTS_FOR_SELLERS = TEXTS | {
    "created": _("Order received; its goods are held while the buyer pays."),
    "payment_failed": _("A payment of the buyer did not go through."),
    "deposit_paid": _("Prepayment received; the car is reserved."),
    "balance_overdue": _("The balance was not paid by %(until)s; the order is released and its goods are free."),
    "rejected": _("Declined; another site takes care of it."),
    "part_called_off": _("A part cannot be delivered; the buyer gets %(amount)s back."),
    "rerouted": _("It comes from another site now."),
    "ready": _("Ready for pickup at %(store)s; the buyer has the code."),
    "code_reissued": _("The buyer was sent a new pickup code."),
    "handed_over": _("Handed over at %(store)s."),
    "granted": _("The buyer's service package is active."),
}


def event_text(code: str, context: Mapping[str, Any], *, for_seller: bool = False) -> str:
    """Return what happened as a sentence. An unknown code, of a newer version, reads as itself."""
    text = (TEXTS_FOR_SELLERS if for_seller else TEXTS).get(code)
    if text is None:
        return code
    return str(text) % _Words(context)


class _Words(dict[str, str]):
    """The context in words: money with its currency, names in the reader's language, a missing value as nothing."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        super().__init__({name: _in_words(value) for name, value in context.items()})

    def __missing__(self, key: str) -> str:
        return ""


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping) and {"zh", "en"} <= value.keys():
        return in_language(value["zh"], value["en"])
    if isinstance(value, Mapping) and {"amount", "currency"} <= value.keys():
        symbol = "¥" if value["currency"] == "CNY" else f"{value['currency']} "
        return f"{symbol}{floatformat(value['amount'], '-2g')}"
    return str(value)
