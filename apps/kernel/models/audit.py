"""The audit trail: what triggers saw change, sealed in batches by a chain of digests."""

from django.db import models


class AuditSeal(models.Model):
    """A batch of audit entries under one digest that includes the digest of the batch before."""

    number = models.PositiveBigIntegerField(unique=True)
    entry_count = models.PositiveIntegerField()
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.number} {self.digest[:12]}"


class AuditEntry(models.Model):
    """
    One row changed in an audited table. Written by triggers only, also for ``QuerySet.update`` and plain SQL.

    The database refuses UPDATE, DELETE and TRUNCATE; the one permitted change is to join a seal, once.
    """

    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=6)  # INSERT, UPDATE, DELETE
    changed = models.JSONField()  # {column: [old, new]}; masked columns show "***"
    actor_id = models.BigIntegerField(null=True, blank=True)  # None: the system itself
    at = models.DateTimeField()
    seal = models.ForeignKey(AuditSeal, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["table_name", "row_id", "id"], name="kernel_audit_row"),
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="kernel_audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"
