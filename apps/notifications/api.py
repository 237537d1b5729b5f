"""The door of notifications: queue a message, read a member's inbox."""

from apps.notifications.models import Message
from apps.notifications.registry import TEMPLATES, MessageTemplate
from apps.notifications.selectors import get_queue_of, list_inbox
from apps.notifications.services import deliver_message, list_waiting, queue_message, resend_message
from apps.notifications.states import Channel, MessageStatus

__all__ = [
    "TEMPLATES",
    "Channel",
    "Message",
    "MessageStatus",
    "MessageTemplate",
    "deliver_message",
    "get_queue_of",
    "list_inbox",
    "list_waiting",
    "queue_message",
    "resend_message",
]
