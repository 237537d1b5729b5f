"""The kernel's door. REST and HTML tools are lent by ``apps.kernel.rest`` and ``apps.kernel.web``."""

from apps.kernel import audit, idempotency, imports, inbox, outbox, ports, private_files
from apps.kernel.audit import AppendOnlyTrigger, AuditTrigger
from apps.kernel.crypto import blind_index, decrypt, encrypt
from apps.kernel.errors import (
    BadRequest,
    Conflict,
    CurrencyMismatch,
    DecryptionFailed,
    DomainError,
    FileRefused,
    Forbidden,
    IdempotencyKeyInvalid,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    LinkExpired,
    MoveNotAllowed,
    NotFound,
    OutsideTransaction,
    PayloadTooLarge,
    Refused,
    RequestInProgress,
    TryAgain,
    Unauthorized,
    Unavailable,
)
from apps.kernel.fields import EncryptedTextField
from apps.kernel.lifecycle import Lifecycle
from apps.kernel.models import (
    AuditEntry,
    AuditSeal,
    ImportRow,
    ImportRun,
    OutboxDelivery,
    OutboxEvent,
    PrivateFile,
    StatusChange,
)
from apps.kernel.money import Money, sum_money
from apps.kernel.page_cache import forget_pages, forget_pages_now
from apps.kernel.read_only_admin import ReadOnlyAdminMixin
from apps.kernel.states import ImportStatus

__all__ = [
    "AppendOnlyTrigger",
    "AuditEntry",
    "AuditSeal",
    "AuditTrigger",
    "BadRequest",
    "Conflict",
    "CurrencyMismatch",
    "DecryptionFailed",
    "DomainError",
    "EncryptedTextField",
    "FileRefused",
    "Forbidden",
    "IdempotencyKeyInvalid",
    "IdempotencyKeyRequired",
    "IdempotencyKeyReused",
    "ImportRow",
    "ImportRun",
    "ImportStatus",
    "Lifecycle",
    "LinkExpired",
    "Money",
    "MoveNotAllowed",
    "NotFound",
    "OutboxDelivery",
    "OutboxEvent",
    "OutsideTransaction",
    "PayloadTooLarge",
    "PrivateFile",
    "ReadOnlyAdminMixin",
    "Refused",
    "RequestInProgress",
    "StatusChange",
    "TryAgain",
    "Unauthorized",
    "Unavailable",
    "audit",
    "blind_index",
    "decrypt",
    "encrypt",
    "forget_pages",
    "forget_pages_now",
    "idempotency",
    "imports",
    "inbox",
    "outbox",
    "ports",
    "private_files",
    "sum_money",
]
