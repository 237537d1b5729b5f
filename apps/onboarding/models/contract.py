"""Contracts: the wording by version, and what was signed, frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AppendOnlyTrigger, in_language
from apps.onboarding.models.application import Application
from apps.onboarding.models.submission import Submission
from apps.onboarding.states import ApplicantKind


class ContractTemplate(models.Model):
    """One version of the wording for a kind of applicant; of those in force the newest counts."""

    kind = models.CharField(_("kind"), max_length=10, choices=ApplicantKind.choices)
    version = models.CharField(_("version"), max_length=20)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    body_zh = models.TextField(_("text in Chinese"), help_text=_("One paragraph a line; # begins a heading."))
    body_en = models.TextField(_("text in English"))
    in_force_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("contract version")
        verbose_name_plural = _("contract versions")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="onboarding_one_text_per_version"),
            models.UniqueConstraint(fields=["kind", "in_force_from"], name="onboarding_one_text_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def body(self) -> str:
        """The text in the reader's language."""
        return in_language(self.body_zh, self.body_en)


class Contract(models.Model):
    """A signed contract: who signed what, when and from where, with the frozen copy and its digest. Written once."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="contracts")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="contract")
    template = models.ForeignKey(ContractTemplate, models.PROTECT, related_name="+", verbose_name=_("version"))
    language = models.CharField(_("language"), max_length=10)
    party_name = models.CharField(_("party"), max_length=120)
    party_uscc = models.CharField(_("unified social credit code"), max_length=18)
    signer_name = models.CharField(_("signed by"), max_length=60)
    signer_title = models.CharField(_("position"), max_length=60)
    signed_at = models.DateTimeField(_("signed at"))
    signed_from = models.GenericIPAddressField(_("signed from"), null=True, blank=True)
    signed_with = models.CharField(_("browser"), max_length=300, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, related_name="+", verbose_name=_("frozen copy"))
    digest = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="onboarding_contract_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_name} {self.template.version}"
