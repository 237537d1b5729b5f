"""The trace a move leaves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StatusChange(models.Model):
    """One move of one object through its lifecycle; written by ``Lifecycle.move`` and never changed."""

    lifecycle = models.CharField(_("lifecycle"), max_length=80)
    object_label = models.CharField(_("kind of object"), max_length=80)  # "orders.sellerorder"
    object_id = models.CharField(_("object"), max_length=64)
    move = models.CharField(_("move"), max_length=60)
    from_status = models.CharField(_("from status"), max_length=40)
    to_status = models.CharField(_("to status"), max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("reason"), blank=True, default="")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        indexes = [models.Index(fields=["object_label", "object_id", "id"], name="kernel_status_object")]

    def __str__(self) -> str:
        return f"{self.object_label} {self.object_id}: {self.from_status} → {self.to_status}"
