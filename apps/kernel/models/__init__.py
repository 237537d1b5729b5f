"""The kernel's tables."""

from apps.kernel.models.audit import AuditEntry, AuditSeal
from apps.kernel.models.idempotency import IdempotencyKey
from apps.kernel.models.import_run import ImportRow, ImportRun
from apps.kernel.models.inbox import InboxMessage
from apps.kernel.models.outbox import OutboxAggregate, OutboxDelivery, OutboxEvent
from apps.kernel.models.private_file import PrivateFile
from apps.kernel.models.refused_attempt import RefusedAttempt
from apps.kernel.models.status_change import StatusChange

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "IdempotencyKey",
    "ImportRow",
    "ImportRun",
    "InboxMessage",
    "OutboxAggregate",
    "OutboxDelivery",
    "OutboxEvent",
    "PrivateFile",
    "RefusedAttempt",
    "StatusChange",
]
