"""Reads of tax rates."""

from datetime import date
from decimal import Decimal

from apps.catalog.models import TaxRate
from apps.catalog.states import TaxClass


def tax_rate_of(tax_class: TaxClass | str, *, on: date) -> Decimal | None:
    """The rate of value added tax on a class of sales on a day, None if no row says."""
    return TaxRate.objects.filter(tax_class=tax_class, valid__contains=on).values_list("rate", flat=True).first()
