"""``Idempotency-Key`` for API methods."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel import idempotency
from apps.kernel.errors import IdempotencyKeyRequired

Method = Callable[..., Response]


def idempotent(*, scope: str, principal: Callable[[Request], str] | None = None) -> Callable[[Method], Method]:
    """
    Answer a repeated request with the first answer: decorates a view's ``post`` or ``put``.

    The header ``Idempotency-Key`` is required; it counts per ``scope`` and actor (``principal``: the signed-in user, or
    the guest's session). Validation errors are not kept: the corrected request may use the same key.
    """
    name_actor = principal or get_principal

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            key = request.headers.get("Idempotency-Key", "")
            if not key:
                raise IdempotencyKeyRequired

            def work() -> tuple[int, dict[str, Any]]:
                response = method(view, request, *args, **kwargs)
                return response.status_code, response.data

            status, body, is_replay = idempotency.run(
                scope=f"{scope}:{name_actor(request)}",
                key=key,
                fingerprint={"method": request.method, "path": request.path, "body": request.data},
                now=timezone.now(),
                work=work,
            )
            return Response(body, status=status, headers={"Idempotency-Replayed": "true"} if is_replay else {})

        return answer

    return decorate


def get_principal(request: Request) -> str:
    """Name the actor a key belongs to: the signed-in user, else the guest's session, else nobody in particular."""
    if request.user is not None and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    session = getattr(request, "session", None)
    return f"session:{session.session_key}" if session is not None and session.session_key else "guest"


class IdempotentMixin:
    """Makes ``post`` of a view idempotent under ``idempotency_scope``."""

    idempotency_scope = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "post" in cls.__dict__:
            cls.post = idempotent(scope=cls.idempotency_scope)(cls.__dict__["post"])  # type: ignore[attr-defined]
