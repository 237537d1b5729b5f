"""Idempotency keys: the first answer to a request, kept for its repetitions."""

from django.db import models
from django.db.models import Q

from apps.kernel.fields import EncryptedTextField
from apps.kernel.states import KeyStatus


class IdempotencyKey(models.Model):
    """One use of one key: who works on it until when, and what was answered."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the request
    status = models.CharField(max_length=10, choices=KeyStatus, default=KeyStatus.STARTED)
    # Counts the holders of the lease: only the latest may store an answer.
    holder = models.PositiveIntegerField(default=1)
    lease_ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    response_status = models.PositiveSmallIntegerField(null=True, blank=True)
    # The JSON text itself, byte for byte; encrypted because answers name people and carry order tokens.
    response_body = EncryptedTextField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="kernel_idempotency_once"),
            models.CheckConstraint(condition=Q(status__in=KeyStatus.values), name="kernel_idempotency_status"),
            models.CheckConstraint(
                condition=~Q(status="FINISHED") | Q(response_status__isnull=False, response_body__isnull=False),
                name="kernel_idempotency_answer",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="kernel_idempotency_age")]

    def __str__(self) -> str:
        return f"{self.scope}: {self.key}"
