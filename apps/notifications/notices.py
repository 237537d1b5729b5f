"""Every notice that organizations find on their board: title and words, by code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class NoticeText:
    """The words of one kind of notice; values of the context stand in them as ``%(name)s``."""

    title: Promise
    text: Promise


NOTICES: Mapping[str, NoticeText] = {
    "new_order": NoticeText(_("New order %(number)s"), _("Please accept it in time, or another site gets it.")),
    "order_cancelled": NoticeText(
        _("Order %(number)s was cancelled"), _("Please do not ship it; its stock is free again.")
    ),
    "supplier_approved": NoticeText(_("You may sell"), _("Your offers are shown in the shop.")),
    "supplier_suspended": NoticeText(
        _("You are suspended"), _("Your offers are not shown and you get no new orders. Open orders are finished.")
    ),
    "new_pickup": NoticeText(
        _("New order %(number)s for %(store)s"), _("Please accept it in time: the buyer chose your store.")
    ),
    "pickup_cancelled": NoticeText(
        _("Order %(number)s was cancelled"), _("Nothing of it is handed over at %(store)s; its goods are free again.")
    ),
    "handover_booked": NoticeText(
        _("Handover booked: %(time)s"), _("The buyer of order %(number)s fetches the car at %(store)s.")
    ),
    "handover_moved": NoticeText(
        _("Handover moved: %(time)s"), _("The buyer of order %(number)s comes to %(store)s at another time.")
    ),
    "handover_cancelled": NoticeText(
        _("Handover cancelled: %(time)s"),
        _("The buyer of order %(number)s does not come to %(store)s then. The car waits for another time."),
    ),
    "order_went_elsewhere": NoticeText(
        _("Order %(number)s went to another site"),
        _("It was declined, or not accepted in time. Nothing is to be done."),
    ),
    "new_lead": NoticeText(
        _("New lead: %(what)s"), _("Somebody asked %(store)s to get in touch. Please call before the clock runs out.")
    ),
    "new_visit": NoticeText(_("New service appointment at %(store)s"), _("%(car)s, %(time)s by the store's clock.")),
    "visit_moved": NoticeText(
        _("A service appointment at %(store)s was moved"), _("%(car)s comes on %(time)s by the store's clock now.")
    ),
    "visit_cancelled": NoticeText(
        _("A service appointment at %(store)s was cancelled"), _("%(car)s, %(time)s: bay and parts are free again.")
    ),
    "extra_work_approved": NoticeText(
        _("Extra work approved: %(car)s"), _("The customer said yes. The workshop can go on.")
    ),
    "extra_work_declined": NoticeText(
        _("Extra work declined: %(car)s"), _("The customer said no. It is not done, and the rest goes on.")
    ),
    "visit_paid": NoticeText(_("Paid online: %(car)s"), _("The work order is completed; the car can be handed back.")),
    "dealer_approved": NoticeText(
        _("Your stores take orders"), _("They are shown in the shop, and buyers can choose them.")
    ),
    "dealer_suspended": NoticeText(
        _("You are suspended"), _("Your stores are not shown and get no new orders. Open orders are finished.")
    ),
    "dealer_blocked": NoticeText(
        _("You get no new orders for now"),
        _("A required paper is missing or has expired. Hand in a new one, and orders come again by themselves."),
    ),
    "proposal_accepted": NoticeText(
        _("Your new product %(sku)s is accepted"),
        _("It is in the shop with your offer. Count its stock, so that it sells."),
    ),
    "proposal_rejected": NoticeText(
        _("Your new product %(sku)s was turned down"), _("%(reason)s You may mend it and propose it again.")
    ),
    "price_approved": NoticeText(_("Your new price of %(sku)s is approved"), _("From now on it costs ¥%(amount)s.")),
    "price_rejected": NoticeText(_("Your new price of %(sku)s was turned down"), _("The old one stays. %(reason)s")),
    "lead_escalated": NoticeText(_("A lead was not called in time: %(what)s"), _("Give it to somebody who calls now.")),
    "import_failed": NoticeText(
        _("The import of %(name)s stopped"), _("Look at the import to see why, and go on there.")
    ),
    "score_changed": NoticeText(_("Your score is %(score)s now"), _("The scorecard shows what it is made of.")),
}


def words_of(code: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return title and text of a notice in the reader's language; a code of a newer version reads as itself."""
    notice = NOTICES.get(code)
    if notice is None:
        return code, ""
    values = _Values(context)
    return str(notice.title) % values, str(notice.text) % values


class _Values(dict[str, Any]):
    """The context; a value ``{"zh": …, "en": …}`` reads in the reader's language, a missing one as nothing."""

    def __getitem__(self, key: str) -> Any:
        value = self.get(key, "")
        if not isinstance(value, Mapping):
            return value
        return value.get("zh" if (get_language() or "zh").startswith("zh") else "en", "")
