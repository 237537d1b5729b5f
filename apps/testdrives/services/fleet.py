"""Demonstration cars: which cars a store lets people drive."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.inventory.api import demonstrate_unit
from apps.scheduling.api import ResourceKind, add_resource
from apps.testdrives.models import DemoCar


@transaction.atomic
def register_demo_car(
    *, vin: str, trim: Trim, store: Store, plate: str = "", by: User | None = None, now: datetime, **rules: Any
) -> DemoCar:
    """
    Let people drive a car at a store; a VIN that is registered already stays where it is.

    The car itself is a unit of the inventory, in the state DEMO: out of what is for sale, and of no order.

    ``rules`` are columns of the resource: slot_minutes, buffer_minutes, notice_minutes …

    :raises InvalidVin: if the number breaks ISO 3779 or its check digit is wrong
    :raises UnknownSite: if the store has no stockroom
    :raises UnitElsewhere: if the number is known as another car, or the car stands elsewhere
    :raises MoveNotAllowed: if the car is promised to a buyer or was sold
    """
    known = DemoCar.objects.filter(vin=vin).select_related("trim", "store").first()
    if known is not None:
        # Registered before units knew of it, perhaps; otherwise nothing happens.
        demonstrate_unit(vin=vin, product_id=known.trim.product_id, store_id=known.store_id, by=by, now=now)
        return known
    demonstrate_unit(vin=vin, product_id=trim.product_id, store_id=store.pk, by=by, now=now)
    info = trim.product.info
    resource = add_resource(
        kind=ResourceKind.DEMO_CAR,
        store=store,
        code=vin,
        name_zh=f"试驾车 {trim.product.title}"[:120],
        name_en=f"Demo {info.title_en}"[:120],
        **rules,
    )
    return DemoCar.objects.create(
        resource=resource, organization_id=resource.organization_id, store=store, trim=trim, vin=vin, plate=plate
    )
