"""Show a buyer's whole phone number, with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.orders.errors import ContactClosed, ReasonRequired
from apps.orders.models import RecipientReveal
from apps.orders.services.fulfilments import is_party, lock_fulfilment
from apps.orders.states import DONE_FULFILMENTS, FulfilmentStatus

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_REASON = 200


@transaction.atomic
def reveal_recipient(*, fulfilment_id: int, organization_id: int, reason: str, by: "User", now: datetime) -> str:
    """
    Return the whole phone number of the buyer of an open fulfilment, and write down who looked at it and why.

    :raises ReasonRequired: without a reason
    :raises FulfilmentNotFound: if it is not the organization's
    :raises ContactClosed: if nothing is to be done any more
    """
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="reveal", may=is_party)
    if fulfilment.status in (*DONE_FULFILMENTS, FulfilmentStatus.CANCELLED):
        raise ContactClosed
    RecipientReveal.objects.create(fulfilment=fulfilment, organization_id=organization_id, reason=why, by=by, at=now)
    return order.recipient_phone or order.phone
