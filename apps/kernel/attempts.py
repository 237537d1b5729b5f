"""
Refusals that leave a trace: a service's transaction rolls back, the note that it was tried stays.

``undone_but_noted`` is the shape, for apps that keep notes of their own; ``trailed`` writes ours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction

from apps.kernel.errors import DomainError, as_plain
from apps.kernel.models import RefusedAttempt

Service = TypeVar("Service", bound=Callable[..., Any])
LONGEST_SUBJECT = 120


@contextmanager
def undone_but_noted(note: Callable[[DomainError], Any]) -> Iterator[None]:
    """
    Run a block in one transaction; when it is refused, undo it, ``note`` the refusal outside of it, and pass it on.

    The note stays as long as the caller's own transaction does.
    """
    try:
        with transaction.atomic():
            yield
    except DomainError as refusal:
        note(refusal)
        raise


def trailed(action: str, *, subject: str, keeps: Sequence[str] = ()) -> Callable[[Service], Service]:
    """
    Make a service atomic, and leave a ``RefusedAttempt`` in the audit trail whenever it is refused.

    The service takes keywords, ``by`` and ``now`` among them; ``subject`` names the one that says what it is about,
    ``keeps`` those worth keeping beside it; ``wish.price`` is the price of the keyword ``wish``.
    """

    def decorate(service: Service) -> Service:
        @wraps(service)
        def run(**asked: Any) -> Any:
            def note(refusal: DomainError) -> None:
                body = refusal.as_body()
                by = asked.get("by")
                RefusedAttempt.objects.create(
                    action=action,
                    subject=str(_read(asked, subject) or "")[:LONGEST_SUBJECT].replace("\x00", ""),
                    code=refusal.code,
                    asked={name: value for name in keeps if (value := as_plain(_read(asked, name))) is not None},
                    context=body["context"] | ({"fields": body["fields"]} if body["fields"] else {}),
                    by_id=by.pk if by else None,
                    at=asked["now"],
                )

            with undone_but_noted(note):
                return service(**asked)

        return run  # type: ignore[return-value]

    return decorate


def _read(asked: Mapping[str, Any], path: str) -> Any:
    name, *rest = path.split(".")
    value = asked.get(name)
    for part in rest:
        value = getattr(value, part, None)
    return value
