"""Applications for loans, their papers, the consents given for them, and what lenders told us."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.financing.models.products import FinanceProduct
from apps.financing.states import LIVE_APPLICATIONS, ApplicationStatus, DocumentKind, LenderVerdict
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, EncryptedTextField, Money


class FinanceApplication(models.Model):
    """
    One person's application for a loan on one order.

    The product's version, the term and the amounts are frozen as they were quoted at ``quoted_at``, so that the plan
    can be drawn up again. ``sent_at`` is when the lender last had all of it; ``next_query_at`` when we ask it next;
    ``warn_at`` when the applicant is told that the approval soon runs out.
    """

    number = models.CharField(_("number"), max_length=32, unique=True)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="finance_applications", verbose_name=_("applicant")
    )
    order_number = models.CharField(_("order number"), max_length=64, db_index=True)
    car_zh = models.CharField(_("car in Chinese"), max_length=200)
    car_en = models.CharField(_("car in English"), max_length=200)
    product = models.ForeignKey(FinanceProduct, models.PROTECT, related_name="applications", verbose_name=_("product"))
    months = models.PositiveSmallIntegerField(_("months"))
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    down_payment = models.DecimalField(_("down payment"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    quoted_at = models.DateTimeField(_("quoted at"))
    status = models.CharField(
        _("status"), max_length=10, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT
    )
    applicant_name = EncryptedTextField(_("name"), blank=True, default="")
    identity_number = EncryptedTextField(_("identity number"), blank=True, default="")
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    monthly_income = EncryptedTextField(_("monthly income"), blank=True, default="")
    lender_reference = models.CharField(_("lender's reference"), max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    next_query_at = models.DateTimeField(_("next question at"), null=True, blank=True)
    approved_until = models.DateTimeField(_("approved until"), null=True, blank=True)
    warn_at = models.DateTimeField(_("reminder at"), null=True, blank=True)
    asked_for = models.JSONField(_("asked for"), default=list, blank=True)
    reason = models.CharField(_("lender's words"), max_length=300, blank=True, default="")
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signer_name = EncryptedTextField(_("signed as"), blank=True, default="")
    contract = models.ForeignKey(
        "kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contract")
    )
    contract_digest = models.CharField(_("contract's SHA-256"), max_length=64, blank=True, default="")
    disbursed_at = models.DateTimeField(_("paid out at"), null=True, blank=True)
    payment_number = models.CharField(_("payment number"), max_length=32, blank=True, default="")

    class Meta:
        verbose_name = _("finance application")
        verbose_name_plural = _("finance applications")
        constraints = [
            models.UniqueConstraint(
                fields=["order_number"],
                condition=Q(status__in=LIVE_APPLICATIONS),
                name="financing_one_live_application_per_order",
            ),
            models.UniqueConstraint(
                fields=["lender_reference"],
                condition=~Q(lender_reference=""),
                name="financing_lender_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="financing_application_status"
            ),
            models.CheckConstraint(
                condition=Q(down_payment__gte=0, down_payment__lt=F("price")), name="financing_something_is_financed"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ApplicationStatus.SIGNED, ApplicationStatus.DISBURSED])
                | Q(signed_at__isnull=False) & ~Q(contract_digest=""),
                name="financing_signed_has_a_contract",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.DISBURSED)
                | Q(disbursed_at__isnull=False) & ~Q(payment_number=""),
                name="financing_paid_out_has_a_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_query_at"], condition=Q(next_query_at__isnull=False), name="financing_query_queue"
            ),
            models.Index(fields=["warn_at"], condition=Q(warn_at__isnull=False), name="financing_warning_queue"),
        ]
        triggers = [AuditTrigger(name="audit", ignored=["next_query_at", "warn_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def amount(self) -> Money:
        """What is to be lent."""
        return Money(self.price - self.down_payment, self.currency)


class FinanceDocument(models.Model):
    """One paper of an application, encrypted; a newer one of the same kind takes its place and both stay."""

    application = models.ForeignKey(
        FinanceApplication, models.PROTECT, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind.choices)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    # The checked content in base64, under the same keys as every encrypted column.
    content = EncryptedTextField(_("content"))
    handed_in_at = models.DateTimeField(_("handed in at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("finance document")
        verbose_name_plural = _("finance documents")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="financing_document_kind"),
        ]
        triggers = [
            AuditTrigger(name="audit", masked=["content"]),
            pgtrigger.ReadOnly(name="written_once", exclude=["sent_at", "content"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class FinanceConsent(models.Model):
    """What the applicant agreed to, apart from everything else, in the words that were shown. Append-only."""

    application = models.ForeignKey(
        FinanceApplication, models.PROTECT, related_name="consents", verbose_name=_("application")
    )
    version = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("what was agreed to"))
    lender_name = models.CharField(_("lender"), max_length=120)
    given_at = models.DateTimeField(_("agreed at"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("finance consent")
        verbose_name_plural = _("finance consents")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return self.version


class LenderEvent(models.Model):
    """One piece of verified news from a lender, and what it meant. Append-only; an event id counts once."""

    application = models.ForeignKey(
        FinanceApplication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("application"),
    )
    event_id = models.CharField(_("lender's event id"), max_length=160, unique=True)
    number = models.CharField(_("number"), max_length=64)
    told_status = models.CharField(_("told status"), max_length=20)
    verdict = models.CharField(_("verdict"), max_length=20, choices=LenderVerdict.choices)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("lender's news")
        verbose_name_plural = _("lenders' news")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return self.event_id
