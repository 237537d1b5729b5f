"""Recording facts."""

import json
from dataclasses import asdict
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from apps.kernel.errors import OutsideTransaction
from apps.kernel.models import OutboxDelivery, OutboxEvent
from apps.kernel.outbox.subscriptions import Fact, list_handler_names

CHANNEL = "s2b2c_outbox"


def record(fact: Fact, *, at: datetime) -> OutboxEvent:
    """
    Record a fact in the caller's transaction, with one delivery for each handler of its kind.

    Facts about the same aggregate are numbered in the order their transactions commit: the second recorder waits for
    the first, as it would for the row both of them changed.

    :raises OutsideTransaction: if no transaction is open: a fact must become true together with what it tells
    :raises TypeError: if the fact holds anything but primitives
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{fact.name} must be recorded inside transaction.atomic().")
    payload = asdict(fact)
    json.dumps(payload)
    aggregate = f"{fact.name.partition('.')[0]}:{payload[fact.aggregate]}"
    event = OutboxEvent.objects.create(
        name=fact.name,
        aggregate=aggregate,
        sequence=_next_sequence(aggregate),
        payload=payload,
        occurred_at=at,
    )
    OutboxDelivery.objects.bulk_create(
        OutboxDelivery(event=event, handler=handler, aggregate=aggregate, sequence=event.sequence)
        for handler in list_handler_names(fact.name)
    )
    # After the commit, not in it: a NOTIFY inside a transaction makes all such commits queue behind one lock.
    if not any(function is _wake_relays for _, function, _ in connection.run_on_commit):
        transaction.on_commit(_wake_relays, robust=True)
    return event


def _next_sequence(aggregate: str) -> int:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_outboxaggregate AS a (key, last_sequence) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last_sequence = a.last_sequence + 1 RETURNING last_sequence",
            [aggregate],
        )
        return int(cursor.fetchone()[0])


def _wake_relays() -> None:
    """Wake the relays. Should this be lost (the process dies here), they look by themselves within a second."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
