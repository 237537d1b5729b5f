"""
The outbox: facts recorded in the transaction that makes them true, delivered afterwards by a relay.

``record`` writes, ``subscribe`` listens, ``at_commit`` overhears, ``drain`` delivers what is due, ``replay`` revives a
dead letter.
"""

from apps.kernel.outbox.delivery import Drained, deliver_next, drain
from apps.kernel.outbox.recording import record, record_many
from apps.kernel.outbox.replaying import DELIVERY, Backlog, get_backlog, purge_delivered, replay, replay_dead
from apps.kernel.outbox.subscriptions import at_commit, subscribe, unsubscribe

__all__ = [
    "DELIVERY",
    "Backlog",
    "Drained",
    "at_commit",
    "deliver_next",
    "drain",
    "get_backlog",
    "purge_delivered",
    "record",
    "record_many",
    "replay",
    "replay_dead",
    "subscribe",
    "unsubscribe",
]
