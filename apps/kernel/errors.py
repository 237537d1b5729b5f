"""Named refusals. Every app says no with a subclass of ``DomainError``; the edges translate them (HTML or JSON)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """
    A refusal with a stable ``code``, an HTTP ``status`` and a message in the reader's language.

    ``message`` may name values of the context: ``_("Only %(left)s left.")``. ``fields`` says which inputs are at fault.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    message: ClassVar[str | Promise] = _("This is not possible.")

    def __init__(self, *, fields: Mapping[str, Sequence[str]] | None = None, **context: Any) -> None:
        super().__init__(self.code)
        self.fields: dict[str, list[str]] = {name: list(messages) for name, messages in (fields or {}).items()}
        self.context = context

    def __str__(self) -> str:
        text = str(self.message)
        return text % _Blanks(self.context) if "%(" in text else text

    def as_body(self) -> dict[str, Any]:
        """Return the JSON body every API answers: code, message, fields, context."""
        return {
            "code": self.code,
            "message": str(self),
            "fields": {name: [str(message) for message in messages] for name, messages in self.fields.items()},
            "context": as_plain(self.context),
        }


class _Blanks(dict[str, Any]):
    """A context that reads a value nobody gave as an empty string: a refusal must never fail while it is told."""

    def __missing__(self, key: str) -> str:
        return ""


def as_plain(value: Any) -> Any:
    """Return ``value`` made of what JSON knows; money becomes its JSON shape, anything else its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "as_json"):
        return value.as_json()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_plain(item) for item in value]
    return str(value)


class BadRequest(DomainError):
    """The request cannot be read as meant."""

    code = "invalid"
    status = 400
    message = _("Please check what you entered.")


class PayloadTooLarge(BadRequest):
    """The body is larger than anything we take."""

    code = "payload_too_large"
    status = 413
    message = _("This is too large. Please send less at once.")


class Unauthorized(DomainError):
    """Nobody is signed in, or the proof of identity is wrong."""

    code = "not_authenticated"
    status = 401
    message = _("Please sign in first.")


class Forbidden(DomainError):
    """The actor is known and may not do this."""

    code = "forbidden"
    status = 403
    message = _("You may not do this.")


class NotFound(DomainError):
    """There is no such object within the actor's reach; missing and foreign read alike."""

    code = "not_found"
    status = 404
    message = _("We could not find this.")


class Conflict(DomainError):
    """Somebody or something was faster: the state of the object forbids it now."""

    code = "conflict"
    status = 409
    message = _("This was changed in the meantime. Please look again.")


class Refused(DomainError):
    """A rule of the business forbids it."""


class Unavailable(DomainError):
    """Something we depend on does not answer; nothing was changed."""

    code = "unavailable"
    status = 503
    message = _("This is not available at the moment. Please try again later.")


class TryAgain(Unavailable):
    """The database gave up waiting for a lock, or broke a deadlock: the same request may well succeed now."""

    code = "try_again"
    message = _("Too many people are doing this at once. Please try again.")


class MoveNotAllowed(Conflict):
    """The object is not in a status from which this move starts."""

    code = "move_not_allowed"
    message = _("This is no longer possible in the current status.")


class IdempotencyKeyRequired(BadRequest):
    """The endpoint moves money, stock or slots and needs an ``Idempotency-Key``."""

    code = "idempotency_key_required"
    message = _("This request needs an Idempotency-Key header.")


class IdempotencyKeyInvalid(BadRequest):
    """The ``Idempotency-Key`` is empty, too long, or not printable ASCII."""

    code = "idempotency_key_invalid"
    message = _("The Idempotency-Key must be 1 to 200 printable ASCII characters.")


class IdempotencyKeyReused(Conflict):
    """The same key came with another body."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was already used for a different request.")


class RequestInProgress(Conflict):
    """A twin of this request is still being worked on."""

    code = "request_in_progress"
    message = _("The same request is still being processed. Please wait a moment.")


class LinkExpired(NotFound):
    """A signed link is forged, expired, or was made for somebody else."""

    message = _("This link has expired. Please open the page again.")


class FileRefused(Refused):
    """An upload is not what it claims to be, or not a type we keep."""

    code = "file_refused"
    message = _("Please upload a JPEG or PNG picture or a PDF of at most %(megabytes)s MB.")


class FileTooLarge(FileRefused):
    """An upload has more bytes, or a picture more pixels, than we take."""

    code = "file_too_large"
    message = _("This file is too large. Please upload at most %(megabytes)s MB.")


class FileNotPlain(FileRefused):
    """A PDF runs or carries something, is locked, or is a second kind of file as well; the context says which."""

    code = "file_not_plain"
    message = _("Please upload a plain PDF: without password, scripts, attachments or anything hidden in it.")


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met: a mistake in the program, never of the user."""


class DecryptionFailed(Exception):
    """A stored ciphertext does not decrypt: wrong key, wrong column or tampering. Never swallowed."""


class OutsideTransaction(RuntimeError):
    """A service that must join its caller's transaction was called without one: a mistake in the program."""
