"""What a car needs and when, what is covered and how long, what the maker calls back. Rules are dated, with source."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.aftersales.states import Component
from apps.kernel.api import AuditTrigger, in_language


def same_number(field: str) -> models.Func:
    """Make a number comparable by = inside GiST without an extension: a range of one."""
    return models.Func(models.F(field), models.F(field), models.Value("[]"), function="int8range")


class ServiceItem(models.Model):
    """A piece of work: how many minutes of a bay it takes, and what the labour costs, tax included."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(5)])
    labour_price = models.DecimalField(_("labour"), max_digits=10, decimal_places=2)
    is_bookable = models.BooleanField(_("can be booked"), default=True)

    class Meta:
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(5, 480)), name="aftersales_work_takes_time"),
            models.CheckConstraint(condition=Q(labour_price__gte=0), name="aftersales_labour_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class ServicePart(models.Model):
    """A part that a piece of work uses up, on cars it fits: of several that fit one car the first counts."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="parts", verbose_name=_("piece of work"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("part"))
    quantity = models.PositiveSmallIntegerField(_("pieces"), default=1)

    class Meta:
        verbose_name = _("part of a piece of work")
        verbose_name_plural = _("parts of pieces of work")
        constraints = [
            models.UniqueConstraint(fields=["item", "product"], name="aftersales_part_once_per_work"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="aftersales_some_pieces"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.product_id} × {self.quantity}"


class MaintenancePlan(models.Model):
    """When a model is serviced, for cars handed over in a span of days."""

    model = models.ForeignKey("catalog.VehicleModel", models.PROTECT, related_name="+", verbose_name=_("model"))
    valid = DateRangeField(_("for cars handed over"), help_text=_("From the first day until before the last."))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("maintenance plan")
        verbose_name_plural = _("maintenance plans")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="aftersales_one_plan_per_day",
                expressions=[
                    (same_number("model"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(source=""), name="aftersales_plan_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} {self.valid}"


class PlanStep(models.Model):
    """
    One service of a plan, due at so many months or kilometres of the car's life, whichever comes first.

    Counted from the hand-over; once a service was done, from that one by the difference to it.
    """

    plan = models.ForeignKey(MaintenancePlan, models.CASCADE, related_name="steps", verbose_name=_("plan"))
    months = models.PositiveSmallIntegerField(_("months"))
    km = models.PositiveIntegerField(_("kilometres"))
    items = models.ManyToManyField(ServiceItem, related_name="+", verbose_name=_("work"))

    class Meta:
        verbose_name = _("service of a plan")
        verbose_name_plural = _("services of plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "months"], name="aftersales_step_once_per_month"),
            models.CheckConstraint(condition=Q(months__gt=0, km__gt=0), name="aftersales_step_is_some_way_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.months} / {self.km} km"


class WarrantyTerm(models.Model):
    """How long a component is covered on cars handed over in a span of days: months or km, whichever ends first."""

    component = models.PositiveSmallIntegerField(_("covers"), choices=Component.choices)
    months = models.PositiveSmallIntegerField(_("months"))
    km = models.PositiveIntegerField(_("kilometres"), null=True, blank=True)
    valid = DateRangeField(_("for cars handed over"), help_text=_("From the first day until before the last."))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("warranty")
        verbose_name_plural = _("warranties")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="aftersales_one_warranty_per_day",
                expressions=[
                    (same_number("component"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(months__gt=0), name="aftersales_warranty_lasts"),
            models.CheckConstraint(condition=~Q(source=""), name="aftersales_warranty_has_a_source"),
            models.CheckConstraint(condition=Q(component__in=Component.values), name="aftersales_component_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_component_display()}: {self.months}"


class Recall(models.Model):
    """A defect for which the maker calls cars back, at no cost to their owners."""

    code = models.CharField(_("number"), max_length=30, unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    body_zh = models.TextField(_("what is wrong, in Chinese"))
    body_en = models.TextField(_("what is wrong, in English"))
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="+", verbose_name=_("remedy"))
    source = models.CharField(_("source"), max_length=200)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        triggers = [AuditTrigger(name="audit")]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="aftersales_recall_has_a_source")]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def body(self) -> str:
        """What is wrong, in the reader's language."""
        return in_language(self.body_zh, self.body_en)


class RecallCar(models.Model):
    """One car that is called back, by VIN: sold already or not."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="cars", verbose_name=_("recall"))
    vin = models.CharField(_("VIN"), max_length=17)
    done_at = models.DateTimeField(_("put right at"), null=True, blank=True)

    class Meta:
        verbose_name = _("car called back")
        verbose_name_plural = _("cars called back")
        triggers = [AuditTrigger(name="audit")]
        constraints = [models.UniqueConstraint(fields=["recall", "vin"], name="aftersales_car_once_per_recall")]
        indexes = [models.Index(fields=["vin"], condition=Q(done_at__isnull=True), name="aftersales_open_recalls")]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.vin}"
