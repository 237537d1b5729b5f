"""Tables of parts for tests, and what the database holds of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from openpyxl import Workbook

from apps.catalog.models import Brand, CategoryInfo
from apps.kernel.api import ImportRun, imports
from tests.factories.catalog import make_category, make_headquarters, make_series, make_tax_rates

SITE = "WH-TEST"
# Everything an import may write, and what follows from it. Moments of change and rows of history are left out.
WRITTEN = {
    "catalogue_product": "id, upc, title, slug, product_class_id, is_public",
    "catalog_productinfo": "product_id, kind, tax_class, brand_id, title_en, summary_zh, summary_en, description_zh, "
    "description_en, image_key, popularity, attributes, shown_offer_id, pinyin, initials, search::text",
    "catalogue_productcategory": "product_id, category_id",
    "catalog_fitment": "product_id, series_id, model_id, trim_id, year_from, year_to",
    "catalog_offer": "id, stock_record_id, seller_id, product_id, sku, site_code, lead_time_days, status",
    "partner_stockrecord": "id, product_id, partner_id, partner_sku, price, num_in_stock, num_allocated",
    "catalog_listing": "product_id, sku, price, list_price, in_stock",
}


class Sites:
    """Answers ``catalog.site_directory``: one site, headquarters'."""

    def ships_for(self, *, site_code: str, organization_id: int) -> bool:
        return site_code == SITE and organization_id == make_headquarters().pk


def furnish() -> str:
    """What rows of the tests name: a category, a brand, a series, a seller. Returns the seller's code."""
    make_tax_rates()
    category = make_category(code="PART-FILTER", name_zh="滤清器")
    CategoryInfo.objects.create(category=category, name_en="Filters", kind="part")
    Brand.objects.get_or_create(code="CHENXI", defaults={"name_zh": "辰析", "name_en": "Chenxi"})
    series = make_series(code="WANGSHU")
    Brand.objects.filter(pk=series.brand_id).update(is_own=True)
    return make_headquarters().code


def part(number: int, *, seller: str, **changes: Any) -> dict[str, Any]:
    """A good row."""
    row = {
        "sku": f"IMP-{number:05d}",
        "title_zh": f"机油滤清器 {number} 号",
        "title_en": f"Oil filter no. {number}",
        "category": "PART-FILTER",
        "brand": "Chenxi",
        "summary_zh": "全流式纸芯",
        "summary_en": "Paper element",
        "attributes": "材质|Material=树脂滤纸|Resin paper",
        "fitment": "WANGSHU@2023-",
        "price": f"{38 + number % 60}.00",
        "list_price": "199.00",
        "lead_time_days": "3",
        "seller": seller,
        "site": SITE,
        "icon": "oil-filter",
    }
    return {**row, **changes}


def as_csv(rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as a workbook."""
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def run_import(content: bytes, *, now: datetime, name: str = "parts.csv", apply: bool = True) -> ImportRun:
    """Upload, check and (unless told otherwise) apply a file."""
    run = imports.upload(kind="parts", upload=ContentFile(content, name=name), by=None, now=now)
    run = imports.work(run_id=run.pk, clock=lambda: now)
    if apply and run.checked_at:
        imports.request_apply(run_id=run.pk, by=None, now=now)
        run = imports.work(run_id=run.pk, clock=lambda: now)
    return run


def picture() -> dict[str, list[tuple]]:
    """Every row of every table an import may write."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in WRITTEN.items():
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2")
            found[table] = cursor.fetchall()
        cursor.execute("SELECT offer_id, amount, list_amount FROM catalog_offerprice WHERE upper_inf(valid) ORDER BY 1")
        found["prices in force"] = cursor.fetchall()
    return found
