"""Who listens to which fact. Filled by the ``handlers.py`` of every app when the process starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, TypeVar

F = TypeVar("F", bound=Callable[..., None])
C = TypeVar("C", bound=Callable[[Sequence[Any]], None])


class Fact(Protocol):
    """What the outbox needs to know of a fact: a frozen dataclass of primitives with a name and an aggregate."""

    name: ClassVar[str]
    aggregate: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True)
class Subscription:
    """One handler of one kind of fact."""

    name: str
    fact_class: type[Any]
    handle: Callable[..., None]

    def rebuild(self, payload: dict[str, Any]) -> Any:
        """Return the fact; what a newer recorder added and this process does not know yet is left out."""
        known = {field.name for field in fields(self.fact_class)}
        return self.fact_class(**{name: value for name, value in payload.items() if name in known})


_subscriptions: dict[str, Subscription] = {}
# What runs right after the commit, by name of the fact.
_at_commit: dict[str, list[Callable[[Sequence[Any]], None]]] = {}


def subscribe(fact_class: type[Any], *, name: str) -> Callable[[F], F]:
    """
    Call the decorated ``handler(fact, *, event)`` for every fact of this class, under a name that never changes.

    The handler runs in the transaction that marks its delivery done. ``event`` has ``event_id`` and ``occurred_at``.

    :raises ValueError: if another function already has the name
    """

    def register(handle: F) -> F:
        taken = _subscriptions.get(name)
        if taken is not None and (taken.handle.__module__, taken.handle.__qualname__) != (
            handle.__module__,
            handle.__qualname__,
        ):
            raise ValueError(f"The handler name {name!r} belongs to {taken.handle.__qualname__} already.")
        _subscriptions[name] = Subscription(name=name, fact_class=fact_class, handle=handle)
        return handle

    return register


def at_commit(fact_class: type[Any]) -> Callable[[C], C]:
    """
    Call the decorated ``listener(facts)`` in the recorder's process, right after the commit that made them true.

    For what should be seen at once and may be lost (the process may die, Redis may be down): a handler that the relay
    calls does the same again. The listener writes no rows.
    """

    def register(listener: C) -> C:
        listeners = _at_commit.setdefault(fact_class.name, [])
        if listener not in listeners:
            listeners.append(listener)
        return listener

    return register


def list_listeners(fact_name: str) -> Sequence[Callable[[Sequence[Any]], None]]:
    """List what is to be called right after the commit of one kind of fact."""
    return _at_commit.get(fact_name, ())


def unsubscribe(name: str) -> None:
    """Forget a handler: for tests that subscribe one for themselves."""
    _subscriptions.pop(name, None)


def get_subscription(name: str) -> Subscription:
    """Return the subscription of that name."""
    return _subscriptions[name]


def list_handler_names(fact_name: str | None = None) -> list[str]:
    """List the names of the handlers of one kind of fact, or of all."""
    return [
        subscription.name
        for subscription in _subscriptions.values()
        if fact_name is None or subscription.fact_class.name == fact_name
    ]
