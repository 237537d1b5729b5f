"""Handover areas of the demo's stores: one each, an hour for a car and half an hour to make the next one ready."""

from typing import Any

from apps.dealers.api import Store
from apps.scheduling.api import ResourceKind, add_resource, list_resources

RULES: dict[str, Any] = {"slot_minutes": 60, "buffer_minutes": 30, "notice_minutes": 24 * 60, "change_minutes": 4 * 60}


def load_handover_areas() -> int:
    """Give every store that sells a handover area; what is there stays as HQ has it. Returns how many stores sell."""
    known = set(list_resources(kind=ResourceKind.HANDOVER).values_list("store_id", flat=True))
    stores = list(Store.objects.filter(has_sales=True).select_related("dealer").order_by("pk"))
    for store in stores:
        if store.pk not in known:
            add_resource(
                kind=ResourceKind.HANDOVER,
                store=store,
                code="AREA-1",
                name_zh="1 号交车区",
                name_en="Handover area 1",
                **RULES,
            )
    return len(stores)
