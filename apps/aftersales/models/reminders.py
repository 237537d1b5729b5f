"""When owners are told that service is due, and whom we told."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.aftersales.models.vehicles import Vehicle
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger

MOST_DAYS, MOST_KM_AHEAD = 180, 20_000


class ReminderRule(models.Model):
    """From a day on: how many days before its day, or km before its reading, a service counts as due soon."""

    days = models.PositiveSmallIntegerField(
        _("days ahead"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    km = models.PositiveIntegerField(_("kilometres ahead"), validators=[MaxValueValidator(MOST_KM_AHEAD)])
    valid = DateRangeField(_("valid"), help_text=_("From the first day until before the last."))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("rule of service reminders")
        verbose_name_plural = _("rules of service reminders")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="aftersales_one_reminder_rule_per_day", expressions=[("valid", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="aftersales_reminder_rule_runs_for_a_day"),
            models.CheckConstraint(
                condition=Q(days__range=(1, MOST_DAYS), km__lte=MOST_KM_AHEAD), name="aftersales_reminder_in_range"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="aftersales_reminder_rule_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.days} / {self.km} km"


class ServiceReminder(models.Model):
    """
    Somebody was told that a service of their car is due: once per car, service and owner. Append-only.

    The service is known by its months: a plan that headquarters writes anew tells nobody a second time.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="reminders", verbose_name=_("car"))
    months = models.PositiveSmallIntegerField(_("service at months"))
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due on"))
    km = models.PositiveIntegerField(_("or at kilometres"))
    told_at = models.DateTimeField(pgettext_lazy("reminder", "told at"))

    class Meta:
        verbose_name = _("service reminder")
        verbose_name_plural = _("service reminders")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "months", "member"], name="aftersales_reminded_once_per_owner")
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id}: {self.months}"
