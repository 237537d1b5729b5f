"""What can be booked, when, and which days are public holidays."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.dealers.api import are_opening_hours, are_spans
from apps.kernel.api import AuditTrigger, in_language
from apps.scheduling.states import DayKind, ResourceKind

if TYPE_CHECKING:
    from apps.dealers.api import Store

LONGEST_DAY = 24 * 60
MOST_LANES = 50


def validate_week(value: object) -> None:
    """
    Refuse opening hours of another shape.

    :raises ValidationError: if ``value`` is neither None nor ``{"mon": [["09:00", "18:00"]], …}``
    """
    if value is not None and not are_opening_hours(value):
        raise ValidationError(_('Give opening hours as {"mon": [["09:00", "18:00"]], …}.'))


def validate_day(value: object) -> None:
    """
    Refuse the hours of one day in another shape.

    :raises ValidationError: if ``value`` is not ``[["09:00", "12:00"], …]``
    """
    if not are_spans(value):
        raise ValidationError(_('Give the hours of a day as [["09:00", "12:00"], …], or [] for a day of rest.'))


class Resource(models.Model):
    """
    Something at a store that one customer has at a time: a car, a bay, an adviser, a place to hand over.

    ``capacity`` is how many at a time; each booking takes one lane. Slots begin every ``slot_minutes`` and
    ``buffer_minutes`` (to clean, charge, park), customers book ``notice_minutes`` to ``horizon_days`` ahead and change
    their mind until ``change_minutes`` before. Hours are the store's unless the resource has its own.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="resources", verbose_name=_("store"))
    kind = models.CharField(_("kind"), max_length=12, choices=ResourceKind.choices)
    code = models.CharField(_("code"), max_length=40, help_text=_("The VIN of a car, the number of a bay."))
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("adviser")
    )
    capacity = models.PositiveSmallIntegerField(
        _("at a time"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_LANES)]
    )
    slot_minutes = models.PositiveSmallIntegerField(_("minutes of a slot"), default=45)
    buffer_minutes = models.PositiveSmallIntegerField(_("minutes between slots"), default=15)
    notice_minutes = models.PositiveIntegerField(_("minutes of notice"), default=120)
    change_minutes = models.PositiveIntegerField(_("can be changed until so many minutes before"), default=120)
    horizon_days = models.PositiveSmallIntegerField(_("days that can be booked"), default=30)
    opening_hours = models.JSONField(_("own hours"), null=True, blank=True, validators=[validate_week])
    keeps_holidays = models.BooleanField(_("rests on public holidays"), default=False)
    is_active = models.BooleanField(_("can be booked"), default=True)

    class Meta:
        verbose_name = _("bookable resource")
        verbose_name_plural = _("bookable resources")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "store"], name="scheduling_resource_once_per_store"),
            # A car is in one place.
            models.UniqueConstraint(
                fields=["code"], condition=Q(kind=ResourceKind.DEMO_CAR), name="scheduling_demo_car_at_one_store"
            ),
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="scheduling_resource_kind_known"),
            models.CheckConstraint(condition=Q(capacity__range=(1, MOST_LANES)), name="scheduling_resource_has_a_lane"),
            models.CheckConstraint(
                condition=Q(slot_minutes__range=(5, LONGEST_DAY), buffer_minutes__lte=LONGEST_DAY),
                name="scheduling_slot_has_a_length",
            ),
        ]
        indexes = [models.Index(fields=["store", "kind"], name="scheduling_resource_of_store")]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)

    @property
    def zone(self) -> str:
        """The zone of the clock on the store's wall."""
        store: Store = self.store
        return store.time_zone

    @property
    def week(self) -> dict[str, list[list[str]]]:
        """Its own hours, or the store's."""
        return self.opening_hours if self.opening_hours is not None else self.store.opening_hours


class ResourceDay(models.Model):
    """One day on which a resource keeps other hours: an exception. No spans: it cannot be booked that day."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="days", verbose_name=_("resource"))
    day = models.DateField(_("day"))
    spans = models.JSONField(_("hours"), default=list, blank=True, validators=[validate_day])
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("exception of a resource")
        verbose_name_plural = _("exceptions of resources")
        triggers = [AuditTrigger(name="audit")]
        constraints = [models.UniqueConstraint(fields=["resource", "day"], name="scheduling_one_exception_per_day")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.day}"


class PublicDay(models.Model):
    """A public holiday, or a weekend day worked instead, as the country's notice has it."""

    country = models.CharField(_("country"), max_length=2, default="CN", help_text=_("ISO 3166-1, two letters."))
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("public holiday")
        verbose_name_plural = _("public holidays")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(fields=["country", "day"], name="scheduling_one_notice_per_day"),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="scheduling_day_kind_known"),
            models.CheckConstraint(condition=~Q(source=""), name="scheduling_public_day_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


# For indexes and checks that compare two columns.
ENDS_AFTER_IT_STARTS = Q(ends_at__gt=F("starts_at"))
