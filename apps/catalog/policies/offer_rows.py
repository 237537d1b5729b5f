"""Reading one row of a table of offers: pure, cell by cell; every problem of the row is told, not only the first."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.catalog.policies.part_rows import read_amount, read_days
from apps.kernel.api import imports

Column, Problem, Parsed = imports.Column, imports.Problem, imports.Parsed
_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_SKU = 64
MOST_PIECES = 999
MOST_SITES = 10

COLUMNS = (
    Column(code="sku", name_zh="商品编码", name_en="SKU", is_required=True, example="FLT-OIL-X001",
           help=_("Your own number of the offer. A known one is updated, another is a new offer.")),
    Column(code="product", name_zh="平台产品号", name_en="Product number", example="FLT-OIL-X001",
           help=_("The number of the product in the shop. New offers need it; it never changes.")),
    Column(code="price", name_zh="售价", name_en="Price", example="38.00",
           help=_("In yuan, tax included. A large jump waits for review.")),
    Column(code="list_price", name_zh="划线价", name_en="List price", example="45.00"),
    Column(code="lead_time_days", name_zh="备货天数", name_en="Lead time (days)", example="3"),
    Column(code="minimum_quantity", name_zh="起订量", name_en="Smallest quantity", example="1"),
    Column(code="sites", name_zh="发货仓库", name_en="Ships from", example="WH-CHENXI; WH-CHENXI-2", width=32,
           help=_("Codes of your sites, the preferred one first, with ; between them.")),
)  # fmt: skip

MESSAGES = {
    "bad_sku": _("A SKU is made of letters, digits, dots, dashes and underscores."),
    "bad_price": _("A price is a number of yuan above zero with at most two decimals: %(value)s"),
    "list_below_price": _("The list price is below the price."),
    "required_for_new": _("A new offer needs this."),
    "unknown_product": _("There is no such product in the shop: %(value)s"),
    "product_fixed": _("This SKU is your offer of %(value)s; the product of an offer never changes."),
    "already_offered": _("You offer this product already, under the SKU %(value)s."),
    "sku_taken": _("The SKU is in use already."),
    "unknown_site": _("%(value)s is no site of yours."),
    "too_many_sites": _("At most %(maximum)s sites."),
    "absurd_price": _("This is too far from the price in force, %(value)s: check it for a slip of the pen."),
    "supplier_not_approved": _("You may not sell at the moment."),
    "cars_one_by_one": _("Cars are sold one by one."),
}


def parse_offer(cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
    """Read a row. Empty cells, and columns the file does not have, stay as they are."""
    problems: list[imports.Problem] = []
    sku = cells.get("sku", "")
    if not sku:
        problems.append(Problem("sku", "required"))
    elif len(sku) > LONGEST_SKU or not _SKU.fullmatch(sku):
        problems.append(Problem("sku", "bad_sku"))
    payload: dict[str, Any] = {}
    for code, text in cells.items():
        if code == "sku" or not text:
            continue
        value, problem = _READERS[code](code, text)
        payload[code] = value
        problems += [problem] if problem else []
    price, list_price = payload.get("price"), payload.get("list_price")
    if price and list_price and Decimal(list_price) < Decimal(price):
        problems.append(Problem("list_price", "list_below_price"))
    return problems or Parsed(sku, payload)


_Read = tuple[Any, "imports.Problem | None"]


def _product(code: str, text: str) -> _Read:
    return text[:LONGEST_SKU], None


def _pieces(code: str, text: str) -> _Read:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return None, Problem(code, "not_a_number", {"value": text})
    if not 1 <= int(text) <= MOST_PIECES:
        return None, Problem(code, "out_of_range", {"minimum": 1, "maximum": MOST_PIECES})
    return int(text), None


def _sites(code: str, text: str) -> _Read:
    sites = list(dict.fromkeys(part.strip() for part in re.split(r"[;；,，\n]", text) if part.strip()))
    if len(sites) > MOST_SITES:
        return [], Problem(code, "too_many_sites", {"maximum": MOST_SITES})
    return sites, None


_READERS = {
    "product": _product,
    "price": read_amount,
    "list_price": read_amount,
    "lead_time_days": read_days,
    "minimum_quantity": _pieces,
    "sites": _sites,
}
