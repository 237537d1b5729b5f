"""Reading one row of a table of parts: pure, cell by cell; every problem of the row is told, not only the first."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.catalog.states import ProductKind
from apps.kernel.api import imports

Column, Problem, Parsed = imports.Column, imports.Problem, imports.Parsed
MOST_PRICE = Decimal("9999999999.99")
YEARS = (1980, 2100)
KINDS = (ProductKind.PART.value, ProductKind.ACCESSORY.value)
YES, NO = ("yes", "y", "true", "1", "是"), ("no", "n", "false", "0", "否")
# Longest texts, as the tables hold them.
LENGTHS = {
    "sku": 64, "title_zh": 255, "title_en": 255, "category": 64, "brand": 120, "summary_zh": 300, "summary_en": 300,
    "description_zh": 20_000, "description_en": 20_000, "seller": 32, "site": 40, "icon": 60,
}  # fmt: skip
_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2}0*)?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_FITMENT = re.compile(r"(?P<path>[^@\s][^@]*)(?:@(?P<from>\d{4})?\s*-\s*(?P<to>\d{4})?)?")

COLUMNS = (
    Column(code="sku", name_zh="商品编码", name_en="SKU", is_required=True, example="FLT-OIL-X001",
           help=_("Letters, digits, dots, dashes. It says which part a row is about: known ones are updated.")),
    Column(code="kind", name_zh="类型", name_en="Kind", choices=KINDS, example="part",
           help=_("part or accessory; left out, it follows the category.")),
    Column(code="title_zh", name_zh="中文名称", name_en="Title (Chinese)", example="机油滤清器 X1", width=32),
    Column(code="title_en", name_zh="英文名称", name_en="Title (English)", example="Oil filter X1", width=32),
    Column(code="category", name_zh="分类", name_en="Category", example="PART-FILTER",
           help=_("The code of a category of parts or accessories.")),
    Column(code="brand", name_zh="品牌", name_en="Brand", example="Chenxi",
           help=_("Code or name of a brand that is known.")),
    Column(code="summary_zh", name_zh="中文简介", name_en="Summary (Chinese)", example="全流式纸芯", width=40),
    Column(code="summary_en", name_zh="英文简介", name_en="Summary (English)", example="Paper element", width=40),
    Column(code="description_zh", name_zh="中文描述", name_en="Description (Chinese)", width=40),
    Column(code="description_en", name_zh="英文描述", name_en="Description (English)", width=40),
    Column(code="attributes", name_zh="属性", name_en="Attributes", width=40,
           example="材质|Material=树脂滤纸|Resin paper",
           help=_("name in Chinese|name in English=value in Chinese|value in English, with ; between them.")),
    Column(code="fitment", name_zh="适用车型", name_en="Fits", example="WANGSHU/WANGSHU-PHEV@2023-; QINGLAN", width=40,
           help=_("SERIES, SERIES/MODEL or SERIES/MODEL/TRIM, with @2023-2026 for model years; with ; between them. "
                  "Empty: every car.")),
    Column(code="price", name_zh="售价", name_en="Price", example="38.00", help=_("In yuan, tax included.")),
    Column(code="list_price", name_zh="划线价", name_en="List price", example="45.00"),
    Column(code="lead_time_days", name_zh="备货天数", name_en="Lead time (days)", example="3"),
    Column(code="seller", name_zh="销售方", name_en="Seller", example="SUP-CHENXI",
           help=_("The code of the organization that sells it; it never changes.")),
    Column(code="site", name_zh="发货仓库", name_en="Ships from", example="WH-CHENXI",
           help=_("The code of one of the seller's sites.")),
    Column(code="icon", name_zh="图片", name_en="Picture", example="oil-filter",
           help=_("The key of a picture under img/parts.")),
    Column(code="published", name_zh="上架", name_en="Published", choices=("yes", "no"), example="yes"),
)  # fmt: skip

MESSAGES = {
    "bad_sku": _("A SKU is made of letters, digits, dots, dashes and slashes."),
    "bad_price": _("A price is a number of yuan above zero with at most two decimals: %(value)s"),
    "list_below_price": _("The list price is below the price."),
    "bad_attribute": _("An attribute reads name|name=value|value: %(value)s"),
    "bad_fitment": _("A line of fitment reads SERIES/MODEL/TRIM@2023-2026: %(value)s"),
    "required_for_new": _("A new part needs this."),
    "unknown_category": _("There is no category of parts or accessories with the code %(value)s."),
    "unknown_brand": _("There is no brand %(value)s."),
    "unknown_car": _("There is no such series, model or trim: %(value)s"),
    "unknown_seller": _("No organization that may sell has the code %(value)s."),
    "seller_fixed": _("%(value)s sells this SKU already; a SKU never changes its seller."),
    "unknown_site": _("%(value)s is no site of the seller."),
    "sku_of_other_product": _("This SKU is an offer of another product."),
    "not_a_part": _("This SKU is a car or a package, no part."),
}


def parse_part(cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
    """Read a row. Columns the file does not have are left out of the payload: they stay as they are."""
    problems: list[imports.Problem] = []
    sku = cells.get("sku", "")
    if not sku:
        problems.append(Problem("sku", "required"))
    elif not _SKU.fullmatch(sku):
        problems.append(Problem("sku", "bad_sku"))
    payload: dict[str, Any] = {}
    for code, text in cells.items():
        if len(text) > LENGTHS.get(code, 32_767):
            problems.append(Problem(code, "too_long", {"maximum": LENGTHS[code]}))
        elif code != "sku":
            value, problem = _READERS.get(code, _text)(code, text)
            payload[code] = value
            problems += [problem] if problem else []
    price, list_price = payload.get("price"), payload.get("list_price")
    if price and list_price and Decimal(list_price) < Decimal(price):
        problems.append(Problem("list_price", "list_below_price"))
    return problems or Parsed(sku, payload)


def parse_fitment(text: str) -> tuple[list[list[Any]], str]:
    """Lines of fitment as lists (series, model or "", trim or "", years or None), and the first line that is none."""
    lines, problem = _fitment("fitment", text)
    return lines, str(problem.context["value"]) if problem else ""


def parse_price(text: str) -> Decimal | None:
    """An amount of yuan above zero with at most two decimals, None if the text is none."""
    value, problem = read_amount("price", text.strip())
    return None if problem or not value else Decimal(value)


_Read = tuple[Any, "imports.Problem | None"]


def _text(code: str, text: str) -> _Read:
    return text, None


def _kind(code: str, text: str) -> _Read:
    if text and text.lower() not in KINDS:
        return "", Problem(code, "unknown_value", {"value": text})
    return text.lower(), None


def read_amount(code: str, text: str) -> _Read:
    """An amount as two decimals in text; "" for an empty cell."""
    if not text:
        return "", None
    digits = text.replace(",", "").replace("¥", "").replace("￥", "").strip()
    # Not rounded: 38.005 is a mistake somebody should hear of.
    if not _AMOUNT.fullmatch(digits) or not 0 < Decimal(digits) <= MOST_PRICE:
        return "", Problem(code, "bad_price", {"value": text})
    return str(Decimal(digits).quantize(Decimal("0.01"))), None


def read_days(code: str, text: str) -> _Read:
    """A number of days of a year; None for an empty cell."""
    if not text:
        return None, None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return None, Problem(code, "not_a_number", {"value": text})
    if int(text) > 365:
        return None, Problem(code, "out_of_range", {"minimum": 0, "maximum": 365})
    return int(text), None


def _icon(code: str, text: str) -> _Read:
    if text and not _SLUG.fullmatch(text):
        return "", Problem(code, "unknown_value", {"value": text})
    return text, None


def _flag(code: str, text: str) -> _Read:
    if text.lower() in YES:
        return True, None
    return (False, None) if text.lower() in NO else (None, _unknown(code, text) if text else None)


def _unknown(code: str, text: str) -> "imports.Problem":
    return Problem(code, "unknown_value", {"value": text})


def _attributes(code: str, text: str) -> _Read:
    found: list[dict[str, str]] = []
    for line in _lines(text):
        names, equals, values = line.partition("=")
        name_zh, name_en = _pair(names)
        value_zh, value_en = _pair(values)
        if not (equals and name_zh and value_zh):
            return [], Problem(code, "bad_attribute", {"value": line})
        key = slugify(name_en)[:40] or f"fact-{len(found) + 1}"
        names_and_values = {"name_zh": name_zh, "name_en": name_en, "value_zh": value_zh, "value_en": value_en}
        found.append({"code": key, **names_and_values})
    return found, None


def _fitment(code: str, text: str) -> _Read:
    """Lines as lists: series, model or "", trim or "", first year or None, last year or None."""
    found: list[list[Any]] = []
    for line in _lines(text):
        match = _FITMENT.fullmatch(line)
        path = [part.strip() for part in match["path"].split("/")] if match else []
        years = [int(match[end]) if match and match[end] else None for end in ("from", "to")]
        in_order = years[0] is None or years[1] is None or years[0] <= years[1]
        in_range = all(year is None or YEARS[0] <= year <= YEARS[1] for year in years)
        if not (1 <= len(path) <= 3 and all(path) and in_order and in_range):
            return [], Problem(code, "bad_fitment", {"value": line})
        row = [*path, *[""] * (3 - len(path)), *years]
        if row not in found:
            found.append(row)
    return sorted(found, key=str), None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[;；\n]", text) if line.strip()]


def _pair(text: str) -> tuple[str, str]:
    first, bar, second = text.partition("|")
    return first.strip(), (second if bar else first).strip()


_READERS = {
    "kind": _kind, "price": read_amount, "list_price": read_amount, "lead_time_days": read_days, "icon": _icon,
    "published": _flag, "attributes": _attributes, "fitment": _fitment,
}  # fmt: skip
