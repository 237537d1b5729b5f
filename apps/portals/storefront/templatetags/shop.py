"""Words and figures of the shop's templates: money, options, the names of codes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.timesince import timeuntil

from apps.kernel.api import Money, is_english
from apps.payments.api import PAYERS, PaymentStatus, RefundStatus, Tender
from apps.portals.storefront.icons import draw_icon

register = template.Library()
SYMBOLS = {"CNY": "¥"}

register.simple_tag(draw_icon, name="icon")


@register.filter
def money(value: Money) -> str:
    """Write an amount with its symbol; cents only where there are any: ¥169,900 and ¥38.50."""
    sign = "−" if value.amount < 0 else ""
    symbol = SYMBOLS.get(value.currency, f"{value.currency} ")
    return f"{sign}{symbol}{floatformat(abs(value.amount), '-2g')}"


@register.filter
def time_left(moment: datetime) -> str:
    """Write the time until a moment in its largest unit; a clock to act by needs no minutes beside its hours."""
    return str(timeuntil(moment, depth=1))


@register.filter
def option_names(options: Iterable[Mapping[str, Any]]) -> str:
    """Name the options of a car in the reader's language; entries carry ``name`` or ``name_zh`` and ``name_en``."""
    field = "name_en" if is_english() else "name_zh"
    return " · ".join(str(option.get("name") or option[field]) for option in options)


@register.filter
def provider_name(code: str) -> str:
    """Name who moves the money."""
    return str(dict(PAYERS)[code])


@register.filter
def tender_name(code: str) -> str:
    """Name which part of an order a payment pays."""
    return str(Tender(code).label)


@register.filter
def payment_status(code: str) -> str:
    """Say how far a payment has come."""
    return str(PaymentStatus(code).label)


@register.filter
def refund_status(code: str) -> str:
    """Say how far a refund has come."""
    return str(RefundStatus(code).label)
