"""Triggers for ``Meta.triggers``."""

from collections.abc import Sequence
from typing import Any

import pgtrigger

from apps.kernel.fields import EncryptedTextField


class AuditTrigger(pgtrigger.Trigger):
    """
    Record every INSERT, UPDATE and DELETE of the table in the audit trail, column by column.

    ``masked`` columns (personal data) and encrypted ones leave only the fact that they changed. ``ignored`` columns
    leave nothing, and a row in which nothing else changed leaves no entry.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, masked: Sequence[str] = (), ignored: Sequence[str] = (), **kwargs: Any) -> None:
        self.masked = tuple(masked)
        self.ignored = tuple(ignored)
        super().__init__(**kwargs)

    def get_func(self, model: Any) -> str:
        """Call ``kernel_audit_row`` (kernel's migration 0002), which compares the row before and after."""
        columns = {field.name: field.column for field in model._meta.concrete_fields}
        encrypted = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        masked = _as_sql_array(columns[name] for name in dict.fromkeys([*self.masked, *encrypted]))
        ignored = _as_sql_array(columns[name] for name in self.ignored)
        key = model._meta.pk.column
        return (
            f"PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, '{key}', to_jsonb(OLD), to_jsonb(NEW), "
            f"{masked}, {ignored}); RETURN NULL;"
        )


class AppendOnlyTrigger(pgtrigger.Trigger):
    """Refuse UPDATE and DELETE: rows of this table are written once (Django raises ``IntegrityError``)."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete
    func = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"


def _as_sql_array(columns: Any) -> str:
    return "ARRAY[" + ", ".join(f"'{column}'" for column in columns) + "]::text[]"
