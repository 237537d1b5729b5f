"""Serializer fields of the kernel."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.kernel.money import Money

# As many digits as the models' DecimalField(max_digits=14, decimal_places=2) holds.
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?\Z", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}\Z", re.ASCII)


@extend_schema_field(
    {
        "type": "object",
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$", "example": "169900.00"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "example": "CNY"},
        },
    }
)
class MoneyField(serializers.Field):  # type: ignore[type-arg]
    """
    ``Money`` ↔ ``{"amount": "169900.00", "currency": "CNY"}``; the amount is text, never a number.

    ``min_value`` (a Decimal) refuses smaller amounts, ``currency`` any other currency.
    """

    default_error_messages = {
        "shape": _('Money must look like {{"amount": "169900.00", "currency": "CNY"}}.'),
        "amount": _("The amount must be text with at most 12 digits and two decimal places."),
        "currency": _("The currency must be {currency}."),
        "min_value": _("The amount must be at least {min_value}."),
    }

    def __init__(self, *, min_value: Decimal | None = None, currency: str | None = None, **kwargs: Any) -> None:
        self.min_value = min_value
        self.currency = currency
        super().__init__(**kwargs)

    def to_representation(self, value: Money) -> dict[str, str]:
        """Return the JSON shape."""
        return value.as_json()

    def to_internal_value(self, data: Any) -> Money:
        """Return the Money, or refuse with what is wrong about it."""
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(amount, str) or not _AMOUNT.match(amount):
            self.fail("amount")
        if not isinstance(currency, str) or not _CURRENCY.match(currency):
            self.fail("currency", currency=self.currency or "ISO 4217")
        if self.currency is not None and currency != self.currency:
            self.fail("currency", currency=self.currency)
        money = Money.of(amount, currency)
        if self.min_value is not None and money.amount < self.min_value:
            self.fail("min_value", min_value=self.min_value)
        return money
