"""Handing a car over by appointment: the booked time, the record of the day, what was handed over, what was signed."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, EncryptedTextField, in_language
from apps.orders.models.fields import one_of
from apps.orders.models.fulfilments import Fulfilment
from apps.orders.states import HandedKind, IdentityPaper, Receiver, RecordStatus


class HandoverAppointment(models.Model):
    """
    When a buyer fetches a car. ``ended_at``: it took place, was cancelled, or nobody came; its booking says which.

    The booking keeps others away from the area; a fulfilment has at most one appointment ahead.
    """

    fulfilment = models.ForeignKey(Fulfilment, models.PROTECT, related_name="appointments")
    booking = models.OneToOneField("scheduling.Booking", models.PROTECT, related_name="handover")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="+", verbose_name=_("store"))
    is_by_store = models.BooleanField(_("made by the store"), default=False)
    created_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("over since"), null=True, blank=True)

    class Meta:
        verbose_name = _("handover appointment")
        verbose_name_plural = _("handover appointments")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment"], condition=Q(ended_at__isnull=True), name="orders_one_handover_appointment_ahead"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="orders_handovers_of_house")]

    def __str__(self) -> str:
        return f"{self.fulfilment_id}: {self.booking_id}"

    @property
    def is_ahead(self) -> bool:
        """Whether it can still be moved or cancelled."""
        return self.ended_at is None


class HandoverItem(models.Model):
    """
    Something that belongs to a handover: a paper, or a piece of the welcome pack.

    It belongs to cars of its powertrains; an empty list means all. Rows are edited by HQ; a record that was begun
    keeps the words of that day.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=HandedKind.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=160)
    powertrains = ArrayField(models.CharField(max_length=8), verbose_name=_("powertrains"), default=list, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("handover item")
        verbose_name_plural = _("handover items")
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """What it is, in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class HandoverText(models.Model):
    """What receivers of cars sign, from a day on, in both languages. What was signed is frozen with the record."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    body_zh = models.TextField(_("text in Chinese"))
    body_en = models.TextField(_("text in English"))
    valid = DateRangeField(_("valid"), help_text=_("From the first day until before the last."))

    class Meta:
        verbose_name = _("text of the handover record")
        verbose_name_plural = _("texts of the handover record")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="orders_one_handover_text_per_day", expressions=[("valid", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="orders_handover_text_runs_for_a_day"),
        ]

    def __str__(self) -> str:
        return self.version

    def body_in(self, language: str) -> str:
        """Return the text in a language we write."""
        return self.body_en if language.startswith("en") else self.body_zh


class HandoverRecord(models.Model):
    """
    What is done on the day a car is handed over: who receives it, what was given, what was signed.

    One for each fulfilment. From the signature on nothing of it changes; ``text`` is what was signed, word for word.
    """

    fulfilment = models.OneToOneField(Fulfilment, models.PROTECT, related_name="handover_record")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=8, choices=RecordStatus.choices, default=RecordStatus.OPEN)
    receiver = models.CharField(_("received by"), max_length=8, choices=Receiver.choices, blank=True, default="")
    receiver_name = EncryptedTextField(_("name of the receiver"), blank=True, default="")
    identity_paper = models.CharField(
        _("identity paper"), max_length=12, choices=IdentityPaper.choices, blank=True, default=""
    )
    identity_checked_at = models.DateTimeField(_("identity checked at"), null=True, blank=True)
    identity_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kilometres = models.PositiveIntegerField(_("kilometres"), null=True, blank=True)
    papers_given_at = models.DateTimeField(_("papers given at"), null=True, blank=True)
    pack_given_at = models.DateTimeField(_("welcome pack given at"), null=True, blank=True)
    version = models.CharField(_("version"), max_length=20, blank=True, default="")
    text = EncryptedTextField(_("what was signed"), blank=True, default="")
    text_digest = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="")
    signed_name = EncryptedTextField(_("signed by"), blank=True, default="")
    signature = models.ForeignKey("kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+")
    file_digest = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True, default="")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("handover record")
        verbose_name_plural = _("handover records")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            one_of("status", RecordStatus, "handover_record"),
            models.CheckConstraint(
                condition=Q(identity_checked_at__isnull=True) | ~Q(receiver="", identity_paper=""),
                name="orders_identity_says_whose_and_by_what",
            ),
            models.CheckConstraint(
                condition=Q(status=RecordStatus.OPEN)
                | Q(
                    signed_at__isnull=False,
                    identity_checked_at__isnull=False,
                    papers_given_at__isnull=False,
                    pack_given_at__isnull=False,
                )
                & ~Q(text_digest=""),
                name="orders_signed_record_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True) | ~Q(file_digest=""), name="orders_handover_pdf_has_its_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fulfilment_id} ({self.status})"


class HandedItem(models.Model):
    """One paper or piece of the welcome pack, as its row said on the day, and whether it was handed over."""

    record = models.ForeignKey(HandoverRecord, models.PROTECT, related_name="items")
    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=HandedKind.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=160)
    is_required = models.BooleanField(_("required"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_given = models.BooleanField(pgettext_lazy("handover", "handed over"), default=False)

    class Meta:
        verbose_name = _("handed item")
        verbose_name_plural = _("handed items")
        constraints = [models.UniqueConstraint(fields=["record", "code"], name="orders_item_once_per_record")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.code}"

    @property
    def name(self) -> str:
        """What it is, in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class HandoverPhoto(models.Model):
    """How the car looked when it was handed over. Append-only; the file is private."""

    record = models.ForeignKey(HandoverRecord, models.PROTECT, related_name="photos")
    file = models.OneToOneField("kernel.PrivateFile", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("photo of a handover")
        verbose_name_plural = _("photos of handovers")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.file_id}"
