"""What the law takes from whoever buys a car, and what it gives: dated rows, each with its source."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.financing.states import Energy, SubsidyKind
from apps.kernel.api import AuditTrigger, is_english

_SOURCE = _("Title or address of the law.")


def _one_at_a_time(name: str, *fields: str) -> ExclusionConstraint:
    """Of rows that agree in all of ``fields`` only one holds on any day; equality by hash, as a range of one."""
    hashed = [Func(F(field), function="hashtext") for field in fields]
    ranges = [Func(one, one, Value("[]"), function="int8range") for one in hashed]
    same = [(one, RangeOperators.EQUAL) for one in ranges]
    return ExclusionConstraint(name=name, expressions=[*same, ("valid", RangeOperators.OVERLAPS)])


def _written_once() -> list[pgtrigger.Trigger]:
    return [
        AuditTrigger(name="audit"),
        pgtrigger.ReadOnly(name="written_once", exclude=["valid"]),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    ]


class Sourced(models.Model):
    """Something that holds on some days, and where that is written."""

    valid = DateRangeField(_("valid"))
    source_zh = models.CharField(_("source in Chinese"), max_length=300, help_text=_SOURCE)
    source_en = models.CharField(_("source in English"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def source(self) -> str:
        """The source in the reader's language."""
        return (is_english() and self.source_en) or self.source_zh


class PurchaseTaxRule(Sourced):
    """
    Vehicle purchase tax on one kind of car during ``valid`` (days, half-open): ``rate`` of the price without VAT.

    ``relief_share`` of the tax is not collected, ``relief_cap`` yuan a car at most (empty: without a limit).
    """

    energy = models.CharField(_("energy"), max_length=4, choices=Energy.choices)
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=4, help_text=_("0.1 is 10 %."))
    relief_share = models.DecimalField(
        _("relief"), max_digits=5, decimal_places=4, default=0, help_text=_("Share of the tax: 0.5 is half of it.")
    )
    relief_cap = models.DecimalField(
        _("most relief a car"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("Yuan.")
    )

    class Meta:
        verbose_name = _("purchase tax rule")
        verbose_name_plural = _("purchase tax rules")
        triggers = _written_once()
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lt=1) & Q(relief_share__gte=0, relief_share__lte=1),
                name="financing_purchase_tax_in_shares",
            ),
            models.CheckConstraint(
                condition=Q(relief_cap__isnull=True) | Q(relief_cap__gte=0), name="financing_relief_cap_not_negative"
            ),
            models.CheckConstraint(condition=Q(energy__in=Energy.values), name="financing_purchase_tax_energy"),
            _one_at_a_time("financing_one_purchase_tax_at_a_time", "energy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_energy_display()} {self.rate:.0%}"


class SubsidyRule(Sourced):
    """
    What the state adds for an old car that is scrapped or sold, during ``valid`` (days, half-open).

    ``share`` of the new car's price with VAT, ``cap`` yuan at most; with a share of 1 the cap is what is paid.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=SubsidyKind.choices)
    energy = models.CharField(_("energy of the new car"), max_length=4, choices=Energy.choices)
    share = models.DecimalField(_("share of the price"), max_digits=5, decimal_places=4)
    cap = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, help_text=_("Yuan."))

    class Meta:
        verbose_name = _("subsidy rule")
        verbose_name_plural = _("subsidy rules")
        triggers = _written_once()
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="financing_subsidy_is_a_share"),
            models.CheckConstraint(condition=Q(cap__gt=0), name="financing_subsidy_has_a_cap"),
            models.CheckConstraint(
                condition=Q(energy__in=Energy.values) & Q(kind__in=SubsidyKind.values), name="financing_subsidy_kinds"
            ),
            _one_at_a_time("financing_one_subsidy_at_a_time", "kind", "energy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.share:.0%}"
