"""What an applicant handed in for one requirement."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, EncryptedTextField
from apps.onboarding.models.application import Application
from apps.onboarding.models.requirement import RequirementType
from apps.onboarding.states import SubmissionStatus


class Submission(models.Model):
    """
    One thing handed in, never changed afterwards but by its review. The latest wins; the ones before stay to compare.

    While a renewal waits, the accepted one before it goes on counting.
    """

    # What two submissions are compared by; ``account`` by its masked form, so that no page spells it out.
    COMPARED = (
        "number", "issuer", "holder", "bank", "account_masked", "valid_from", "valid_until", "file_name", "file_digest",
    )  # fmt: skip

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="submissions", verbose_name=_("application")
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    requirement = models.ForeignKey(
        RequirementType, models.PROTECT, related_name="submissions", verbose_name=_("requirement")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=SubmissionStatus.choices, default=SubmissionStatus.PENDING, editable=False
    )
    is_latest = models.BooleanField(_("latest"), default=True)
    number = models.CharField(_("number on the paper"), max_length=60, blank=True)
    issuer = models.CharField(_("issuer"), max_length=120, blank=True)
    holder = models.CharField(_("account holder"), max_length=120, blank=True)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    account = EncryptedTextField(_("account"), blank=True)
    account_masked = models.CharField(_("account"), max_length=20, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("last day of validity"), null=True, blank=True)
    file = models.ForeignKey(
        "kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    file_digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"))
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.TextField(_("reason"), blank=True)
    # The thresholds (days before the last day) that were told already; see policies.warning_due.
    told_days = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        triggers = [AuditTrigger(name="audit", masked=("holder",), ignored=("told_days",))]
        indexes = [
            models.Index(fields=["file_digest"], name="onboarding_file_digest"),
            models.Index(
                fields=["valid_until"],
                condition=Q(status="ACCEPTED", valid_until__isnull=False),
                name="onboarding_running_out",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "requirement"], condition=Q(is_latest=True), name="onboarding_one_latest"
            ),
            models.CheckConstraint(
                condition=Q(status="PENDING") | Q(decided_at__isnull=False),
                name="onboarding_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["REJECTED", "WAIVED"]) | ~Q(reason=""), name="onboarding_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=models.F("valid_until")),
                name="onboarding_valid_from_before_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} · {self.get_status_display()}"
