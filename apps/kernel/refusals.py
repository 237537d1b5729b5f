"""Reading exceptions of the framework and the database as refusals, for the edges to tell."""

import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DataError, Error, InterfaceError, OperationalError
from django.http import Http404

from apps.kernel.errors import BadRequest, DomainError, Forbidden, NotFound, PayloadTooLarge, TryAgain

log = logging.getLogger(__name__)

# SQLSTATE. Source: PostgreSQL 18, appendix A.
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
CLASS_TRANSACTION_ROLLBACK = "40"  # deadlock, serialization failure


def as_refusal(error: BaseException) -> DomainError | None:
    """Return what an exception means to the client, or None if it is a bug or a framework's own business."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, RequestDataTooBig):
        return PayloadTooLarge()
    if isinstance(error, SuspiciousOperation):
        return BadRequest()
    if isinstance(error, ValidationError):
        # Raised by models and lookups, for instance by an id that is no UUID.
        return BadRequest(fields=getattr(error, "message_dict", {"non_field_errors": error.messages}))
    if isinstance(error, Error):
        refusal = _of_database(error)
        if refusal is not None:
            # The client reads a clean refusal; whoever runs the suite should still see how often this happens.
            log.warning("the database refused: %s", error, exc_info=error)
        return refusal
    if isinstance(error, UnicodeEncodeError) or (isinstance(error, ValueError) and "NUL (0x00)" in str(error)):
        # psycopg2 refuses NUL and lone surrogates before they reach the server.
        return BadRequest()
    return None


def _of_database(error: Error) -> DomainError | None:
    """Input out of range is the client's mistake; a lost race or a lost connection is worth another try."""
    if isinstance(error, DataError):
        return BadRequest()
    if isinstance(error, OperationalError | InterfaceError):
        return TryAgain()
    code = getattr(error.__cause__, "pgcode", None) or ""
    if code in {LOCK_NOT_AVAILABLE, QUERY_CANCELED} or code.startswith(CLASS_TRANSACTION_ROLLBACK):
        return TryAgain()
    return None
