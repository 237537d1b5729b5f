"""Bookings, who waits for one, and who reads them in a calendar."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import AuditTrigger, in_language
from apps.scheduling.models.resources import ENDS_AFTER_IT_STARTS, Resource
from apps.scheduling.states import LIVE, PENDING, BookingStatus, WaitStatus

if TYPE_CHECKING:
    from datetime import datetime


def same_number(field: str) -> Func:
    """Make a number comparable by = inside GiST without an extension: a range of one."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Booking(models.Model):
    """
    One resource for one appointment.

    ``starts_at`` to ``ends_at`` is what the customer sees; ``period`` (half-open) is what is taken: the appointment and
    the buffer after it. ``subject`` says whose it is, as the app above names it: ``test_drive:7K2M…``.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="bookings", verbose_name=_("resource"))
    lane = models.PositiveSmallIntegerField(_("lane"), default=0)
    period = DateTimeRangeField(_("taken"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    status = models.CharField(_("status"), max_length=10, choices=BookingStatus.choices, default=BookingStatus.BOOKED)
    purpose = models.CharField(_("purpose"), max_length=20)
    subject = models.CharField(pgettext_lazy("booking", "subject"), max_length=60, blank=True, default="")
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, default="")
    title_en = models.CharField(_("title in English"), max_length=120, blank=True, default="")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("adviser")
    )
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    next_reminder_at = models.DateTimeField(_("next reminder at"), null=True, blank=True)
    times_moved = models.PositiveSmallIntegerField(_("times moved"), default=0)
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("made at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            # Who booked first is decided here and nowhere else.
            ExclusionConstraint(
                name="scheduling_no_overlap_per_resource",
                expressions=[
                    (same_number("resource"), RangeOperators.EQUAL),
                    (same_number("lane"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=LIVE),
            ),
            models.CheckConstraint(condition=Q(status__in=BookingStatus.values), name="scheduling_booking_status"),
            models.CheckConstraint(condition=ENDS_AFTER_IT_STARTS, name="scheduling_booking_takes_time"),
            models.CheckConstraint(
                condition=Q(
                    period__contains=Func(
                        F("starts_at"),
                        F("ends_at"),
                        Value("[)"),
                        function="tstzrange",
                        output_field=DateTimeRangeField(),
                    )
                ),
                name="scheduling_booking_within_what_is_taken",
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.HELD) | Q(held_until__isnull=False),
                name="scheduling_held_until_some_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["resource", "starts_at"], condition=Q(status__in=LIVE), name="scheduling_by_start"),
            models.Index(fields=["organization", "starts_at"], name="scheduling_booking_of_house"),
            models.Index(
                fields=["next_reminder_at"], condition=Q(next_reminder_at__isnull=False), name="scheduling_to_remind"
            ),
            models.Index(fields=["held_until"], condition=Q(status=BookingStatus.HELD), name="scheduling_held"),
            models.Index(fields=["host", "starts_at"], condition=Q(host__isnull=False), name="scheduling_of_host"),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="scheduling_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def title(self) -> str:
        """What it is for, in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def is_live(self) -> bool:
        """Whether it keeps others away."""
        return self.status in LIVE


class WaitlistEntry(models.Model):
    """Somebody who would take a slot that is taken, on any of some resources; first come, first offered."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="+")
    resource_ids = ArrayField(models.BigIntegerField(), verbose_name=_("resources"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    purpose = models.CharField(_("purpose"), max_length=20)
    wish = models.CharField(_("what for"), max_length=60, blank=True, default="")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=WaitStatus.choices, default=WaitStatus.WAITING)
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="offers")
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    created_at = models.DateTimeField(_("waits since"))

    class Meta:
        verbose_name = _("place on a waitlist")
        verbose_name_plural = _("waitlist")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=WaitStatus.values), name="scheduling_wait_status_known"),
            models.CheckConstraint(condition=ENDS_AFTER_IT_STARTS, name="scheduling_wait_for_some_time"),
            models.CheckConstraint(condition=Q(resource_ids__len__gt=0), name="scheduling_wait_for_something"),
            models.CheckConstraint(
                condition=~Q(status=WaitStatus.OFFERED) | Q(booking__isnull=False, offered_until__isnull=False),
                name="scheduling_offer_holds_a_booking",
            ),
            models.UniqueConstraint(
                fields=["customer", "store", "purpose", "starts_at"],
                condition=Q(status__in=PENDING),
                name="scheduling_wait_once_per_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(status__in=PENDING), name="scheduling_who_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.starts_at:%Y-%m-%d %H:%M}"

    def is_offered(self, now: "datetime") -> bool:
        """Whether it can be taken at this moment."""
        return self.status == WaitStatus.OFFERED and self.offered_until is not None and now < self.offered_until


class CalendarFeed(models.Model):
    """An address at which an adviser's own calendar program reads their appointments. Only its digest is kept."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        triggers = [AuditTrigger(name="audit", masked=("digest",))]
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="scheduling_one_feed_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id}"
