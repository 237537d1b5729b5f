"""What was tried, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AppendOnlyTrigger
from apps.onboarding.states import Action


class Attempt(models.Model):
    """One try to move an application on, done or refused; written by ``attempted`` and never changed."""

    DONE = "done"

    application = models.ForeignKey(
        "onboarding.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("application"),
    )
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    outcome = models.CharField(_("outcome"), max_length=40)  # "done", or the code of the refusal
    requirement = models.CharField(_("requirement"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    context = models.JSONField(_("details"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        triggers = [AppendOnlyTrigger(name="append_only")]
        indexes = [models.Index(fields=["application", "id"], name="onboarding_attempts_of")]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.outcome}"

    @property
    def is_done(self) -> bool:
        """Whether it went through."""
        return self.outcome == self.DONE
