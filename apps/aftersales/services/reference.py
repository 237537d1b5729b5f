"""Load the work, plans, bays and recalls of ``service.json``."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from psycopg2.extras import DateRange

from apps.aftersales.models import MaintenancePlan, Recall, ServiceItem, ServicePart
from apps.aftersales.services.recalls import add_recall_cars, publish_recall
from apps.catalog.api import Offer, VehicleModel
from apps.dealers.api import Store
from apps.scheduling.api import ResourceKind, add_resource, list_resources


@transaction.atomic
def load_service(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write them; what is there already stays as HQ has it. Returns how many pieces of work there are."""
    items = {row["code"]: _load_item(row) for row in data["items"]}
    for row in data["plans"]:
        _load_plans(row, items)
    for store in Store.objects.filter(has_service=True).select_related("dealer").order_by("pk"):
        _add_bays(store, data["bays"])
    for row in data["recalls"]:
        _load_recall(row, items, now=now)
    return len(items)


def _load_item(row: Mapping[str, Any]) -> ServiceItem:
    item, is_new = ServiceItem.objects.get_or_create(
        code=row["code"],
        defaults={
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "minutes": row["minutes"],
            "labour_price": Decimal(row["labour_price"]),
            "is_bookable": row.get("is_bookable", True),
        },
    )
    if is_new:
        product_of = dict(Offer.objects.filter(sku__in=row["parts"]).values_list("sku", "product_id"))
        ServicePart.objects.bulk_create(ServicePart(item=item, product_id=product_of[sku]) for sku in row["parts"])
    return item


def _load_plans(row: Mapping[str, Any], items: Mapping[str, ServiceItem]) -> None:
    first = date.fromisoformat(row["valid_from"])
    end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    models = VehicleModel.objects.filter(series__brand__is_own=True, powertrain__iexact=row["powertrain"])
    for model in models.exclude(pk__in=MaintenancePlan.objects.values("model")).order_by("pk"):
        plan = MaintenancePlan.objects.create(model=model, valid=DateRange(first, end), source=row["source"])
        for step in row["steps"]:
            made = plan.steps.create(months=step["months"], km=step["km"])
            made.items.set([items[code] for code in step["items"]])


def _add_bays(store: Store, rule: Mapping[str, int]) -> None:
    if list_resources(kind=ResourceKind.BAY, store_id=store.pk).exists():
        return
    for number in range(1, rule["per_store"] + 1):
        add_resource(
            kind=ResourceKind.BAY,
            store=store,
            code=f"BAY-{number}",
            name_zh=f"{number} 号工位",
            name_en=f"Bay {number}",
            slot_minutes=rule["slot_minutes"],
            buffer_minutes=0,
            notice_minutes=rule["notice_minutes"],
        )


def _load_recall(row: Mapping[str, Any], items: Mapping[str, ServiceItem], *, now: datetime) -> None:
    names = ("title_zh", "title_en", "body_zh", "body_en", "source")
    recall, _ = Recall.objects.get_or_create(
        code=row["code"], defaults={"item": items[row["item"]], **{name: row[name] for name in names}}
    )
    add_recall_cars(recall_id=recall.pk, vins=row["vins"], now=now)
    publish_recall(recall_id=recall.pk, by=None, now=now)
