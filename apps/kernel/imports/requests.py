"""What people ask for: take a file, apply it, undo it, call it off. Each is one short transaction without the work."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction

from apps.kernel.errors import MoveNotAllowed
from apps.kernel.imports.errors import ImportFileTooLarge, ImportFileUnreadable, ImportNotFound, NothingToApply
from apps.kernel.imports.kinds import get_kind
from apps.kernel.imports.lifecycle import RUN
from apps.kernel.imports.tables import MOST_BYTES
from apps.kernel.models import ImportRun
from apps.kernel.states import RowPlan

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import QuerySet


@transaction.atomic
def upload(
    *, kind: str, upload: "File[Any]", by: "AbstractBaseUser | None", now: datetime, scope: str = ""
) -> ImportRun:
    """
    Keep an uploaded file as a run that waits to be checked. The file is not opened here.

    :raises UnknownImportKind: if no app provides the kind
    :raises ImportFileTooLarge, ImportFileUnreadable: if it is larger than we read, or empty
    """
    get_kind(kind)
    if not upload.size:
        raise ImportFileUnreadable
    if upload.size > MOST_BYTES:
        raise ImportFileTooLarge(megabytes=MOST_BYTES // 1024**2)
    digest = hashlib.sha256()
    for block in upload.chunks():
        digest.update(block)
    run = ImportRun(
        kind=kind,
        scope=scope,
        name=_safe_name(upload.name or ""),
        size=upload.size,
        digest=digest.hexdigest(),
        uploaded_by_id=by.pk if by else None,
        asked_by_id=by.pk if by else None,
        uploaded_at=now,
    )
    upload.seek(0)
    run.content.save("table", upload, save=False)
    run.save(force_insert=True)
    return run


def access_run(*, run_id: int, scope: str | None = None) -> ImportRun:
    """
    Return a run; with a ``scope``, only one of that scope.

    :raises ImportNotFound: if there is none
    """
    runs = ImportRun.objects.filter(pk=run_id)
    run = (runs if scope is None else runs.filter(scope=scope)).first()
    if run is None:
        raise ImportNotFound(run=run_id)
    return run


def list_runs(*, scope: str, kinds: Collection[str] | None = None) -> "QuerySet[ImportRun]":
    """Return the runs of a scope, newest first; of all kinds, or of ``kinds`` only."""
    runs = ImportRun.objects.filter(scope=scope).select_related("uploaded_by").order_by("-pk")
    return runs if kinds is None else runs.filter(kind__in=kinds)


@transaction.atomic
def request_apply(*, run_id: int, by: "AbstractBaseUser | None", now: datetime) -> ImportRun:
    """
    Have a checked run written, or one that stopped by an error go on.

    :raises NothingToApply: if every row was refused
    :raises MoveNotAllowed: if it is not checked to the end
    """
    run = _locked(run_id)
    if run.checked_at and run.count("planned", RowPlan.REFUSED) == run.total:
        raise NothingToApply
    if RUN.can(run, "retry"):
        if not run.checked_at or run.applied_at:
            raise MoveNotAllowed(lifecycle=RUN.name, move="retry", status=run.status)
        RUN.move(run, "retry", by=by, at=now)
        return _hand_on(run, by=by, failure={})
    RUN.move(run, "apply", by=by, at=now)
    return _hand_on(run, by=by, cursor=0, done=0)


@transaction.atomic
def request_undo(*, run_id: int, by: "AbstractBaseUser | None", now: datetime) -> ImportRun:
    """
    Have everything a run wrote put back, also if it is still writing: it stops at the end of its chunk.

    :raises MoveNotAllowed: if it wrote nothing yet
    """
    run = _locked(run_id)
    if run.checked_at is None:
        raise MoveNotAllowed(lifecycle=RUN.name, move="undo", status=run.status)
    RUN.move(run, "undo", by=by, at=now)
    return _hand_on(run, by=by, cursor=0, done=0, failure={})


@transaction.atomic
def cancel(*, run_id: int, by: "AbstractBaseUser | None", now: datetime) -> ImportRun:
    """
    Call a run off before anything is written.

    :raises MoveNotAllowed: if it is being written, or was
    """
    run = _locked(run_id)
    RUN.move(run, "cancel", by=by, at=now)
    return _hand_on(run, by=by)


def _locked(run_id: int) -> ImportRun:
    run = ImportRun.objects.select_for_update(no_key=True).filter(pk=run_id).first()
    if run is None:
        raise ImportNotFound(run=run_id)
    return run


def _hand_on(run: ImportRun, *, by: "AbstractBaseUser | None", **changes: Any) -> ImportRun:
    """Let go of whoever held the run: it belongs to who comes next."""
    changes |= {"asked_by_id": by.pk if by else None, "holder": "", "beat_at": None}
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=[name.removesuffix("_id") for name in changes])
    return run


def _safe_name(name: str) -> str:
    kept = "".join(character for character in name.replace("\\", "/").rsplit("/", 1)[-1] if character.isprintable())
    return kept[-200:] or "table"
