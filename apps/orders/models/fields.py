"""Column shapes that every money table of orders shares."""

from decimal import Decimal
from functools import partial

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Money
from apps.orders.policies.money import Amounts

AmountField = partial(models.DecimalField, max_digits=14, decimal_places=2, default=Decimal(0))
RateField = partial(models.DecimalField, max_digits=5, decimal_places=4)


class AmountColumns(models.Model):
    """
    What a row costs, tax included, in the order's currency: ``total = goods - discount + freight``.

    The check constraints are made by ``sum_checks``, since names must differ by table.
    """

    goods = AmountField(_("goods"))
    discount = AmountField(_("discount"))
    freight = AmountField(_("freight"))
    tax = AmountField(_("tax included"))
    total = AmountField(_("total"))

    class Meta:
        abstract = True

    def amounts(self, currency: str) -> Amounts:
        """Return the row's amounts as money of ``currency``."""
        return Amounts(
            goods=Money(self.goods, currency),
            discount=Money(self.discount, currency),
            freight=Money(self.freight, currency),
            tax=Money(self.tax, currency),
        )


def columns_of(amounts: Amounts) -> dict[str, object]:
    """Return keyword arguments for a row with these amounts."""
    return {
        "goods": amounts.goods.amount,
        "discount": amounts.discount.amount,
        "freight": amounts.freight.amount,
        "tax": amounts.tax.amount,
        "total": amounts.total.amount,
    }


def sum_checks(table: str) -> list[models.CheckConstraint]:
    """Return the constraints that keep a row's amounts true to each other."""
    return [
        models.CheckConstraint(
            condition=Q(total=F("goods") - F("discount") + F("freight")), name=f"orders_{table}_total_is_the_sum"
        ),
        models.CheckConstraint(
            condition=Q(goods__gte=0, discount__gte=0, freight__gte=0, tax__gte=0)
            & Q(discount__lte=F("goods"))
            & Q(tax__lte=F("total")),
            name=f"orders_{table}_amounts_in_range",
        ),
    ]


def one_of(field: str, choices: type[models.TextChoices], table: str) -> models.CheckConstraint:
    """Return the constraint that a column holds one of its choices."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=f"orders_{table}_{field}_known")
