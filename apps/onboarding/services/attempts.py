"""Every try leaves a row: who tried what, and what came of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from apps.accounts.api import User
from apps.kernel.api import DomainError, attempts
from apps.onboarding.models import Application, Attempt
from apps.onboarding.states import Action

Service = TypeVar("Service", bound=Callable[..., Any])


def attempted(action: Action) -> Callable[[Service], Service]:
    """
    Make a service atomic, and write down that it was tried, whether it went through or was refused.

    The service takes ``application_id``, ``by`` and ``now``; its ``reason`` and ``requirement`` are noted as well. What
    a refusal undid stays undone; only the row about it remains (as long as the caller's own transaction does).
    """

    def decorate(service: Service) -> Service:
        @wraps(service)
        def run(*, application_id: int, by: User | None, now: datetime, **details: Any) -> Any:
            note = {"reason": str(details.get("reason", "")), "requirement": str(details.get("requirement", ""))[:40]}

            def refused(refusal: DomainError) -> None:
                is_known = Application.objects.filter(pk=application_id).exists()
                note_attempt(
                    action=action,
                    application_id=application_id if is_known else None,
                    by=by,
                    now=now,
                    outcome=refusal.code,
                    context=refusal.as_body()["context"],
                    **note,
                )

            with attempts.undone_but_noted(refused):
                result = service(application_id=application_id, by=by, now=now, **details)
                note_attempt(action=action, application_id=application_id, by=by, now=now, **note)
            return result

        return run  # type: ignore[return-value]

    return decorate


def noted(action: Action) -> Callable[[Service], Service]:
    """Like ``attempted``, for the services that make an application: there is none yet while they are tried."""

    def decorate(service: Service) -> Service:
        @wraps(service)
        def run(*, by: User | None, now: datetime, **details: Any) -> Any:
            def refused(refusal: DomainError) -> None:
                note_attempt(action=action, application_id=None, by=by, now=now, outcome=refusal.code)

            with attempts.undone_but_noted(refused):
                application = service(by=by, now=now, **details)
                note_attempt(action=action, application_id=application.pk, by=by, now=now)
            return application

        return run  # type: ignore[return-value]

    return decorate


def note_attempt(
    *,
    action: Action,
    application_id: int | None,
    by: User | None,
    now: datetime,
    outcome: str = Attempt.DONE,
    reason: str = "",
    requirement: str = "",
    context: Mapping[str, Any] | None = None,
) -> Attempt:
    """Write one row of the trail."""
    return Attempt.objects.create(
        application_id=application_id,
        action=action,
        outcome=outcome,
        requirement=requirement,
        reason=reason,
        context=dict(context or {}),
        by_id=by.pk if by else None,
        at=now,
    )
