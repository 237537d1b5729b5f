"""Load sites, opening stock and vehicles from reference data: by code, safe to repeat."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.api import Organization
from apps.inventory.models import Site, StockLevel
from apps.inventory.services.stock import receive
from apps.inventory.services.units import receive_unit

OPENING = "opening-stock"


@transaction.atomic
def load_sites(rows: Iterable[Mapping[str, Any]], *, store_ids: Mapping[str, int]) -> int:
    """
    Write the sites of ``rows`` by code and return how many there are.

    ``store_ids`` maps the code of a store's stockroom to the store.
    """
    organizations = {organization.code: organization for organization in Organization.objects.all()}
    number = 0
    for row in rows:
        Site.objects.update_or_create(
            code=row["code"],
            defaults={
                "kind": row["kind"],
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "organization": organizations[row["owner"]],
                "store_id": store_ids.get(row["code"]),
                "latitude": row["lat"],
                "longitude": row["lng"],
            },
        )
        number += 1
    return number


@transaction.atomic
def load_stock(pieces: Mapping[tuple[int, str], int], *, now: datetime) -> int:
    """
    Put opening stock, by (product id, site code), on shelves that are still unknown; return how many were filled.

    A shelf that has been counted or sold from is left as it is.
    """
    known = set(StockLevel.objects.values_list("product_id", "site__code"))
    filled = 0
    for (product_id, site_code), quantity in pieces.items():
        if (product_id, site_code) not in known and quantity:
            receive(product_id=product_id, site_code=site_code, quantity=quantity, cause=OPENING, by=None, now=now)
            filled += 1
    return filled


@transaction.atomic
def load_units(rows: Iterable[tuple[str, int, str]], *, now: datetime) -> None:
    """Receive vehicles given as (VIN, product id, site code); a known VIN changes nothing."""
    for vin, product_id, site_code in rows:
        receive_unit(vin=vin, product_id=product_id, site_code=site_code, by=None, now=now)
