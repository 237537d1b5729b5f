"""What was tried and refused: the one thing that a refusal leaves behind."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.audit.triggers import AppendOnlyTrigger, AuditTrigger


class RefusedAttempt(models.Model):
    """
    One call of a service that was refused; written by ``attempts.trailed`` and never changed.

    Audited like any other row, so that it stands in the sealed trail with whoever really acted.
    """

    action = models.CharField(_("what was tried"), max_length=60)  # "catalog.put_offer"
    subject = models.CharField(_("about"), max_length=120, blank=True)  # what the service knows the object by
    code = models.CharField(_("refused by"), max_length=60)  # the code of the refusal
    asked = models.JSONField(_("what was asked"), default=dict, blank=True)
    context = models.JSONField(_("details"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("refused attempt")
        verbose_name_plural = _("refused attempts")
        triggers = [AppendOnlyTrigger(name="append_only"), AuditTrigger(name="audit")]
        indexes = [models.Index(fields=["action", "subject", "-id"], name="kernel_refused_about")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}: {self.code}"
