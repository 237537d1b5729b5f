"""
What happened to an object, in words: the audit trail (who changed which field from what to what) and the moves of its
life, in one line of time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.kernel.api import AuditEntry, EncryptedTextField, StatusChange

MOST_ENTRIES = 300
MOST_CHILDREN = 500
LONGEST_VALUE = 200
MASK = "***"
# Columns that hold personal data by their names, masked here too should a trigger have let them through.
PERSONAL = re.compile(r"(^|_)(e?mail|phone|mobile|password|token|secret|recipient|address_line|id_number)(_|$)")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field: what it was and what it is."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. ``who`` is empty for the system itself."""

    at: datetime
    who: str
    what: str
    reason: str = ""
    changes: Sequence[Change] = field(default_factory=list)
    kind: str = "change"  # made, change, move, gone


def list_history(
    obj: models.Model, *, children: Iterable[tuple[type[models.Model], str]] = (), limit: int = MOST_ENTRIES
) -> list[Entry]:
    """What happened to an object and to the rows that hang on it, newest first, in a constant number of queries."""
    rows = {type(obj)._meta.concrete_model: [obj.pk]}
    for model, name in children:
        found = model._base_manager.filter(**{name: obj.pk}).values_list("pk", flat=True)
        rows.setdefault(model._meta.concrete_model, []).extend(found[:MOST_CHILDREN])
    trail, moves = _load(rows, limit=limit)
    people = User.objects.in_bulk({entry.actor_id for _model, entry in trail} | {move.by_id for _m, move in moves})
    words = _Words(trail)
    own = type(obj)._meta.concrete_model
    told = {(model, move.object_id, move.from_status, move.to_status) for model, move in moves}
    entries = [_of_move(model, move, people, is_own=model is own) for model, move in moves]
    for model, entry in trail:
        shown = _of_trail(model, entry, people, words, told, is_own=model is own)
        if shown is not None:
            entries.append(shown)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


def _load(rows: dict[type[models.Model], list], *, limit: int) -> tuple[list, list]:
    trail: list[tuple[type[models.Model], AuditEntry]] = []
    moves: list[tuple[type[models.Model], StatusChange]] = []
    for model, pks in rows.items():
        ids = [str(pk) for pk in pks]
        audited = AuditEntry.objects.filter(table_name=model._meta.db_table, row_id__in=ids).order_by("-id")
        moved = StatusChange.objects.filter(object_label=model._meta.label_lower, object_id__in=ids).order_by("-id")
        trail += [(model, entry) for entry in audited[:limit]]
        moves += [(model, move) for move in moved[:limit]]
    return trail, moves


def _of_move(model: type[models.Model], move: StatusChange, people: dict[int, User], *, is_own: bool) -> Entry:
    choices = _choices_of_status(model)
    old, new = (str(choices.get(status, status)) for status in (move.from_status, move.to_status))
    what = _("Status: %(old)s → %(new)s") % {"old": old, "new": new}
    return Entry(
        at=move.at,
        who=str(people.get(move.by_id, "")),
        what=what if is_own else f"{_name(model)} {move.object_id}: {what}",
        reason=move.reason,
        kind="move",
    )


def _of_trail(
    model: type[models.Model], entry: AuditEntry, people: dict[int, User], words: "_Words", told: set, *, is_own: bool
) -> Entry | None:
    changes = {column: values for column, values in entry.changed.items() if _differs(values)}
    if entry.operation == "UPDATE":
        # The move says it better, with its reason.
        status = changes.get("status")
        if status and (model, entry.row_id, status[0], status[1]) in told:
            del changes["status"]
        if not changes:
            return None
    what = {"INSERT": _("Created"), "UPDATE": _("Changed"), "DELETE": _("Deleted")}[entry.operation]
    return Entry(
        at=entry.at,
        who=str(people.get(entry.actor_id, "")) or (f"#{entry.actor_id}" if entry.actor_id else ""),
        what=what if is_own else f"{_name(model)} {entry.row_id}: {what}",
        changes=words.changes(model, changes),
        kind={"INSERT": "made", "UPDATE": "change", "DELETE": "gone"}[entry.operation],
    )


def _differs(values: Any) -> bool:
    return isinstance(values, list) and len(values) == 2 and (values[0] != values[1] or values[0] == MASK)


def _name(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _choices_of_status(model: type[models.Model]) -> dict:
    fields = {one.name: one for one in model._meta.concrete_fields}
    return dict(fields["status"].flatchoices) if "status" in fields else {}


class _Words:
    """Columns and values as people say them; whatever foreign keys point at is looked up once per table."""

    def __init__(self, trail: Iterable[tuple[type[models.Model], AuditEntry]]) -> None:
        wanted: dict[type[models.Model], set] = defaultdict(set)
        for model, entry in trail:
            fields = _fields(model)
            for column, values in entry.changed.items():
                target = _target(fields.get(column))
                if target is not None and _differs(values):
                    wanted[target] |= {value for value in values if value not in (None, MASK)}
        self.names = {
            target: {str(row.pk): str(row) for row in target._base_manager.filter(pk__in=list(pks)[:MOST_CHILDREN])}
            for target, pks in wanted.items()
        }

    def changes(self, model: type[models.Model], changed: dict[str, Any]) -> list[Change]:
        """Put each column into words; empty ones of a new row are left out."""
        fields = _fields(model)
        found = []
        for column, values in changed.items():
            of = fields.get(column)
            label = str(of.verbose_name) if of is not None else column
            is_personal = PERSONAL.search(column) or isinstance(of, EncryptedTextField)
            old, new = (MASK if is_personal and value not in (None, "") else value for value in values)
            if old in (None, "") and new in (None, ""):
                continue
            found.append(Change(label=label, old=self.value(of, old), new=self.value(of, new)))
        return found

    def value(self, of: models.Field | None, value: Any) -> str:
        """Put one value into words."""
        if value in (None, ""):
            return "–"
        if value == MASK:
            return _("(hidden)")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        target = _target(of)
        if target is not None:
            return self.names.get(target, {}).get(str(value), f"#{value}")
        if of is not None and of.flatchoices:
            return str(dict(of.flatchoices).get(value, value))
        if isinstance(of, models.DateTimeField) and isinstance(value, str):
            moment = parse_datetime(value)
            return formats.date_format(_local(moment), "Y-m-d H:i:s") if moment else value
        if isinstance(of, models.DecimalField):
            return f"{Decimal(str(value)):.{of.decimal_places}f}"
        text = str(value)
        return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _fields(model: type[models.Model]) -> dict[str, models.Field]:
    return {one.column: one for one in model._meta.concrete_fields}


def _target(of: models.Field | None) -> type[models.Model] | None:
    """The table a foreign key points at by its primary key."""
    if of is None or not of.remote_field or not of.related_model:
        return None
    target = of.related_model._meta
    return of.related_model if of.target_field.name == target.pk.name else None
