"""Stock tables as suppliers send them, and a supplier with shelves to import them to."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from apps.accounts.api import Organization
from apps.inventory.api import Site, StockLevel
from apps.kernel.api import ImportRow, ImportRun, imports
from apps.shop.api import StockRecord
from tests.factories.catalog import make_offer, make_part
from tests.factories.dealers import make_supplier
from tests.factories.orders import make_site, put_on_shelf

HEADING = ("sku", "site", "on_hand")


@dataclass
class Supply:
    """A supplier, its site, and its offers by number."""

    organization: Organization
    site: Site
    skus: list[str]

    @property
    def scope(self) -> str:
        """On whose behalf its imports run."""
        return imports.scope_of(self.organization.pk)

    def figures(self) -> dict[str, int]:
        """Pieces on hand by SKU; offers never counted are left out."""
        rows = StockLevel.objects.filter(site=self.site).select_related("stock_record")
        return {row.stock_record.partner_sku: row.on_hand for row in rows if row.on_hand}

    def shadows(self) -> dict[str, int]:
        """What Oscar's stock records say of the same."""
        rows = StockRecord.objects.filter(partner_sku__in=self.skus)
        return {row.partner_sku: row.num_in_stock for row in rows if row.num_in_stock}


def make_supply(*, on_hand: Sequence[int | None], now: datetime) -> Supply:
    """A supplier with one offer for each entry: so many pieces on its shelf, or never counted (None)."""
    organization = make_supplier().organization
    site = make_site(organization)
    skus = []
    for pieces in on_hand:
        product = make_part(stock=0, organization=organization, site_code=site.code)
        skus.append(product.stockrecords.get().partner_sku)
        if pieces is not None:
            put_on_shelf(product, site, pieces, now=now)
    return Supply(organization=organization, site=site, skus=skus)


def as_xlsx(rows: Sequence[Sequence[Any]], heading: Sequence[str] = HEADING) -> bytes:
    """A workbook with these rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(heading))
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def check(content: bytes, *, scope: str, now: datetime, name: str = "stock.xlsx") -> ImportRun:
    """Upload a file and check it."""
    run = imports.upload(kind="stock", upload=ContentFile(content, name=name), by=None, now=now, scope=scope)
    return imports.work(run_id=run.pk, clock=lambda: now)


def apply(run: ImportRun, *, now: datetime) -> ImportRun:
    """Write a checked run."""
    imports.request_apply(run_id=run.pk, by=None, now=now)
    return imports.work(run_id=run.pk, clock=lambda: now)


def undo(run: ImportRun, *, now: datetime) -> ImportRun:
    """Put a run back."""
    imports.request_undo(run_id=run.pk, by=None, now=now)
    return imports.work(run_id=run.pk, clock=lambda: now)


def problems_of(run: ImportRun) -> list[tuple[int, str, str]]:
    """Line, field and code of every problem."""
    rows = ImportRow.objects.filter(run=run).order_by("line")
    return [(row.line, problem["field"], problem["code"]) for row in rows for problem in row.problems]


__all__ = ["HEADING", "Supply", "apply", "as_xlsx", "check", "make_offer", "make_supply", "problems_of", "undo"]
