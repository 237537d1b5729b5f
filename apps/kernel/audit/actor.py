"""Who acts: told to the database with each change, so that triggers know whom to name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

_CHANGES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def acting(
    user_id: int | Callable[[], int | None] | None, *, impersonator: Callable[[], int | None] = lambda: None
) -> Iterator[None]:
    """
    Name this user in the audit entries of all changes made while the block runs; and beside them the ``impersonator``
    who really acts, if somebody at headquarters does in that user's name.

    The name travels in front of each change (``SET LOCAL`` in its transaction), so it costs no round trip and never
    stays on a pooled connection. A callable is asked at the first change: a request may learn its user late.
    """
    tell = _Teller(user_id if callable(user_id) else lambda: user_id, impersonator)
    with connection.execute_wrapper(tell):
        try:
            yield
        finally:
            if tell.has_told and connection.in_atomic_block and not connection.needs_rollback:
                _forget()


class _Teller:
    """Puts the actor in front of every statement that changes rows."""

    def __init__(self, get_actor_id: Callable[[], int | None], get_impersonator_id: Callable[[], int | None]) -> None:
        self.get_actor_id = get_actor_id
        self.get_impersonator_id = get_impersonator_id
        self.has_told = False
        self.is_asking = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        is_change = isinstance(sql, str) and sql.lstrip().upper().startswith(_CHANGES)
        if not is_change or not self._is_innermost(context["connection"].execute_wrappers):
            return execute(sql, params, many, context)
        actor_id = self._ask()
        setting = f"SELECT {_config('actor', actor_id)}, {_config('impersonator', self.get_impersonator_id())}"
        self.has_told = True
        if many:
            context["cursor"].execute(setting)
            return execute(sql, params, many, context)
        return execute(f"{setting}; {sql}", params, many, context)

    def _ask(self) -> int | None:
        """Ask who acts; a change made while finding out (a stale session is dropped, say) is the system's own."""
        if self.is_asking:
            return None
        self.is_asking = True
        try:
            return self.get_actor_id()
        finally:
            self.is_asking = False

    def _is_innermost(self, wrappers: Sequence[Any]) -> bool:
        """Of nested actors the innermost acts."""
        return [wrapper for wrapper in wrappers if isinstance(wrapper, _Teller)][-1] is self


def _config(name: str, user_id: int | None) -> str:
    return f"set_config('s2b2c.{name}', '{'' if user_id is None else int(user_id)}', true)"


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_config('actor', None)}, {_config('impersonator', None)}")
