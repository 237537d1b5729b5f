"""Writes of dealers."""

from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.dealers.models import Dealer
from apps.dealers.selectors import get_dealer
from apps.dealers.states import DEALER

STORE_FIELDS = [
    "name_zh", "name_en", "province", "province_en", "province_code", "city", "city_en", "city_code", "district",
    "district_en", "district_code", "address_zh", "address_en", "latitude", "longitude", "phone", "opening_hours",
    "time_zone", "has_sales", "has_service", "is_open",
]  # fmt: skip


@transaction.atomic
def suspend_dealer(*, organization_id: int, reason: str, by: User | None, now: datetime) -> Dealer:
    """
    Take a dealer's stores off the shop; its open orders finish.

    :raises UnknownDealer: if the organization is none
    :raises MoveNotAllowed: if it is not approved now
    """
    return DEALER.move(get_dealer(organization_id=organization_id), "suspend", by=by, at=now, reason=reason)


@transaction.atomic
def restore_dealer(*, organization_id: int, reason: str, by: User | None, now: datetime) -> Dealer:
    """
    Bring a suspended dealer's stores back.

    :raises UnknownDealer: if the organization is none
    :raises MoveNotAllowed: if it is not suspended now
    """
    return DEALER.move(get_dealer(organization_id=organization_id), "restore", by=by, at=now, reason=reason)
