"""Demonstration cars: which cars a store lets people drive."""

from typing import Any

from django.db import transaction

from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.inventory.api import is_valid_vin
from apps.inventory.errors import InvalidVin
from apps.scheduling.api import ResourceKind, add_resource
from apps.testdrives.models import DemoCar


@transaction.atomic
def register_demo_car(*, vin: str, trim: Trim, store: Store, plate: str = "", **rules: Any) -> DemoCar:
    """
    Let people drive a car at a store; a VIN that is known already stays where it is.

    ``rules`` are columns of the resource: slot_minutes, buffer_minutes, notice_minutes …

    :raises InvalidVin: if the number breaks ISO 3779 or its check digit is wrong
    """
    if not is_valid_vin(vin):
        raise InvalidVin(vin=vin)
    known = DemoCar.objects.filter(vin=vin).first()
    if known is not None:
        return known
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
