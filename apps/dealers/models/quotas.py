"""How many vehicles a dealer may sell in a period, and which orders took them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.dealers.models.dealers import Dealer
from apps.dealers.models.fields import same_number, same_text
from apps.kernel.api import AuditTrigger


class Quota(models.Model):
    """So many vehicles of a series (or of one of its models) for one dealer in a period. No quota: no limit."""

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="quotas", verbose_name=_("dealer"))
    series_code = models.SlugField(_("series"), max_length=60)
    model_code = models.SlugField(
        _("model"), max_length=80, blank=True, default="", help_text=_("Leave empty for the whole series.")
    )
    period = DateRangeField(_("period"), help_text=_("From the first day until before the last."))
    vehicles = models.PositiveIntegerField(_("vehicles"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="dealers_one_quota_per_day",
                expressions=[
                    (same_number("dealer"), RangeOperators.EQUAL),
                    (same_text("series_code"), RangeOperators.EQUAL),
                    (same_text("model_code"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="dealers_quota_period_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.series_code} {self.model_code}".strip()


class QuotaUse(models.Model):
    """Vehicles that an order took out of a quota. Live until ``released_at``; a quota is what its live rows sum to."""

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="uses", verbose_name=_("quota"))
    cause = models.CharField(_("order"), max_length=64)
    line_ref = models.CharField(_("order line"), max_length=64)
    vehicles = models.PositiveIntegerField(_("vehicles"))
    taken_at = models.DateTimeField(_("taken at"))
    released_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("use of a quota")
        verbose_name_plural = _("uses of quotas")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(
                fields=["quota", "cause", "line_ref"],
                condition=Q(released_at__isnull=True),
                name="dealers_a_line_uses_a_quota_once",
            ),
            models.CheckConstraint(condition=Q(vehicles__gt=0), name="dealers_quota_use_of_something"),
        ]
        indexes = [models.Index(fields=["cause"], name="dealers_quota_use_cause")]

    def __str__(self) -> str:
        return f"{self.cause}: {self.vehicles}"
