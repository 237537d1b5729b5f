"""What we require, by kind of applicant."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, in_language
from apps.onboarding.states import ApplicantKind, RequirementInput


class RequirementType(models.Model):
    """One thing an applicant of a kind hands in. The rows are data: headquarters may add and reword them."""

    kind = models.CharField(_("kind"), max_length=10, choices=ApplicantKind.choices)
    code = models.SlugField(_("code"), max_length=40)
    input = models.CharField(_("input"), max_length=20, choices=RequirementInput.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    hint_zh = models.CharField(_("hint in Chinese"), max_length=300, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    is_required = models.BooleanField(
        _("required"), default=True, help_text=_("What is not required may still be asked for, case by case.")
    )
    asks_number = models.BooleanField(_("asks for a number"), default=False)
    asks_issuer = models.BooleanField(_("asks for the issuer"), default=False)
    has_last_day = models.BooleanField(_("may run out"), default=False)
    blocks_when_expired = models.BooleanField(
        _("blocks when expired"), default=False, help_text=_("No new offers and orders until it is renewed.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="onboarding_one_requirement_per_code"),
            models.CheckConstraint(
                condition=models.Q(blocks_when_expired=False) | models.Q(has_last_day=True),
                name="onboarding_only_what_expires_blocks",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)

    @property
    def hint(self) -> str:
        """The hint in the reader's language."""
        return in_language(self.hint_zh, self.hint_en)
