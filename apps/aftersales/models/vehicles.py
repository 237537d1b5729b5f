"""Cars after they were handed over, and whose they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.aftersales.states import Origin
from apps.kernel.api import AuditTrigger

MOST_KM = 2_000_000


class Vehicle(models.Model):
    """
    One car on the road, by VIN: its trim, the day its warranty began, and the kilometres last read.

    ``kilometres`` only grow: what was read at a workshop on ``read_at``.
    """

    vin = models.CharField(_("VIN"), max_length=17, unique=True)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("car"))
    in_service_on = models.DateField(_("handed over on"))
    kilometres = models.PositiveIntegerField(_("kilometres"), default=0)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=24, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("car on the road")
        verbose_name_plural = _("cars on the road")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(kilometres__lte=MOST_KM), name="aftersales_kilometres_possible")
        ]

    def __str__(self) -> str:
        return self.vin

    @property
    def masked_vin(self) -> str:
        """The end of the VIN, by which its owner knows it."""
        return f"···{self.vin[-6:]}"

    @property
    def title(self) -> str:
        """What it is, in the reader's language."""
        return str(self.product.info.title)


class Ownership(models.Model):
    """
    Whose car it is, from when until when.

    ``is_verified``: bought from us, taken over by code, or the papers were seen at a store. Before that a person may
    book service for the car and sees nothing of what was done to it.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="ownerships", verbose_name=_("car"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="vehicles", verbose_name=_("owner")
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    is_verified = models.BooleanField(_("papers seen"), default=False)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(is_verified=True, until__isnull=True), name="aftersales_one_owner"
            ),
            models.UniqueConstraint(
                fields=["vehicle", "member"], condition=Q(until__isnull=True), name="aftersales_car_once_per_person"
            ),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="aftersales_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id}: {self.member_id}"


class TransferOffer(models.Model):
    """The owner passes a car on: a code for whoever takes it over, kept as a digest; one works at a time."""

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="transfers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    attempts = models.PositiveSmallIntegerField(_("wrong attempts"), default=0)
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("car being passed on")
        verbose_name_plural = _("cars being passed on")
        triggers = [AuditTrigger(name="audit", masked=("digest",))]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(ended_at__isnull=True), name="aftersales_one_transfer_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id}"
