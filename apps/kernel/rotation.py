"""Rotating the keys of encrypted columns."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction
from psycopg2 import sql

from apps.kernel import crypto
from apps.kernel.audit.triggers import AppendOnlyTrigger
from apps.kernel.fields import EncryptedTextField

BATCH = 500

# What rotates the values that stand inside of something else than an EncryptedTextField, by their place.
_others: dict[str, Callable[[int], int]] = {}


def rotate_also(place: str, rotate: Callable[[int], int]) -> None:
    """
    Have ``rotate_field_keys`` rotate the values of ``place`` as well.

    ``rotate`` encrypts at most so many rows again that are not under the current key, in one transaction, and returns
    how many they were.
    """
    _others[place] = rotate


def rotate_field_keys(*, batch: int = BATCH) -> Iterator[tuple[str, int]]:
    """
    Encrypt all values that are not under the current key again; yield each column and how many values moved.

    A batch is one transaction that locks its rows, so a value edited meanwhile is not overwritten. What is left after
    an interruption is exactly what still carries an old key, so the next run goes on from there.

    :raises DecryptionFailed: if a value does not open; the batches before it stay rotated
    """
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, EncryptedTextField):
                    yield field.place, _rotate_all(partial(_rotate_batch, model, field), batch)
    for place, rotate in _others.items():
        yield place, _rotate_all(rotate, batch)


def _rotate_all(rotate: Callable[[int], int], batch: int) -> int:
    moved = 0
    while count := rotate(batch):
        moved += count
    return moved


@transaction.atomic
def _rotate_batch(model: type[models.Model], field: EncryptedTextField, batch: int) -> int:
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "column": sql.Identifier(field.column),
        "key": sql.Identifier(model._meta.pk.column),
    }
    choose = sql.SQL(
        "SELECT {key}, {column} FROM {table} WHERE NOT starts_with({column}, %s)"
        " ORDER BY {key} LIMIT %s FOR NO KEY UPDATE"
    ).format(**names)
    change = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s").format(**names)
    with connection.cursor() as cursor, _writing_once_lifted(model):
        cursor.execute(choose, [f"{crypto.current_key_id()}:", batch])
        rows = cursor.fetchall()
        for row_key, stored in rows:
            text = crypto.decrypt(stored, place=field.place)
            cursor.execute(change, [crypto.encrypt(text, place=field.place), row_key])
    return len(rows)


def _writing_once_lifted(model: type[models.Model]) -> Any:
    """Let rows of an append-only table change keys: what they say stays the same."""
    guards = [
        f"{model._meta.label}:{trigger.name}"
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, AppendOnlyTrigger)
    ]
    return pgtrigger.ignore(*guards) if guards else nullcontext()
