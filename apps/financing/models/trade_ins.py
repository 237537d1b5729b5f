"""Used cars taken in part exchange, and the dated tables by which they are valued."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.financing.states import LIVE_TRADE_INS, Condition, PhotoOf, TradeInStatus
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, Money, is_english


class TradeInTable(models.Model):
    """
    One version of how used cars are valued, during ``valid`` (days, half-open); shares are shares of one.

    ``km_a_year`` is what a car is expected to run; each 1,000 km more or less take or add ``share_per_1000_km``, at
    most ``most_for_km`` either way. An offer holds ``offer_days``, and a car that was inspected ``credit_days``.
    """

    valid = DateRangeField(_("valid"))
    km_a_year = models.PositiveIntegerField(_("kilometres a year"))
    share_per_1000_km = models.DecimalField(_("share for 1,000 km"), max_digits=6, decimal_places=5)
    most_for_km = models.DecimalField(_("at most for kilometres"), max_digits=5, decimal_places=4)
    offer_days = models.PositiveSmallIntegerField(_("days an offer holds"))
    credit_days = models.PositiveSmallIntegerField(_("days an inspection holds"))
    source_zh = models.CharField(_("source in Chinese"), max_length=300)
    source_en = models.CharField(_("source in English"), max_length=300)

    class Meta:
        verbose_name = _("trade-in table")
        verbose_name_plural = _("trade-in tables")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.ReadOnly(name="written_once", exclude=["valid"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(share_per_1000_km__gte=0, share_per_1000_km__lt=1, most_for_km__gte=0, most_for_km__lt=1),
                name="financing_trade_in_kilometres_in_shares",
            ),
            models.CheckConstraint(
                condition=Q(offer_days__gt=0, credit_days__gt=0), name="financing_trade_in_offers_hold"
            ),
            ExclusionConstraint(
                name="financing_one_trade_in_table_at_a_time", expressions=[("valid", RangeOperators.OVERLAPS)]
            ),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def source(self) -> str:
        """The source in the reader's language."""
        return self.source_en if is_english() else self.source_zh


