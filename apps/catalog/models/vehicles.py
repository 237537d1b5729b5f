"""Cars: series → model → trim, the options of a trim, the rules between options, and stored configurations."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.naming import Named
from apps.catalog.models.products import Brand
from apps.catalog.states import BodyType, Powertrain, RuleKind, Selection
from apps.kernel.api import AuditTrigger, in_language


class Series(Named):
    """A family of cars under one name."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="series", verbose_name=_("brand"))
    code = models.SlugField(_("code"), max_length=60)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    body_type = models.CharField(_("body type"), max_length=12, choices=BodyType.choices)
    tagline_zh = models.CharField(_("tagline in Chinese"), max_length=120, blank=True)
    tagline_en = models.CharField(_("tagline in English"), max_length=120, blank=True)
    summary_zh = models.CharField(_("summary in Chinese"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=300, blank=True)
    description_zh = models.TextField(_("description in Chinese"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    details = models.JSONField(_("highlights and warranty"), default=dict, blank=True)
    image_key = models.CharField(_("picture"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_public = models.BooleanField(_("is public"), default=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [models.UniqueConstraint(fields=["brand", "code"], name="catalog_one_series_per_code")]

    def get_absolute_url(self) -> str:
        """The page of the series in the shop."""
        return reverse("vehicle", kwargs={"slug": self.slug})

    @property
    def tagline(self) -> str:
        """One line of what it is for, in the reader's language."""
        return in_language(self.tagline_zh, self.tagline_en)

    @property
    def summary(self) -> str:
        """The summary in the reader's language."""
        return in_language(self.summary_zh, self.summary_en)

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        return in_language(self.description_zh, self.description_en)


class VehicleModel(Named):
    """One model year and powertrain of a series."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="models", verbose_name=_("series"))
    code = models.SlugField(_("code"), max_length=80)
    model_year = models.PositiveSmallIntegerField(_("model year"))
    powertrain = models.CharField(_("powertrain"), max_length=5, choices=Powertrain.choices)

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = [
            models.UniqueConstraint(fields=["series", "code"], name="catalog_one_model_per_code"),
            models.CheckConstraint(condition=Q(model_year__range=(1980, 2100)), name="catalog_model_year_is_a_year"),
        ]


class Trim(Named):
    """What is sold of a model: a product with fixed specifications and choosable options."""

    model = models.ForeignKey(VehicleModel, models.PROTECT, related_name="trims", verbose_name=_("model"))
    product = models.OneToOneField("catalogue.Product", models.PROTECT, related_name="trim")
    code = models.SlugField(_("code"), max_length=120)
    source_code = models.CharField(
        _("code at the source"), max_length=160, null=True, blank=True, unique=True, editable=False
    )
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    specs = models.JSONField(_("specifications"), default=dict, blank=True)
    equipment_zh = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("equipment in Chinese")
    )
    equipment_en = ArrayField(
        models.CharField(max_length=160), default=list, blank=True, verbose_name=_("equipment in English")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("trim")
        verbose_name_plural = _("trims")
        constraints = [models.UniqueConstraint(fields=["model", "code"], name="catalog_one_trim_per_code")]


class OptionGroup(Named):
    """Options that answer one question: paint, interior, wheels, packs."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    selection = models.CharField(_("selection"), max_length=4, choices=Selection.choices, default=Selection.ONE)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("option group")
        verbose_name_plural = _("option groups")


class Option(Named):
    """One thing a car may have, the same on every trim that offers it."""

    group = models.ForeignKey(OptionGroup, models.PROTECT, related_name="options", verbose_name=_("group"))
    code = models.SlugField(_("code"), max_length=60, unique=True)
    swatch = models.CharField(
        _("swatch"), max_length=80, blank=True, help_text=_("A colour like #c8102e, or the key of a picture.")
    )
    summary_zh = models.CharField(_("summary in Chinese"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=300, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")

    @property
    def summary(self) -> str:
        """The summary in the reader's language."""
        return in_language(self.summary_zh, self.summary_en)


class TrimOption(models.Model):
    """An option as one trim offers it: at which extra price, and whether it is what the car has if nobody chooses."""

    trim = models.ForeignKey(Trim, models.CASCADE, related_name="trim_options", verbose_name=_("trim"))
    option = models.ForeignKey(Option, models.PROTECT, related_name="trim_options", verbose_name=_("option"))
    price_delta = models.DecimalField(_("extra price"), max_digits=14, decimal_places=2, default=0)
    is_default = models.BooleanField(_("is default"), default=False)

    class Meta:
        verbose_name = _("option of the trim")
        verbose_name_plural = _("options of the trim")
        triggers = [AuditTrigger(name="audit")]
        constraints = [models.UniqueConstraint(fields=["trim", "option"], name="catalog_option_offered_once_per_trim")]

    def __str__(self) -> str:
        return f"{self.trim_id}: {self.option_id}"


class OptionRule(models.Model):
    """A rule between two options; of one model or one trim where it names one, else of every car."""

    kind = models.CharField(_("kind"), max_length=10, choices=RuleKind.choices)
    option = models.ForeignKey(Option, models.PROTECT, related_name="rules", verbose_name=_("option"))
    other = models.ForeignKey(Option, models.PROTECT, related_name="rules_about", verbose_name=_("other option"))
    model = models.ForeignKey(
        VehicleModel, models.CASCADE, null=True, blank=True, related_name="option_rules", verbose_name=_("model")
    )
    trim = models.ForeignKey(
        Trim, models.CASCADE, null=True, blank=True, related_name="option_rules", verbose_name=_("trim")
    )
    reason_zh = models.CharField(_("reason in Chinese"), max_length=200, blank=True)
    reason_en = models.CharField(_("reason in English"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("option rule")
        verbose_name_plural = _("option rules")
        constraints = [
            models.CheckConstraint(condition=~Q(option=F("other")), name="catalog_rule_is_between_two_options"),
            models.CheckConstraint(
                condition=Q(model__isnull=True) | Q(trim__isnull=True), name="catalog_rule_has_one_scope"
            ),
            models.UniqueConstraint(
                fields=["kind", "option", "other", "model", "trim"],
                nulls_distinct=False,
                name="catalog_rule_said_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option} {self.get_kind_display()} {self.other}"


class Configuration(models.Model):
    """
    A car as somebody chose it. ``option_codes`` is complete: choices, defaults and included options.

    Price and breakdown are those of the moment; a quote computes them again from the codes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="configurations")
    option_codes = ArrayField(models.CharField(max_length=60), verbose_name=_("options"))
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    breakdown = models.JSONField(_("breakdown"), default=list)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("configuration")
        verbose_name_plural = _("configurations")
        constraints = [models.CheckConstraint(condition=Q(price__gt=0), name="catalog_configuration_price_above_zero")]

    def __str__(self) -> str:
        return str(self.id)
