"""Rows on their way into a table by COPY, and the numbers they take."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Field

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def quoted(text: str) -> str:
    """Text as COPY reads it back."""
    return text.translate(_ESCAPES)


def moment(seconds: float | None) -> str:
    """An instant, given in seconds of the epoch; NULL for none."""
    if seconds is None:
        return NULL
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def yuan(fen: int) -> str:
    """An amount of fen as a decimal."""
    return f"{fen // 100}.{fen % 100:02d}"


class Table:
    """
    Collects lines of one table; columns nobody names take the model's defaults, so that a new one does not break this.

    ``id_column`` is numbered from the highest id there is: nobody else writes while a world is being built.
    """

    def __init__(self, label: str, columns: Sequence[str], *, id_column: str | None = "id") -> None:
        self.model = apps.get_model(label)
        self.name = self.model._meta.db_table
        named = [*([id_column] if id_column else []), *columns]
        fields = {field.column: field for field in self.model._meta.concrete_fields}
        unknown = set(named) - set(fields)
        if unknown:
            raise LookupError(f"{label} has no columns {sorted(unknown)}")
        rest = [field for column, field in fields.items() if column not in named]
        self.columns = [*named, *(field.column for field in rest)]
        self.suffix = "".join(f"\t{_default(field)}" for field in rest) + "\n"
        self.id_column = id_column
        self.lines: list[str] = []
        self.next_id = 0
        self.written = 0

    def number(self) -> int:
        """The id of the next row."""
        self.next_id += 1
        return self.next_id

    def add(self, line: str) -> None:
        """Collect one row: its columns, in their order, with tabs between."""
        self.lines.append(line + self.suffix)

    def begin(self) -> None:
        """Number from the highest id on."""
        if self.id_column:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT COALESCE(MAX({self.id_column}), 0) FROM {self.name}")  # noqa: S608 - own names
                self.next_id = cursor.fetchone()[0]

    def flush(self) -> None:
        """Write what was collected, and bring the table's sequence up to it."""
        if not self.lines:
            return
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {self.name} ({columns}) FROM STDIN", io.StringIO("".join(self.lines)))
            if self.id_column == "id":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self.name, self.next_id])
        self.written += len(self.lines)
        self.lines.clear()


def _default(field: "Field[Any, Any]") -> str:
    if field.has_default():
        value = field.get_default()
        value = field.get_db_prep_save(value, connection)
        if value is None:
            return NULL
        if isinstance(value, bool):
            return "t" if value else "f"
        adapted = getattr(value, "dumps", None)
        return quoted(adapted(value.adapted) if adapted else str(value))
    if field.null:
        return NULL
    if field.empty_strings_allowed:
        return ""
    raise LookupError(f"{field} has no default: name it.")
