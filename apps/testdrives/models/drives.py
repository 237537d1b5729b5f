"""Test drives, what was signed, how the car looked, what the driver thought."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import mask_phone
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, EncryptedTextField
from apps.testdrives.models.rules import DemoCar
from apps.testdrives.states import AHEAD, OPEN, Outcome, PhotoMoment, Place, TestDriveStatus

MOST_KM = 2_000_000


class TestDrive(models.Model):
    """
    One appointment to drive a demonstration car.

    The booking says when, and keeps others away. ``product`` is the trim somebody wants, ``demo_car`` what is driven.
    """

    # Models of this name are no tests.
    __test__ = False

    reference = models.CharField(_("number"), max_length=12, unique=True)
    booking = models.OneToOneField("scheduling.Booking", models.PROTECT, related_name="test_drive")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="test_drives", verbose_name=_("store"))
    demo_car = models.ForeignKey(DemoCar, models.PROTECT, related_name="drives", verbose_name=_("demonstration car"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("car"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="test_drives", verbose_name=_("driver")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=TestDriveStatus.choices, default=TestDriveStatus.REQUESTED
    )
    place = models.CharField(_("place"), max_length=8, choices=Place.choices, default=Place.STORE)
    address = EncryptedTextField(_("address"), null=True, blank=True)
    licence_class = models.CharField(_("licence class"), max_length=8)
    licence_expires_on = models.DateField(_("licence valid until"))
    lead = models.ForeignKey("leads.Lead", models.SET_NULL, null=True, blank=True, related_name="test_drives")
    checked_in_at = models.DateTimeField(_("left at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    route = models.CharField(_("route"), max_length=200, blank=True, default="")
    kilometres_out = models.PositiveIntegerField(_("kilometres before"), null=True, blank=True)
    kilometres_in = models.PositiveIntegerField(_("kilometres after"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, default="")
    requested_at = models.DateTimeField(_("requested at"))

    class Meta:
        verbose_name = _("test drive")
        verbose_name_plural = _("test drives")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=TestDriveStatus.values), name="testdrives_status_known"),
            models.CheckConstraint(
                condition=~Q(place=Place.HOME) | Q(address__isnull=False), name="testdrives_home_has_an_address"
            ),
            models.CheckConstraint(
                condition=~Q(status=TestDriveStatus.CHECKED_IN) | Q(checked_in_at__isnull=False),
                name="testdrives_on_the_road_since",
            ),
            models.CheckConstraint(
                condition=~Q(status=TestDriveStatus.COMPLETED) | Q(completed_at__isnull=False),
                name="testdrives_back_since",
            ),
            models.CheckConstraint(
                condition=Q(kilometres_in__isnull=True)
                | Q(kilometres_out__isnull=True)
                | Q(kilometres_in__gte=models.F("kilometres_out")),
                name="testdrives_kilometres_grow",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-requested_at"], name="testdrives_of_house"),
            models.Index(fields=["member", "-requested_at"], name="testdrives_of_member"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.booking.starts_at

    @property
    def ends_at(self) -> datetime:
        """When the car is due back."""
        return self.booking.ends_at

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return self.status in OPEN

    @property
    def is_ahead(self) -> bool:
        """Whether it can still be moved or cancelled."""
        return self.status in AHEAD

    @property
    def driver_name(self) -> str:
        """The driver as the store greets them."""
        return self.member.get_full_name() or self.masked_phone

    @property
    def masked_phone(self) -> str:
        """The driver's phone number with its middle hidden while the drive is open; nothing afterwards."""
        return mask_phone(self.member.phone or "") if self.is_open else ""


class Agreement(models.Model):
    """What the driver signed: the text word for word, who, when, and the PDF with its hash once it is printed."""

    test_drive = models.OneToOneField(TestDrive, models.PROTECT, related_name="agreement")
    version = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("what was signed"))
    text_digest = models.CharField(_("SHA-256 of the text"), max_length=64)
    signed_by = EncryptedTextField(_("signed by"))
    signed_at = models.DateTimeField(_("signed at"))
    language = models.CharField(max_length=8)
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+")
    file_digest = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("signed agreement")
        verbose_name_plural = _("signed agreements")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True) | ~Q(file_digest=""), name="testdrives_pdf_has_its_hash"
            )
        ]

    def __str__(self) -> str:
        return f"{self.test_drive_id} {self.version}"


class DamagePhoto(models.Model):
    """How the car looked before or after a drive. Append-only."""

    test_drive = models.ForeignKey(TestDrive, models.PROTECT, related_name="photos")
    moment = models.CharField(_("moment"), max_length=8, choices=PhotoMoment.choices)
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("picture of a car")
        verbose_name_plural = _("pictures of cars")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.test_drive_id} {self.moment}"


class Survey(models.Model):
    """What the driver thought, asked once. Append-only."""

    test_drive = models.OneToOneField(TestDrive, models.PROTECT, related_name="survey")
    stars = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.CharField(_("comment"), max_length=500, blank=True, default="")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer of a driver")
        verbose_name_plural = _("answers of drivers")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="testdrives_one_to_five_stars")]

    def __str__(self) -> str:
        return f"{self.test_drive_id}: {self.stars}"
