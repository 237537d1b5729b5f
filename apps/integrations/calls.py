"""Calls to outside systems: bounded in time, behind a breaker, repeated only where a number makes that harmless."""

from collections.abc import Callable
from typing import Any, TypeVar
from zipfile import BadZipFile

import stamina
from django.conf import settings
from pybreaker import CircuitBreaker, CircuitBreakerError

from apps.payments.errors import ProviderRefused, ProviderUnavailable
from apps.payments.ports import CloseOutcome, ProviderState, ProviderStatus

T = TypeVar("T")

# So many failures in a row open the breaker; after so many seconds one caller may try whether it can be closed.
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 20
# A repeatable call gets one more chance, and only if the first failed fast enough to leave room within the deadline.
ATTEMPTS = 2
# What reading an answer raises that is not as documented.
UNREADABLE = (ValueError, KeyError, TypeError, OSError, BadZipFile)
# What the refusal to close a trade means, by how the trade stands.
OUTCOMES_OF_CLOSING = {
    ProviderStatus.PAID: CloseOutcome.PAID,
    ProviderStatus.CLOSED: CloseOutcome.CLOSED,
    ProviderStatus.ABSENT: CloseOutcome.ABSENT,
}


class PassingBreaker(CircuitBreaker):
    """
    A breaker that lets callers pass side by side.

    The library's own ``call`` holds a lock while the outside system thinks: one slow answer would queue up every thread
    of the process. States and counters lock for themselves; that two threads may count a failure at once and lose one
    only means that the breaker opens one failure later.
    """

    def call(self, func: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call in the current state, without the lock."""
        return self.state.call(func, *args, **kwargs)


def connect_and_read_seconds() -> tuple[float, float]:
    """Return how long to wait for a connection and for an answer; together they are the deadline of outside calls."""
    deadline = float(settings.OUTSIDE_DEADLINE)
    connect = min(3.0, deadline * 0.4)
    return connect, deadline - connect


class OutsideCalls:
    """The calls to one payment provider. ``transport_errors`` are what its SDK raises when nobody answered."""

    def __init__(self, provider: str, *, transport_errors: tuple[type[Exception], ...]) -> None:
        self.provider = provider
        self.transport_errors = transport_errors
        self.breaker = PassingBreaker(
            name=provider,
            fail_max=FAILURES_TO_OPEN,
            reset_timeout=OPEN_SECONDS,
            # A "no" is an answer.
            exclude=[ProviderRefused],
            throw_new_error_on_trip=False,
        )

    def once(self, work: Callable[[], T]) -> T:
        """
        Do ``work`` unless the provider has been failing.

        :raises ProviderUnavailable: if nobody answered, or nobody was asked
        """
        try:
            return self.breaker.call(work)
        except CircuitBreakerError:
            raise ProviderUnavailable(provider=self.provider, reason="breaker open") from None
        except self.transport_errors as error:
            raise ProviderUnavailable(provider=self.provider, reason=type(error).__name__) from error

    def repeatable(self, work: Callable[[], T]) -> T:
        """
        Do ``work`` that may be done twice without harm, once more if it failed fast.

        :raises ProviderUnavailable: if nobody answered either time
        """
        for attempt in stamina.retry_context(
            on=_is_worth_another,
            attempts=ATTEMPTS,
            timeout=float(settings.OUTSIDE_DEADLINE) / 2,
            wait_initial=0.1,
            wait_jitter=0.1,
        ):
            with attempt:
                return self.once(work)
        raise ProviderUnavailable(provider=self.provider)

    def read(self, reading: Callable[[], T]) -> T:
        """
        Do ``reading``, which reads what the provider answered.

        :raises ProviderUnavailable: if it is not as documented: nobody knows what was meant
        """
        try:
            return reading()
        except UNREADABLE as error:
            raise ProviderUnavailable(provider=self.provider, reason=f"unreadable answer: {error}") from error


def close_trade(*, close: Callable[[], object], query: Callable[[], ProviderState]) -> CloseOutcome:
    """
    Close a trade, and ask how it stands where that is refused: it may be paid, or closed already, or not begun.

    :raises ProviderRefused: if it is none of these
    """
    try:
        close()
    except ProviderRefused:
        status = query().status
        if status not in OUTCOMES_OF_CLOSING:
            raise
        return OUTCOMES_OF_CLOSING[status]
    return CloseOutcome.CLOSED


def _is_worth_another(error: Exception) -> bool:
    return isinstance(error, ProviderUnavailable) and error.context.get("reason") != "breaker open"