class TradeInAge(models.Model):
    """What share of its price as new a car is worth from ``months`` after its first registration on."""

    table = models.ForeignKey(TradeInTable, models.PROTECT, related_name="ages", verbose_name=_("trade-in table"))
    months = models.PositiveSmallIntegerField(_("months"))
    share = models.DecimalField(_("share of the price as new"), max_digits=5, decimal_places=4)

    class Meta:
        verbose_name = _("value by age")
        verbose_name_plural = _("values by age")
        triggers = [pgtrigger.ReadOnly(name="written_once")]
        constraints = [
            models.UniqueConstraint(fields=["table", "months"], name="financing_one_value_per_age"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="financing_value_by_age_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.months}: {self.share:.0%}"


class TradeInCondition(models.Model):
    """By what a value is multiplied for how the car is kept."""

    table = models.ForeignKey(TradeInTable, models.PROTECT, related_name="conditions", verbose_name=_("trade-in table"))
    condition = models.CharField(_("condition"), max_length=10, choices=Condition.choices)
    factor = models.DecimalField(_("factor"), max_digits=5, decimal_places=4)

    class Meta:
        verbose_name = _("value by condition")
        verbose_name_plural = _("values by condition")
        triggers = [pgtrigger.ReadOnly(name="written_once")]
        constraints = [
            models.UniqueConstraint(fields=["table", "condition"], name="financing_one_factor_per_condition"),
            models.CheckConstraint(condition=Q(factor__gt=0, factor__lte=1.2), name="financing_factor_is_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.condition}: {self.factor}"


class TradeIn(models.Model):
    """
    One car offered in part exchange: what its owner said, what it was offered for, what the store found.

    ``expires_at`` is the clock of the present status: of the offer, of bringing the car, of the inspected figure;
    ``warn_at`` is when the owner is told that it soon runs out.
    """

    number = models.CharField(_("number"), max_length=32, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="trade_ins", verbose_name=_("owner")
    )
    car = models.CharField(_("car"), max_length=120)
    vin = models.CharField(_("VIN"), max_length=17)
    first_registered = models.DateField(_("first registered"))
    mileage_km = models.PositiveIntegerField(_("mileage in km"))
    condition = models.CharField(_("condition"), max_length=10, choices=Condition.choices)
    price_as_new = models.DecimalField(_("price as new"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    table = models.ForeignKey(TradeInTable, models.PROTECT, related_name="+", verbose_name=_("trade-in table"))
    offered = models.DecimalField(_("offered"), max_digits=14, decimal_places=2)
    offered_at = models.DateTimeField(_("offered at"))
    status = models.CharField(_("status"), max_length=10, choices=TradeInStatus.choices, default=TradeInStatus.OFFERED)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    warn_at = models.DateTimeField(_("reminder at"), null=True, blank=True)
    store = models.ForeignKey(
        "dealers.Store", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("store")
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dealer")
    )
    inspected_mileage_km = models.PositiveIntegerField(_("mileage found in km"), null=True, blank=True)
    inspected_condition = models.CharField(
        _("condition found"), max_length=10, choices=Condition.choices, blank=True, default=""
    )
    deduction = models.DecimalField(_("deduction for repairs"), max_digits=14, decimal_places=2, default=0)
    note = models.CharField(_("the store's words"), max_length=500, blank=True, default="")
    value = models.DecimalField(_("the store's figure"), max_digits=14, decimal_places=2, null=True, blank=True)
    inspected_at = models.DateTimeField(_("inspected at"), null=True, blank=True)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("inspected by"),
    )
    order_number = models.CharField(_("order number"), max_length=64, blank=True, default="")
    credited_at = models.DateTimeField(_("credited at"), null=True, blank=True)
    payment_number = models.CharField(_("payment number"), max_length=32, blank=True, default="")

    class Meta:
        verbose_name = _("trade-in")
        verbose_name_plural = _("trade-ins")
        triggers = [AuditTrigger(name="audit", ignored=["warn_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["vin"], condition=Q(status__in=LIVE_TRADE_INS), name="financing_one_live_trade_in_per_car"
            ),
            models.CheckConstraint(condition=Q(status__in=TradeInStatus.values), name="financing_trade_in_status"),
            models.CheckConstraint(
                condition=Q(offered__gt=0) & (Q(value__isnull=True) | Q(value__gte=0)) & Q(deduction__gte=0),
                name="financing_trade_in_amounts",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[TradeInStatus.OFFERED, TradeInStatus.WITHDRAWN, TradeInStatus.EXPIRED])
                | Q(store__isnull=False, organization__isnull=False),
                name="financing_accepted_trade_in_has_a_store",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[TradeInStatus.INSPECTED, TradeInStatus.CREDITED]) | Q(value__isnull=False),
                name="financing_inspected_trade_in_has_a_value",
            ),
            models.CheckConstraint(
                condition=~Q(status=TradeInStatus.CREDITED)
                | Q(credited_at__isnull=False) & ~Q(payment_number="") & ~Q(order_number=""),
                name="financing_credited_trade_in_has_a_payment",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="financing_trade_in_clock"),
            models.Index(fields=["warn_at"], condition=Q(warn_at__isnull=False), name="financing_trade_in_warnings"),
            models.Index(fields=["organization", "status"], name="financing_trade_in_of_dealer"),
        ]

    def __str__(self) -> str:
        return self.number

    def money(self, field: str) -> Money:
        """Return an amount column as money."""
        return Money(getattr(self, field), self.currency)


class TradeInPhoto(models.Model):
    """What the store saw of a used car; its owner sees it too. Append-only."""

    trade_in = models.ForeignKey(TradeIn, models.PROTECT, related_name="photos", verbose_name=_("trade-in"))
    shows = models.CharField(_("shows"), max_length=10, choices=PhotoOf.choices)
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("picture of a used car")
        verbose_name_plural = _("pictures of used cars")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [
            models.CheckConstraint(condition=Q(shows__in=PhotoOf.values), name="financing_picture_shows_something")
        ]

    def __str__(self) -> str:
        return f"{self.trade_in_id} {self.shows}"
