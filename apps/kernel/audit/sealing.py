"""Sealing the trail by a chain of digests, and proving that nobody touched it since."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from apps.kernel.models import AuditEntry, AuditSeal

BATCH = 5000
FIRST_DIGEST = "0" * 64
# Any constant: it keeps two sealers from numbering the same batch.
_SEALER_LOCK = 0x5EA1


@dataclass(frozen=True)
class Problem:
    """Something the chain does not explain; ``seal`` is the number of the batch it was found in."""

    seal: int
    text: str


def seal(*, now: datetime, batch: int = BATCH) -> list[AuditSeal]:
    """Seal all entries that have no seal yet, in batches; return the new seals. The last digest proves the rest."""
    seals = []
    while (new := _seal_batch(now=now, size=batch)) is not None:
        seals.append(new)
    return seals


def verify(*, head: str = "") -> list[Problem]:
    """
    Recompute the whole chain; return what does not fit: altered, deleted or added entries, altered or missing seals.

    ``head`` is a "number:digest" that sealing returned earlier and that was kept elsewhere. Only with it does a chain
    show that was cut off at its end, or forged anew from some point on.
    """
    problems = []
    if head:
        number, _, digest = head.partition(":")
        if not AuditSeal.objects.filter(number=number, digest=digest).exists():
            problems.append(Problem(int(number), "is not the one that was kept elsewhere"))
    previous_number, previous_digest = 0, FIRST_DIGEST
    for seal in AuditSeal.objects.order_by("number").iterator():
        if seal.number != previous_number + 1:
            problems.append(Problem(seal.number, f"seals {previous_number + 1} to {seal.number - 1} are missing"))
        if seal.previous_digest != previous_digest:
            problems.append(Problem(seal.number, "does not continue the seal before it"))
        count, digest = _digest_of(seal.previous_digest, AuditEntry.objects.filter(seal=seal))
        if count != seal.entry_count:
            problems.append(Problem(seal.number, f"holds {count} entries, sealed were {seal.entry_count}"))
        elif digest != seal.digest:
            problems.append(Problem(seal.number, "an entry was altered"))
        previous_number, previous_digest = seal.number, seal.digest
    return problems


@transaction.atomic
def _seal_batch(*, now: datetime, size: int) -> AuditSeal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])
    ids = list(AuditEntry.objects.filter(seal=None).order_by("id").values_list("id", flat=True)[:size])
    if not ids:
        return None
    last = AuditSeal.objects.order_by("-number").first()
    previous_digest = last.digest if last else FIRST_DIGEST
    count, digest = _digest_of(previous_digest, AuditEntry.objects.filter(id__in=ids))
    new = AuditSeal.objects.create(
        number=last.number + 1 if last else 1,
        entry_count=count,
        previous_digest=previous_digest,
        digest=digest,
        sealed_at=now,
    )
    AuditEntry.objects.filter(id__in=ids).update(seal=new)
    return new


def _digest_of(previous_digest: str, entries: QuerySet[AuditEntry]) -> tuple[int, str]:
    """Return how many entries there are and the digest over the one before and all their columns, in order of id."""
    digest = hashlib.sha256(previous_digest.encode())
    count = 0
    # The database's own text of the JSON, since reading numbers as floats could hide a change in the last digits.
    rows = entries.annotate(text=Cast("changed", TextField())).order_by("id")
    names = ("id", "table_name", "row_id", "operation", "text", "actor_id", "impersonator_id", "at")
    for *columns, impersonator_id, at in rows.values_list(*names).iterator():
        if impersonator_id is not None:
            # Only then, so that what was sealed before there was such a column keeps its digest.
            columns.append(impersonator_id)
        line = json.dumps([*columns, at.astimezone(UTC).isoformat(timespec="microseconds")])
        digest.update(f"{line}\n".encode())
        count += 1
    return count, digest.hexdigest()
