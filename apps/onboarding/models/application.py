"""Applications: the file that we keep on a supplier or dealer, from the first contact on."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import Language
from apps.kernel.api import AuditTrigger, EncryptedTextField, in_language
from apps.onboarding.states import ApplicantKind, ApplicationStatus


class Application(models.Model):
    """
    One company's way in, and afterwards the file with its papers: what runs out is renewed here.

    What the applicant types is kept as it was typed (``draft``) until it is handed in.
    """

    number = models.CharField(_("application number"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ApplicantKind.choices)
    organization = models.OneToOneField(
        "accounts.Organization", models.PROTECT, related_name="application", verbose_name=_("organization")
    )
    status = models.CharField(_("status"), max_length=20, choices=ApplicationStatus.choices, editable=False)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    region = models.CharField(_("province and city"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    business = models.CharField(_("business"), max_length=300, blank=True)
    contact_name = models.CharField(_("contact"), max_length=60)
    contact_email = models.EmailField(_("contact's e-mail"))
    contact_phone = EncryptedTextField(_("contact's phone"), blank=True)
    contact_confirmed_at = models.DateTimeField(_("contact confirmed at"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.ZH_HANS)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applicant")
    )
    draft_json = EncryptedTextField(blank=True)
    saved_at = models.DateTimeField(_("last saved at"), null=True, blank=True)
    asked_for = models.JSONField(_("asked for"), default=list, blank=True)
    note = models.TextField(_("note to the applicant"), blank=True)
    link_version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(_("started at"))
    started_from = models.GenericIPAddressField(_("started from"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed as overdue at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision_reason = models.TextField(_("reason"), blank=True)
    # Who approved although something was missing, why, and what it was: all three or none.
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("overridden by"),
    )
    override_reason = models.TextField(_("reason of the override"), blank=True)
    override_missing = models.JSONField(_("missing at the override"), default=list, blank=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        triggers = [
            AuditTrigger(
                name="audit",
                masked=("contact_name", "contact_email", "started_from"),
                ignored=("saved_at", "draft_json"),
            )
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at"], name="onboarding_queue"),
            models.Index(fields=["contact_email"], name="onboarding_contact"),
        ]
        constraints = [
            # Only who is past the draft holds a number: a stranger's draft must not lock a company out.
            models.UniqueConstraint(
                fields=["kind", "uscc"],
                condition=Q(status__in=["READY_FOR_REVIEW", "APPROVED"]) & ~Q(uscc=""),
                name="onboarding_one_application_per_uscc",
            ),
            models.CheckConstraint(
                condition=Q(overridden_by__isnull=True, override_reason="", override_missing=[])
                | Q(overridden_by__isnull=False) & ~Q(override_reason="") & ~Q(override_missing=[]),
                name="onboarding_override_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["APPROVED", "REJECTED"]) | Q(decided_at__isnull=False),
                name="onboarding_decision_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        """The company's name in the reader's language."""
        return in_language(self.name_zh, self.name_en or self.name_zh)

    @property
    def draft(self) -> dict[str, Any]:
        """What was typed and not handed in yet: ``section.field`` → text."""
        return json.loads(self.draft_json) if self.draft_json else {}
