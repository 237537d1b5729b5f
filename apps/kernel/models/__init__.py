"""The kernel's tables."""

from apps.kernel.models.audit import AuditEntry, AuditSeal
from apps.kernel.models.idempotency import IdempotencyKey
from apps.kernel.models.inbox import InboxMessage
from apps.kernel.models.outbox import OutboxAggregate, OutboxDelivery, OutboxEvent
from apps.kernel.models.private_file import PrivateFile
from apps.kernel.models.status_change import StatusChange

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "IdempotencyKey",
    "InboxMessage",
    "OutboxAggregate",
    "OutboxDelivery",
    "OutboxEvent",
    "PrivateFile",
    "StatusChange",
]
