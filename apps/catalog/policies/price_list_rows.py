"""Reading one row of a table of price list entries: pure; every problem of the row is told, not only the first."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.catalog.states import PriceMethod
from apps.kernel.api import imports

Column, Problem, Parsed = imports.Column, imports.Problem, imports.Parsed
LONGEST_CODE, LONGEST_NUMBER = 40, 64
MOST = Decimal("9999999999.99")
# What a value of each method may be; the database says the same.
LIMITS = {
    PriceMethod.PRICE: (Decimal("0.01"), MOST),
    PriceMethod.AMOUNT: (-MOST, MOST),
    PriceMethod.PERCENT: (Decimal("-99.99"), Decimal(100)),
}
_FIGURE = re.compile(r"[+-]?[0-9]{1,10}(\.[0-9]{1,2})?")
METHODS = {
    "售价": PriceMethod.PRICE,
    "价格": PriceMethod.PRICE,
    "加减金额": PriceMethod.AMOUNT,
    "加减百分比": PriceMethod.PERCENT,
}

COLUMNS = (
    Column(code="list", name_zh="价目表", name_en="Price list", is_required=True, example="WINTER-CAMPING",
           help=_("The code of a price list that exists.")),
    Column(code="product", name_zh="平台产品号", name_en="Product number", is_required=True, example="FLT-OIL-X001",
           help=_("The number of the product in the shop.")),
    Column(code="method", name_zh="方式", name_en="Method", is_required=True, example="PERCENT",
           choices=tuple(PriceMethod.values),
           help=_("PRICE: the price itself; AMOUNT: so many yuan more or less; PERCENT: so many percent.")),
    Column(code="value", name_zh="数值", name_en="Value", is_required=True, example="-5",
           help=_("Yuan, or percent; less than zero takes off.")),
)  # fmt: skip

MESSAGES = {
    "unknown_list": _("There is no such price list: %(value)s"),
    "unknown_product": _("There is no such product in the shop: %(value)s"),
    "bad_value": _("A value is a number with at most two decimals: %(value)s"),
    "no_price_left": _("The value leaves no price one could ask."),
}


def parse_entry(cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
    """Read a row: an entry of the list's next version."""
    problems = [Problem(column.code, "required") for column in COLUMNS if not cells.get(column.code)]
    code, number = cells.get("list", ""), cells.get("product", "")
    if len(code) > LONGEST_CODE:
        problems.append(Problem("list", "too_long", {"maximum": LONGEST_CODE}))
    if len(number) > LONGEST_NUMBER:
        problems.append(Problem("product", "too_long", {"maximum": LONGEST_NUMBER}))
    method = _method(cells.get("method", ""))
    if cells.get("method") and method is None:
        problems.append(Problem("method", "unknown_value", {"value": cells["method"]}))
    value, problem = _value(cells.get("value", ""), method)
    problems += [problem] if problem else []
    if problems or method is None or value is None:
        return problems
    payload: dict[str, Any] = {"list": code, "product": number, "method": str(method), "value": f"{value:.2f}"}
    return Parsed(f"{code} {number}", payload)


def _method(text: str) -> PriceMethod | None:
    if text.upper() in PriceMethod.values:
        return PriceMethod(text.upper())
    return METHODS.get(text)


def _value(text: str, method: PriceMethod | None) -> "tuple[Decimal | None, imports.Problem | None]":
    if not text:
        return None, None
    figure = re.sub(r"[\s,¥￥%％]", "", text)
    if not _FIGURE.fullmatch(figure):
        return None, Problem("value", "bad_value", {"value": text})
    value = Decimal(figure)
    if method is None:
        return value, None
    low, high = LIMITS[method]
    return value, None if low <= value <= high else Problem("value", "no_price_left")
