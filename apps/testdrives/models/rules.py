"""Cars to try, who may drive them, and what drivers sign: rules are dated rows with their source."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, in_language


class DemoCar(models.Model):
    """A demonstration car: which car it is, and the resource that is booked."""

    resource = models.OneToOneField("scheduling.Resource", models.PROTECT, related_name="demo_car")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="demo_cars", verbose_name=_("store"))
    trim = models.ForeignKey("catalog.Trim", models.PROTECT, related_name="demo_cars", verbose_name=_("trim"))
    vin = models.CharField(_("VIN"), max_length=17, unique=True)
    plate = models.CharField(_("number plate"), max_length=12, blank=True, default="")

    class Meta:
        verbose_name = _("demonstration car")
        verbose_name_plural = _("demonstration cars")
        triggers = [AuditTrigger(name="audit")]
        indexes = [models.Index(fields=["store", "trim"], name="testdrives_car_of_store")]

    def __str__(self) -> str:
        return self.vin


class EligibilityRule(models.Model):
    """Who may drive, from a day on: least age in years and the licence classes that cover a car."""

    min_age = models.PositiveSmallIntegerField(_("least age in years"))
    licence_classes = ArrayField(models.CharField(max_length=4), verbose_name=_("licence classes"))
    valid = DateRangeField(_("valid"), help_text=_("From the first day until before the last."))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("rule for drivers")
        verbose_name_plural = _("rules for drivers")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(name="testdrives_one_rule_per_day", expressions=[("valid", RangeOperators.OVERLAPS)]),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="testdrives_rule_runs_for_a_day"),
            models.CheckConstraint(condition=Q(licence_classes__len__gt=0), name="testdrives_rule_accepts_a_class"),
            models.CheckConstraint(condition=~Q(source=""), name="testdrives_rule_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.min_age}: {', '.join(self.licence_classes)}"


class AgreementText(models.Model):
    """What drivers sign from a day on, in both languages. What was signed is frozen with the drive."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    body_zh = models.TextField(_("text in Chinese"))
    body_en = models.TextField(_("text in English"))
    valid = DateRangeField(_("valid"), help_text=_("From the first day until before the last."))

    class Meta:
        verbose_name = _("text of the agreement")
        verbose_name_plural = _("texts of the agreement")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(name="testdrives_one_text_per_day", expressions=[("valid", RangeOperators.OVERLAPS)]),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="testdrives_text_runs_for_a_day"),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def body(self) -> str:
        """The text in the reader's language."""
        return in_language(self.body_zh, self.body_en)
