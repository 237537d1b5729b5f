"""Lifecycles: a table of moves, a locked move, and a trace of each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction

from apps.kernel.errors import MoveNotAllowed, OutsideTransaction
from apps.kernel.models import StatusChange

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

M = TypeVar("M", bound=models.Model)


class Lifecycle:
    """
    The statuses an object may pass through: ``moves`` maps a move to (statuses it starts from, status it leads to).

    A status changes only by ``move``, under a row lock, and leaves a ``StatusChange``.
    """

    def __init__(self, name: str, moves: Mapping[str, tuple[Collection[str], str]], field: str = "status") -> None:
        self.name = name
        self.field = field
        self.moves = {move: (frozenset(map(str, starts)), str(end)) for move, (starts, end) in moves.items()}

    def move(self, obj: M, move: str, *, by: "AbstractBaseUser | None", at: datetime, reason: str = "") -> M:
        """
        Move the object on: lock its row, check the status the row has now, change it, leave a trace.

        Only the status is saved; other unsaved changes of ``obj`` stay the caller's.

        :raises MoveNotAllowed: if the row's status is none of those the move starts from; ``obj`` stays as it was
        :raises OutsideTransaction: if no transaction is open
        """
        starts, end = self.moves[move]
        database = obj._state.db
        if not transaction.get_connection(database).in_atomic_block:
            raise OutsideTransaction(f"{self.name}.{move} must run inside transaction.atomic().")
        # NO KEY: two transactions that each added a child of this row would deadlock on a full FOR UPDATE.
        rows = type(obj)._base_manager.using(database).select_for_update(of=("self",), no_key=True)
        status = str(getattr(rows.only(self.field).get(pk=obj.pk), self.field))
        if status not in starts:
            raise MoveNotAllowed(lifecycle=self.name, move=move, status=status)
        setattr(obj, self.field, end)
        obj.save(using=database, update_fields=[self.field])
        StatusChange.objects.using(database).create(
            lifecycle=self.name,
            object_label=obj._meta.label_lower,
            object_id=str(obj.pk),
            move=move,
            from_status=status,
            to_status=end,
            by_id=by.pk if by else None,
            reason=reason,
            at=at,
        )
        return obj

    def can(self, obj: models.Model, move: str) -> bool:
        """Say whether the move starts from the status ``obj`` was loaded with: to show a button, not to decide."""
        return str(getattr(obj, self.field)) in self.moves[move][0]

    def possible(self, obj: models.Model) -> list[str]:
        """List the moves that start from the status ``obj`` was loaded with."""
        return [move for move in self.moves if self.can(obj, move)]

    def history(self, obj: models.Model) -> "models.QuerySet[StatusChange]":
        """List the moves the object made, oldest first."""
        return StatusChange.objects.filter(
            lifecycle=self.name, object_label=obj._meta.label_lower, object_id=str(obj.pk)
        ).order_by("id")

    def diagram(self) -> str:
        """Return the table as a mermaid state diagram, as READMEs show it."""
        lines: list[Any] = ["stateDiagram-v2"]
        for move, (starts, end) in self.moves.items():
            lines += [f"    {start} --> {end}: {move}" for start in sorted(starts)]
        return "\n".join(lines)
