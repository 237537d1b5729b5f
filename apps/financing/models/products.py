"""Who finances, and on which dated terms."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.financing.states import Repayment
from apps.kernel.api import AuditTrigger, is_english

# Equality of texts inside GiST without an extension: by their hash, as a range of one.
_HASH_OF_CODE = Func(F("code"), function="hashtext")


class Named(models.Model):
    """Something with a code, and a name in Chinese and in English."""

    code = models.SlugField(_("code"), max_length=40)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if is_english() else self.name_zh


class Lender(Named):
    """Who lends the money."""

    class Meta:
        verbose_name = _("lender")
        verbose_name_plural = _("lenders")
        constraints = [models.UniqueConstraint(fields=["code"], name="financing_one_lender_per_code")]


class FinanceProduct(Named):
    """
    One version of a way to finance a car, offered during ``valid``; shares are shares of one.

    A change of terms ends the version in force and writes another one with the same code, so that what was quoted on
    any day can be worked out again.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="products", verbose_name=_("lender"))
    repayment = models.CharField(_("repayment"), max_length=16, choices=Repayment.choices)
    lowest_down_payment = models.DecimalField(
        _("lowest down payment"), max_digits=5, decimal_places=4, help_text=_("Share of the price: 0.2 is 20 %.")
    )
    highest_down_payment = models.DecimalField(_("highest down payment"), max_digits=5, decimal_places=4)
    fee_rate = models.DecimalField(
        _("fee"), max_digits=6, decimal_places=5, default=0, help_text=_("Share of the amount financed.")
    )
    balloon_share = models.DecimalField(
        _("final payment"), max_digits=5, decimal_places=4, default=0, help_text=_("Share of the price.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    valid = DateTimeRangeField(_("valid"))
    source_zh = models.CharField(_("source in Chinese"), max_length=300, help_text=_("Title or address of the terms."))
    source_en = models.CharField(_("source in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("finance product")
        verbose_name_plural = _("finance products")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.ReadOnly(name="written_once", exclude=["valid"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lowest_down_payment__gte=0)
                & Q(highest_down_payment__lt=1)
                & Q(lowest_down_payment__lte=F("highest_down_payment")),
                name="financing_down_payment_is_a_range",
            ),
            models.CheckConstraint(
                condition=Q(fee_rate__range=(0, 0.2)) & Q(balloon_share__gte=0) & Q(balloon_share__lt=1),
                name="financing_fee_and_balloon_are_shares",
            ),
            # What is financed must be more than what is left for the end.
            models.CheckConstraint(
                condition=Q(balloon_share__lte=1 - F("highest_down_payment")), name="financing_balloon_within_the_loan"
            ),
            ExclusionConstraint(
                name="financing_one_version_at_a_time",
                expressions=[
                    (Func(_HASH_OF_CODE, _HASH_OF_CODE, Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class FinanceRate(models.Model):
    """What a product costs over one term: the brand pays ``subsidy`` of the lender's rate, the buyer the rest."""

    product = models.ForeignKey(FinanceProduct, models.PROTECT, related_name="rates", verbose_name=_("product"))
    months = models.PositiveSmallIntegerField(_("months"))
    yearly_rate = models.DecimalField(
        _("yearly rate"), max_digits=6, decimal_places=5, help_text=_("0.0399 is 3.99 % a year.")
    )
    subsidy = models.DecimalField(_("subsidy"), max_digits=6, decimal_places=5, default=0)

    class Meta:
        verbose_name = _("finance rate")
        verbose_name_plural = _("finance rates")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.ReadOnly(name="written_once"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(fields=["product", "months"], name="financing_one_rate_per_term"),
            # Source of the limit: 《汽车贷款管理办法》(2017) 第六条, five years at most.
            models.CheckConstraint(condition=Q(months__range=(1, 60)), name="financing_at_most_five_years"),
            models.CheckConstraint(
                condition=Q(yearly_rate__gte=0)
                & Q(yearly_rate__lt=1)
                & Q(subsidy__gte=0)
                & Q(subsidy__lte=F("yearly_rate")),
                name="financing_rate_less_subsidy_is_a_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months}: {self.yearly_rate:.2%}"
