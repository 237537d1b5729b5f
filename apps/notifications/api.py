"""The door of notifications: queue a message, read a member's inbox, tell an organization, talk with it."""

from apps.notifications.models import Message, Notice, Preference, ThreadMessage
from apps.notifications.policies import UNDO_TIME
from apps.notifications.registry import TEMPLATES, MessageTemplate
from apps.notifications.selectors import (
    NoticeView,
    count_unread,
    get_queue_of,
    list_inbox,
    list_notices,
    list_thread,
    wants,
)
from apps.notifications.services.messages import (
    deliver_message,
    list_waiting,
    queue_message,
    resend_message,
    take_back,
    tell_user,
)
from apps.notifications.services.organizations import (
    answer_organization,
    mark_read,
    notify_organization,
    say_to_headquarters,
)
from apps.notifications.services.preferences import set_preference
from apps.notifications.states import Channel, MessageStatus, Topic

__all__ = [
    "TEMPLATES",
    "UNDO_TIME",
    "Channel",
    "Message",
    "MessageStatus",
    "MessageTemplate",
    "Notice",
    "NoticeView",
    "Preference",
    "ThreadMessage",
    "Topic",
    "answer_organization",
    "count_unread",
    "deliver_message",
    "get_queue_of",
    "list_inbox",
    "list_notices",
    "list_thread",
    "list_waiting",
    "mark_read",
    "notify_organization",
    "queue_message",
    "resend_message",
    "say_to_headquarters",
    "set_preference",
    "take_back",
    "tell_user",
    "wants",
]
