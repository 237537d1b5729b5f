"""Which changes of prices need a second look, and those that wait for it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.offers import Offer
from apps.catalog.states import ChangeReason, KindName, PriceChangeStatus
from apps.kernel.api import AuditTrigger

_HASH_OF_KIND = Func(F("kind"), function="hashtext")


class PriceChangeRule(models.Model):
    """
    How far sellers may move a price by themselves during ``valid``; without a kind for every product no other says of.

    Percents are of the price in force: up to ``rise`` and ``fall`` a change counts at once, beyond it waits for review,
    and beyond ``refused_rise`` and ``refused_fall`` it is taken for a mistake.
    """

    kind = models.CharField(_("kind of product"), max_length=10, choices=KindName.choices, blank=True)
    rise = models.DecimalField(_("rise at once, %"), max_digits=6, decimal_places=2)
    fall = models.DecimalField(_("fall at once, %"), max_digits=5, decimal_places=2)
    refused_rise = models.DecimalField(_("rise refused above, %"), max_digits=7, decimal_places=2)
    refused_fall = models.DecimalField(_("fall refused above, %"), max_digits=5, decimal_places=2)
    most_changes = models.PositiveSmallIntegerField(_("changes at once"))
    days = models.PositiveSmallIntegerField(_("within days"))
    valid = DateTimeRangeField(_("valid"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("price change rule")
        verbose_name_plural = _("price change rules")
        triggers = [AuditTrigger(name="audit"), pgtrigger.ReadOnly(name="written_once", exclude=["valid"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(rise__gt=0)
                & Q(fall__gt=0)
                & Q(rise__lte=F("refused_rise"))
                & Q(fall__lte=F("refused_fall")),
                name="catalog_change_limits_in_order",
            ),
            models.CheckConstraint(condition=Q(refused_fall__lte=100), name="catalog_change_falls_to_zero_at_most"),
            models.CheckConstraint(condition=Q(days__gt=0) & Q(most_changes__gt=0), name="catalog_change_pace_counts"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="catalog_change_rule_valid_at_some_time"),
            ExclusionConstraint(
                name="catalog_one_change_rule_at_a_time",
                expressions=[
                    (Func(_HASH_OF_KIND, _HASH_OF_KIND, Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display() or '*'} +{self.rise} % −{self.fall} %"


class PriceChange(models.Model):
    """
    A price somebody asked for that waits for review, or did. The old price stays in force until it is approved.

    ``old_amount`` is what it was compared with: the price in force, or the price shown if the offer had none yet.
    """

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="price_changes", verbose_name=_("offer"))
    status = models.CharField(
        _("status"), max_length=10, choices=PriceChangeStatus.choices, default=PriceChangeStatus.WAITING
    )
    old_amount = models.DecimalField(_("price before"), max_digits=14, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(_("price asked for"), max_digits=14, decimal_places=2)
    list_amount = models.DecimalField(_("list price"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    reasons = ArrayField(
        models.CharField(max_length=16, choices=ChangeReason.choices), verbose_name=_("why it waits"), default=list
    )
    rule = models.ForeignKey(PriceChangeRule, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="catalog_asked_price_above_zero"),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(status="WAITING"), name="catalog_one_waiting_change_per_offer"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(status="WAITING"), name="catalog_changes_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.offer.sku}: {self.old_amount or '–'} → {self.amount}"
