"""Categories and tax rates."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from psycopg2.extras import DateRange

from apps.catalog.models import CategoryInfo, TaxRate
from apps.shop.api import Category


@transaction.atomic
def load_categories(data: Mapping[str, Any], *, now: datetime) -> dict[str, int]:
    """Write ``categories.json``; the id of each category by its code. Parents come before their children."""
    known = {category.code: category for category in Category.objects.filter(code__isnull=False)}
    for row in data["categories"]:
        category = known.get(row["code"])
        if category is None:
            fields = {"name": row["name_zh"], "code": row["code"], "slug": row["code"].lower()}
            parent = known[row["parent"]] if row["parent"] else None
            # A node read before its siblings were added does not know how many children it has.
            category = Category.objects.get(pk=parent.pk).add_child(**fields) if parent else Category.add_root(**fields)
            known[row["code"]] = category
        elif category.name != row["name_zh"]:
            Category.objects.filter(pk=category.pk).update(name=row["name_zh"])
    CategoryInfo.objects.bulk_create(
        [
            CategoryInfo(category=known[row["code"]], name_en=row["name_en"], kind=row["kind"])
            for row in data["categories"]
        ],
        update_conflicts=True,
        unique_fields=["category"],
        update_fields=["name_en", "kind"],
    )
    return {code: category.pk for code, category in known.items()}


@transaction.atomic
def load_tax_rates(data: Mapping[str, Any], *, now: datetime) -> None:
    """Write the rates of ``tax.json`` that are not there yet; a rate once written is history and stays."""
    known = {(row.tax_class, row.valid.lower) for row in TaxRate.objects.all()}
    TaxRate.objects.bulk_create(
        [
            TaxRate(
                tax_class=row["tax_class"],
                rate=Decimal(row["rate"]),
                valid=DateRange(date.fromisoformat(row["valid_from"]), _day(row["valid_to"])),
                source_zh=row["source_zh"],
                source_en=row["source_en"],
            )
            for row in data["tax_rates"]
            if (row["tax_class"], date.fromisoformat(row["valid_from"])) not in known
        ]
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
