"""The audit trail: what triggers saw change, sealed in batches by a chain of digests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """A batch of audit entries under one digest that includes the digest of the batch before."""

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    entry_count = models.PositiveIntegerField(_("entries"))
    previous_digest = models.CharField(_("previous digest"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self) -> str:
        return f"#{self.number} {self.digest[:12]}"


class AuditEntry(models.Model):
    """
    One row changed in an audited table. Written by triggers only, also for ``QuerySet.update`` and plain SQL.

    The database refuses UPDATE, DELETE and TRUNCATE; the one permitted change is to join a seal, once.
    """

    table_name = models.CharField(_("table"), max_length=63)
    row_id = models.CharField(_("row"), max_length=64)
    operation = models.CharField(_("operation"), max_length=6)  # INSERT, UPDATE, DELETE
    # {column: [old, new]}; masked columns show "***".
    changed = models.JSONField(_("changed"))
    # None: the system itself. No foreign key: the trail outlives everybody.
    actor_id = models.BigIntegerField(_("user"), null=True, blank=True)
    # Who sat at the keyboard when somebody at headquarters acted as that user.
    impersonator_id = models.BigIntegerField(_("really"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    seal = models.ForeignKey(
        AuditSeal, verbose_name=_("seal"), null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["table_name", "row_id", "id"], name="kernel_audit_row"),
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="kernel_audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"
