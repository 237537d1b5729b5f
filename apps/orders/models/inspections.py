"""The inspection before delivery: the checklist as data, what was found on each car, photos, and the signature."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, in_language
from apps.orders.models.fulfilments import Fulfilment
from apps.orders.states import InspectionStatus, Result, Section


class ChecklistItem(models.Model):
    """
    One thing to look at before a car is handed over.

    It belongs to the cars of its body types and powertrains; an empty list means all. Rows are edited by HQ; what was
    inspected already keeps the words it was inspected by.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    name_zh = models.CharField(_("what to look at (Chinese)"), max_length=120)
    name_en = models.CharField(_("what to look at (English)"), max_length=160)
    body_types = ArrayField(models.CharField(max_length=16), verbose_name=_("body types"), default=list, blank=True)
    powertrains = ArrayField(models.CharField(max_length=8), verbose_name=_("powertrains"), default=list, blank=True)
    needs_photo = models.BooleanField(_("needs a photo"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("item of the inspection")
        verbose_name_plural = _("items of the inspection")
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """What to look at, in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class Inspection(models.Model):
    """
    The inspection of one car of a fulfilment. ``signature`` is a picture where somebody drew it on the screen.

    ``is_attested``: the dealer's own system said that the car passed; it keeps the details.
    """

    fulfilment = models.ForeignKey(Fulfilment, models.PROTECT, related_name="inspections")
    vin = models.CharField(_("VIN"), max_length=17)
    status = models.CharField(
        _("status"), max_length=8, choices=InspectionStatus.choices, default=InspectionStatus.OPEN
    )
    is_attested = models.BooleanField(_("attested by the dealer's system"), default=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    signed_name = models.CharField(_("signed by"), max_length=60, blank=True, default="")
    signature = models.ForeignKey("kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.UniqueConstraint(fields=["fulfilment", "vin"], name="orders_one_inspection_per_car"),
            models.CheckConstraint(
                condition=Q(status__in=InspectionStatus.values), name="orders_inspection_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=InspectionStatus.PASSED) | Q(signed_at__isnull=False),
                name="orders_passed_inspection_is_signed",
            ),
        ]
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return f"{self.fulfilment_id}: {self.vin}"


class InspectionItem(models.Model):
    """One item of one car's inspection, in the words of the day it was opened."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="items")
    code = models.CharField(_("code"), max_length=40)
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    needs_photo = models.BooleanField(_("needs a photo"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(_("result"), max_length=8, choices=Result.choices, blank=True, default="")
    note = models.CharField(_("what was found"), max_length=300, blank=True, default="")
    repair_note = models.CharField(_("how it was repaired"), max_length=300, blank=True, default="")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("inspected item")
        verbose_name_plural = _("inspected items")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "code"], name="orders_item_once_per_inspection"),
            models.CheckConstraint(condition=Q(result__in=["", *Result.values]), name="orders_result_known"),
            models.CheckConstraint(condition=~Q(result=Result.FAULT) | ~Q(note=""), name="orders_fault_says_what"),
            models.CheckConstraint(
                condition=Q(repair_note="") | Q(result=Result.FAULT), name="orders_repair_is_of_a_fault"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}: {self.code}"

    @property
    def name(self) -> str:
        """What was looked at, in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class InspectionPhoto(models.Model):
    """A photo of an inspected item; the file is private."""

    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="photos")
    file = models.OneToOneField("kernel.PrivateFile", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("photo of an inspection")
        verbose_name_plural = _("photos of inspections")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.file_id}"


class RecipientReveal(models.Model):
    """Who at a dealer looked at a buyer's whole phone number, and why. Append-only."""

    fulfilment = models.ForeignKey(Fulfilment, models.PROTECT, related_name="reveals")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("look at a buyer's phone number")
        verbose_name_plural = _("looks at buyers' phone numbers")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="orders_reveal_says_why")]
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.fulfilment_id}: {self.by_id}"
