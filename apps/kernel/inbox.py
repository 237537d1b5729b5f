"""The inbox: skip messages that were already handled."""

from datetime import datetime

from django.db import connection

from apps.kernel.errors import OutsideTransaction


def first_time(*, consumer: str, message_id: str, at: datetime) -> bool:
    """
    Note that ``consumer`` handles this message now; return False if it already did.

    Runs inside the transaction of the handling: if that rolls back, the message counts as unseen again. A twin that
    is being handled at this moment is waited for.

    :raises OutsideTransaction: if no transaction is open
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("inbox.first_time must run inside transaction.atomic().")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_inboxmessage (consumer, message_id, received_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (consumer, message_id) DO NOTHING",
            [consumer, message_id, at],
        )
        return cursor.rowcount == 1
