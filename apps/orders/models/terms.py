"""Dated terms: what delivery costs and how much a prepayment is. Rows are added, never edited."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Money
from apps.orders.models.fields import AmountField, RateField
from apps.orders.policies.freight import FreightTerms


class Validity(Func):
    """The half-open period [valid_from, valid_until) of a row."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class TermsQuerySet(QuerySet):
    """Dated rows."""

    def in_force(self, at):
        """Filter on the rows valid at ``at``."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)


class DatedTerms(models.Model):
    """A row of terms that holds from ``valid_from`` until before ``valid_until`` (open when empty)."""

    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, help_text=_("Title or URL of the decision or law."))

    objects = TermsQuerySet.as_manager()

    class Meta:
        abstract = True


class FreightKind(models.TextChoices):
    """What is brought to the buyer."""

    PARCEL = "parcel", _("Parcel")
    VEHICLE = "vehicle", _("Vehicle")


def _never_two(table: str, kind: str | None = None) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=f"orders_{table}_{kind or 'row'}_never_two_at_once",
        expressions=[(Validity("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
        condition=Q(kind=kind) if kind else None,
    )


class ShippingRate(DatedTerms):
    """What home delivery costs per order, tax included; nothing from ``free_from`` on."""

    kind = models.CharField(_("kind"), max_length=8, choices=FreightKind.choices)
    amount = AmountField(_("amount"))
    free_from = AmountField(_("free from"), default=None, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    tax_rate = RateField(_("tax rate"))

    class Meta:
        verbose_name = _("shipping rate")
        verbose_name_plural = _("shipping rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, tax_rate__gte=0, tax_rate__lt=1), name="orders_shipping_rate_in_range"
            ),
            *(_never_two("rate", kind) for kind in FreightKind.values),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount} {self.currency}"

    def terms(self) -> FreightTerms:
        """Return the row as the pure rule wants it."""
        return FreightTerms(
            amount=Money(self.amount, self.currency),
            free_from=None if self.free_from is None else Money(self.free_from, self.currency),
            tax_rate=self.tax_rate,
        )


class DepositRule(DatedTerms):
    """How much a refundable prepayment (订金) is: ``rate`` of the total, rounded up to a whole ``step``."""

    rate = RateField(_("share of the total"))
    step = AmountField(_("rounded up to"), default=1)

    class Meta:
        verbose_name = _("prepayment rule")
        verbose_name_plural = _("prepayment rules")
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=1, step__gt=0), name="orders_deposit_in_range"),
            _never_two("deposit"),
        ]

    def __str__(self) -> str:
        return f"{self.rate} ({self.valid_from:%Y-%m-%d})"


class BalanceRule(DatedTerms):
    """How long a called balance may stay unpaid, and how long before the end the buyer is reminded, in days."""

    days = models.PositiveSmallIntegerField(
        _("days to pay the balance"),
        help_text=_(
            "Counted from the day the goods are there. Then the order is released and the prepayment goes back."
        ),
    )
    remind_days = models.PositiveSmallIntegerField(_("reminded so many days before"))

    class Meta:
        verbose_name = _("balance rule")
        verbose_name_plural = _("balance rules")
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, remind_days__lt=F("days")), name="orders_balance_in_range"),
            _never_two("balance"),
        ]

    def __str__(self) -> str:
        return f"{self.days} ({self.valid_from:%Y-%m-%d})"
