"""What happens to the rows of one chunk, inside its transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from apps.kernel.errors import DomainError
from apps.kernel.imports.errors import UndoNotExact
from apps.kernel.imports.kinds import Image, ImportContext, ImportKind, Parsed, Problem
from apps.kernel.imports.tables import Formula, RawRow
from apps.kernel.models import ImportRow, ImportRun
from apps.kernel.states import RowOutcome, RowPlan

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Chunk:
    """The surroundings of a chunk: its kind, its locked run, and the moment."""

    kind: ImportKind
    run: ImportRun
    context: ImportContext


def check_rows(chunk: Chunk, batch: Sequence[RawRow]) -> dict[str, int]:
    """Read rows, say what would become of each, and keep that; nothing else is written."""
    rows = [ImportRow(run=chunk.run, line=raw.line) for raw in batch]
    parsed = [_parse(chunk.kind, raw) for raw in batch]
    firsts = _lines_of(chunk.run, {result.key for result in parsed if isinstance(result, Parsed)})
    for row, raw, result in zip(rows, batch, parsed, strict=True):
        if isinstance(result, Parsed):
            row.key, row.payload = result.key, dict(result.payload)
            first = firsts.setdefault(result.key, raw.line)
            if first != raw.line:
                _refuse(row, [Problem(chunk.kind.columns[0].code, "duplicate_key", {"line": first})])
        else:
            row.key = _storable(raw.cells.get(chunk.kind.columns[0].code, ""))[:120]
            _refuse(row, result)
    good = {row.key: row for row in rows if not row.problems}
    images = chunk.kind.snapshot(good, context=chunk.context) if good else {}
    merged = _merge(chunk, good, images)
    for key, image in merged.items():
        good[key].plan = _plan_of(images.get(key), image)
    ImportRow.objects.bulk_create(rows)
    return Counter(row.plan for row in rows)


def apply_rows(chunk: Chunk, rows: Sequence[ImportRow]) -> dict[str, int]:
    """Write rows; each keeps the image before and the digest of the image after. Returns the count of each outcome."""
    by_key = {row.key: row for row in rows}
    images = chunk.kind.snapshot(by_key, context=chunk.context, lock=True) if by_key else {}
    merged = _merge(chunk, by_key, images)
    changed = {key: image for key, image in merged.items() if digest(images.get(key)) != digest(image)}
    for key, row in by_key.items():
        row.before = images.get(key)
        row.outcome = RowOutcome.UNCHANGED if key in merged else RowOutcome.REFUSED
    written, refused = halving(
        list(changed), lambda keys: chunk.kind.write({key: changed[key] for key in keys}, context=chunk.context)
    )
    for key, problem in refused.items():
        _refuse(by_key[key], [problem])
    after = chunk.kind.snapshot(written, context=chunk.context) if written else {}
    for key in written:
        by_key[key].after_digest = digest(after.get(key))
        by_key[key].outcome = RowOutcome.UPDATED if images.get(key) is not None else RowOutcome.CREATED
    _store(rows)
    return Counter(row.outcome for row in rows)


def undo_rows(chunk: Chunk, rows: Sequence[ImportRow]) -> dict[str, int]:
    """
    Put back what rows changed; one that somebody changed since, or uses, is kept, with the reason.

    :raises UndoNotExact: if the kind does not restore an image exactly; the chunk is rolled back
    """
    by_key = {row.key: row for row in rows}
    now = chunk.kind.snapshot(by_key, context=chunk.context, lock=True)
    same = {key: row for key, row in by_key.items() if digest(now.get(key)) == row.after_digest}
    for key, row in by_key.items():
        if key not in same:
            _keep(row, Problem("", "changed_since"))
    images = {key: row.before for key, row in same.items() if row.before is not None}
    restored, refused = halving(
        list(images), lambda keys: chunk.kind.write({key: images[key] for key in keys}, context=chunk.context)
    )
    created = [key for key, row in same.items() if row.before is None]
    removed, in_use = halving(created, lambda keys: chunk.kind.remove(keys, context=chunk.context))
    for key, problem in refused.items():
        _keep(by_key[key], problem)
    for key, problem in in_use.items():
        _keep(by_key[key], problem if problem.code == "refused" else Problem("", "in_use"))
    done = [*restored, *removed]
    after = chunk.kind.snapshot(done, context=chunk.context) if done else {}
    for key in done:
        if digest(after.get(key)) != digest(by_key[key].before):
            raise UndoNotExact(key)
        by_key[key].outcome = RowOutcome.UNDONE
    _store(rows)
    return Counter(row.outcome for row in rows)


def digest(image: Image | None) -> str:
    """The digest of an image; "" of none."""
    if image is None:
        return ""
    return hashlib.sha256(json.dumps(image, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def halving(keys: Sequence[str], write: Callable[[Collection[str]], None]) -> tuple[list[str], dict[str, Problem]]:
    """
    Write all keys in one savepoint; where the database or a service refuses, halve until it is known which it is about.

    Returns what was written, and the reason for each that was not.
    """
    if not keys:
        return [], {}
    try:
        with transaction.atomic():
            write(keys)
            # Foreign keys are checked at commit otherwise, when it is too late to say whose they are.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (DatabaseError, DomainError) as error:
        if len(keys) == 1:
            return [], {keys[0]: _problem_of(error)}
        middle = len(keys) // 2
        first, first_refused = halving(keys[:middle], write)
        second, second_refused = halving(keys[middle:], write)
        return first + second, {**first_refused, **second_refused}
    return list(keys), {}


def _problem_of(error: DatabaseError | DomainError) -> Problem:
    if isinstance(error, DomainError):
        # Told when it happens, read later, by anybody.
        reason = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                reason[code] = str(error)[:300]
        return Problem("", "refused", {"reason": reason})
    # The first line names the constraint; what follows quotes values.
    return Problem("", "not_storable", {"reason": str(error).partition("\n")[0][:300]})


def _store(rows: Sequence[ImportRow]) -> None:
    """Keep what became of rows, in one statement: Django's own would spell out a case for each of them."""
    columns: list[list[Any]] = [
        [row.pk for row in rows],
        [row.outcome for row in rows],
        [json.dumps(row.problems) for row in rows],
        [None if row.before is None else json.dumps(row.before) for row in rows],
        [row.after_digest for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE kernel_importrow AS stored
            SET outcome = new.outcome, problems = new.problems::jsonb, before = new.before::jsonb,
                after_digest = new.after_digest
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
                AS new (id, outcome, problems, before, after_digest)
            WHERE stored.id = new.id
            """,
            columns,
        )


def _parse(kind: ImportKind, raw: RawRow) -> Parsed | list[Problem]:
    bad = [Problem(code, "bad_character") for code, text in raw.cells.items() if _is_unstorable(text)]
    broken = [
        Problem(code, "cell_error", {"value": text})
        for code, text in raw.cells.items()
        if text in ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
    ]
    formulas = [
        Problem(code, "formula", {"value": text}) for code, text in raw.cells.items() if isinstance(text, Formula)
    ]
    return bad + broken + formulas or kind.parse(raw.cells)


def _is_unstorable(text: str) -> bool:
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _storable(text: str) -> str:
    return "".join("\ufffd" if _is_unstorable(character) else character for character in text)


def _lines_of(run: ImportRun, keys: Collection[str]) -> dict[str, int]:
    """The lines on which keys stood in earlier chunks of the run."""
    known = ImportRow.objects.filter(run=run, key__in=keys).exclude(plan=RowPlan.REFUSED)
    return dict(known.values_list("key", "line"))


def _merge(chunk: Chunk, by_key: Mapping[str, ImportRow], images: Mapping[str, Image | None]) -> dict[str, Image]:
    """The images rows lead to; rows that lead to none are refused."""
    if not by_key:
        return {}
    payloads = {key: row.payload for key, row in by_key.items()}
    merged: dict[str, Image] = {}
    for key, result in chunk.kind.merge(payloads, images, context=chunk.context).items():
        if isinstance(result, list):
            _refuse(by_key[key], result)
        else:
            merged[key] = result
    return merged


def _plan_of(before: Image | None, after: Image) -> RowPlan:
    if before is None:
        return RowPlan.NEW
    return RowPlan.UNCHANGED if digest(before) == digest(after) else RowPlan.CHANGED


def _refuse(row: ImportRow, problems: Sequence[Problem]) -> None:
    """Refuse a row: the plan while it is being checked, the outcome once it was stored."""
    if row.pk is None:
        row.plan = RowPlan.REFUSED
    else:
        row.outcome = RowOutcome.REFUSED
    row.problems = [*row.problems, *(_stored(problem) for problem in problems)]


def _keep(row: ImportRow, problem: Problem) -> None:
    row.outcome = RowOutcome.KEPT
    row.problems = [*row.problems, _stored(problem)]


def _stored(problem: Problem) -> dict[str, Any]:
    stored = problem.as_json()
    stored["context"] = {
        name: (_storable(value[:200]) if isinstance(value, str) else value) for name, value in stored["context"].items()
    }
    return stored
