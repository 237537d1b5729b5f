"""Recording facts."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from apps.kernel.errors import OutsideTransaction
from apps.kernel.models import OutboxDelivery, OutboxEvent
from apps.kernel.outbox.subscriptions import Fact, list_handler_names, list_listeners

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
    _wake_after_commit(connection)
    _tell_listeners([fact])
    return event


def record_many(facts: Sequence[Fact], *, at: datetime) -> list[OutboxEvent]:
    """
    Record facts of one kind about as many aggregates in a handful of statements. For imports and other bulk work.

    :raises OutsideTransaction: if no transaction is open
    :raises TypeError: if a fact holds anything but primitives
    :raises ValueError: if two facts are about the same aggregate: their order would be lost
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise OutsideTransaction("Facts must be recorded inside transaction.atomic().")
    payloads = {f"{fact.name.partition('.')[0]}:{getattr(fact, fact.aggregate)}": asdict(fact) for fact in facts}
    if len(payloads) != len(facts):
        raise ValueError("Two facts are about the same aggregate.")
    json.dumps(list(payloads.values()))
    if not facts:
        return []
    name = facts[0].name
    sequences = _next_sequences(sorted(payloads))
    events = OutboxEvent.objects.bulk_create(
        OutboxEvent(
            name=name, aggregate=aggregate, sequence=sequences[aggregate], payload=payloads[aggregate], occurred_at=at
        )
        for aggregate in sequences
    )
    OutboxDelivery.objects.bulk_create(
        OutboxDelivery(event=event, handler=handler, aggregate=event.aggregate, sequence=event.sequence)
        for event in events
        for handler in list_handler_names(name)
    )
    _wake_after_commit(connection)
    _tell_listeners(facts)
    return events


def _next_sequences(aggregates: list[str]) -> dict[str, int]:
    """Number many aggregates; their rows are locked in order, so that two recorders never wait for each other."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_outboxaggregate AS a (key, last_sequence) SELECT key, 1 FROM unnest(%s) AS new (key)"
            " ON CONFLICT (key) DO UPDATE SET last_sequence = a.last_sequence + 1 RETURNING key, last_sequence",
            [aggregates],
        )
        return dict(cursor.fetchall())


def _tell_listeners(facts: Sequence[Fact]) -> None:
    for listener in list_listeners(facts[0].name):
        transaction.on_commit(partial(listener, facts), robust=True)


def _wake_after_commit(connection: Any) -> None:
    # After the commit, not in it: a NOTIFY inside a transaction makes all such commits queue behind one lock.
    if not any(function is _wake_relays for _, function, _ in connection.run_on_commit):
        transaction.on_commit(_wake_relays, robust=True)


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
