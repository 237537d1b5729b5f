"""Entries of price lists as people type or paste them: a line for each, number and price. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from apps.catalog.states import PriceMethod

_LINE = re.compile(
    r"(?P<number>[^\s,;，；]+)[\s,;，；]+(?P<value>[+-]?\s*[¥￥]?\s*[0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*(?P<percent>[%％])?"
)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line: the number of a product, and what shall become of its price."""

    number: str
    method: str
    value: Decimal


def parse_entry_lines(text: str) -> tuple[list[EntryLine], list[str]]:
    """
    Read lines such as ``FLT-1 99.00``, ``FLT-2 -20.00`` and ``FLT-3 -5 %``; also the lines that read otherwise.

    A figure with a sign is so much more or less, one with % is percent, any other is the price.
    """
    found, wrong = [], []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            wrong.append(line)
            continue
        figure = re.sub(r"[\s,¥￥]", "", match["value"])
        if match["percent"]:
            method = PriceMethod.PERCENT
        else:
            method = PriceMethod.AMOUNT if figure[0] in "+-" else PriceMethod.PRICE
        found.append(EntryLine(match["number"], method, Decimal(figure)))
    return found, wrong


def write_entry_line(number: str, method: str, value: Decimal) -> str:
    """The line that reads as this entry."""
    if method == PriceMethod.PERCENT:
        return f"{number} {value:+f} %"
    return f"{number} {value:+.2f}" if method == PriceMethod.AMOUNT else f"{number} {value:.2f}"
