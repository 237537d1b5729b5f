"""Idempotency keys: a request that comes twice is worked on once, and both get the first answer."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import F

from apps.kernel.errors import DomainError, IdempotencyKeyInvalid, IdempotencyKeyReused, RequestInProgress
from apps.kernel.models import IdempotencyKey
from apps.kernel.states import KeyStatus

LEASE = timedelta(seconds=30)
TWIN_PATIENCE = timedelta(seconds=5)
POLL_SECONDS = 0.05
LONGEST_KEY = 200

Answer = tuple[int, dict[str, Any]]


def run(
    *,
    scope: str,
    key: str,
    fingerprint: Mapping[str, Any] | str,
    now: datetime,
    work: Callable[[], Answer],
    patience: timedelta | None = None,
) -> tuple[int, dict[str, Any], bool]:
    """
    Do ``work`` once per (scope, key); return its status, its body, and whether they were replayed.

    The first request takes a lease of 30 seconds in a short transaction and works outside of it. Its answer is stored
    and replayed to every later request: also a refusal (a ``DomainError`` below 500 becomes its JSON body). A 5xx or a
    crash inside ``work`` stores nothing and gives the lease back. A twin that comes meanwhile waits up to ``patience``
    (5 s). A lease that ran out (its process died) is taken over and ``work`` runs again, so ``work`` itself must be
    safe to repeat. ``scope`` must name the actor, or strangers could replay each other's answers.

    :raises IdempotencyKeyInvalid: if the key is empty, too long or not printable ASCII
    :raises IdempotencyKeyReused: if the key came with another request before
    :raises RequestInProgress: if the twin is still working when the patience ends
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise IdempotencyKeyInvalid
    claim = _Claim(scope=scope, key=key, fingerprint=_digest(fingerprint))
    row = _claim_or_wait(claim, now=now, patience=TWIN_PATIENCE if patience is None else patience)
    if row.status == KeyStatus.FINISHED:
        return *_answer_of(row), True
    try:
        status, body = _work_or_refuse(work)
    except BaseException:
        _give_back(row)
        raise
    if status >= 500:
        _give_back(row)
        return status, body, False
    text = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
    if not _store(row, status, text):
        # The lease ran out and somebody else took over; if they answered already, theirs is the first answer.
        latest = IdempotencyKey.objects.filter(pk=row.pk, status=KeyStatus.FINISHED).first()
        if latest is not None:
            return *_answer_of(latest), True
    return status, json.loads(text), False


def purge(*, before: datetime) -> int:
    """Delete the keys first used before that time; return how many. A key is good for replays until then."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=before).delete()
    return deleted


@dataclass(frozen=True)
class _Claim:
    scope: str
    key: str
    fingerprint: str


def _claim_or_wait(claim: _Claim, *, now: datetime, patience: timedelta) -> IdempotencyKey:
    """Return the row with the lease taken (STARTED), or with an answer to replay (FINISHED)."""
    began = time.monotonic()
    waited = timedelta(0)
    while True:
        row, is_mine = _claim(claim, now=now + waited)
        if is_mine or row.status == KeyStatus.FINISHED:
            return row
        if waited >= patience:
            raise RequestInProgress
        time.sleep(POLL_SECONDS)
        waited = timedelta(seconds=time.monotonic() - began)


@transaction.atomic(durable=True)
def _claim(claim: _Claim, *, now: datetime) -> tuple[IdempotencyKey, bool]:
    """
    Insert the row, or take over an expired lease; say whether the lease is now the caller's.

    :raises IdempotencyKeyReused: if the row belongs to a different request
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (scope, key, fingerprint, status, holder, lease_ends_at, created_at)"
            " VALUES (%s, %s, %s, 'STARTED', 1, %s, %s) ON CONFLICT (scope, key) DO NOTHING",
            [claim.scope, claim.key, claim.fingerprint, now + LEASE, now],
        )
        is_mine = cursor.rowcount == 1
    row = IdempotencyKey.objects.filter(scope=claim.scope, key=claim.key).first()
    if row is None:
        # The holder gave it back between the two statements; the next look will insert.
        return IdempotencyKey(scope=claim.scope, key=claim.key, status=KeyStatus.STARTED), False
    if row.fingerprint != claim.fingerprint:
        raise IdempotencyKeyReused
    if not is_mine and row.status == KeyStatus.STARTED and row.lease_ends_at <= now:
        is_mine = _take_over(row, now=now)
    return row, is_mine


def _take_over(row: IdempotencyKey, *, now: datetime) -> bool:
    """Take an expired lease by compare-and-set on its holder: of several heirs one wins."""
    won = IdempotencyKey.objects.filter(pk=row.pk, status=KeyStatus.STARTED, holder=row.holder).update(
        holder=F("holder") + 1, lease_ends_at=now + LEASE
    )
    row.holder += won
    return bool(won)


def _work_or_refuse(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except DomainError as refusal:
        if refusal.status >= 500:
            raise
        return refusal.status, refusal.as_body()


def _store(row: IdempotencyKey, status: int, text: str) -> bool:
    """Store the answer if the lease is still ours; say whether it was."""
    return bool(
        IdempotencyKey.objects.filter(pk=row.pk, status=KeyStatus.STARTED, holder=row.holder).update(
            status=KeyStatus.FINISHED, response_status=status, response_body=text
        )
    )


def _give_back(row: IdempotencyKey) -> None:
    """Forget the attempt, so that the next request with the key starts afresh."""
    IdempotencyKey.objects.filter(pk=row.pk, status=KeyStatus.STARTED, holder=row.holder).delete()


def _answer_of(row: IdempotencyKey) -> Answer:
    if row.response_status is None or row.response_body is None:
        raise AssertionError(f"{row} is finished without an answer.")
    return row.response_status, json.loads(row.response_body)


def _digest(fingerprint: Mapping[str, Any] | str) -> str:
    text = (
        fingerprint if isinstance(fingerprint, str) else json.dumps(fingerprint, cls=DjangoJSONEncoder, sort_keys=True)
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
