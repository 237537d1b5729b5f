"""Vehicles that a store lets people drive: taken out of what is for sale, or brought in as such."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.inventory import policies
from apps.inventory.errors import InvalidVin, UnitElsewhere, UnknownSite
from apps.inventory.models import Site, Unit
from apps.inventory.services.stock import take_off
from apps.inventory.states import UNIT, UnitStatus

if TYPE_CHECKING:
    from apps.accounts.api import User


@transaction.atomic
def demonstrate_unit(*, vin: str, product_id: int, store_id: int, by: "User | None", now: datetime) -> Unit:
    """
    Make one vehicle a demonstration car of a store; one that is it already stays as it is.

    A vehicle out of the store's own stock leaves the figures of what is for sale; one nobody knew was never in them.

    :raises InvalidVin: if the number breaks ISO 3779 or its check digit is wrong
    :raises UnknownSite: if the store has no stockroom
    :raises UnitElsewhere: if the number is known as another car, or the car stands elsewhere
    :raises MoveNotAllowed: if it is promised to a buyer or was sold
    :raises StockBelowPromised: if every piece of the trim at the store is promised to buyers
    """
    if not policies.is_valid_vin(vin):
        raise InvalidVin(vin=vin)
    site = Site.objects.filter(store_id=store_id).first()
    if site is None:
        raise UnknownSite(site=str(store_id))
    # Written free first, so that its history says how it became a demonstration car; the row is ours until we commit.
    unit, is_new = Unit.objects.get_or_create(
        vin=vin,
        defaults={"product_id": product_id, "site": site, "status": UnitStatus.AT_DEALER, "received_at": now},
    )
    if (unit.product_id, unit.site_id) != (product_id, site.pk):
        raise UnitElsewhere(vin=vin)
    if unit.status == UnitStatus.DEMO:
        return unit
    UNIT.move(unit, "demonstrate", by=by, at=now)
    if not is_new:
        take_off(product_id=product_id, site_code=site.code, quantity=1, cause=f"demo:{vin}", by=by, now=now)
    return unit
