"""A conversation as a text to keep."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.support.models import Conversation
from apps.support.selectors.conversations import list_messages
from apps.support.states import Side

WHOLE = 100_000  # messages; more than anybody writes


def write_transcript(conversation: Conversation, *, time_zone: str) -> str:
    """Return a conversation in the reader's language, one message a line, by the clock of ``time_zone``."""
    zone = ZoneInfo(time_zone)
    desk = conversation.store.name if conversation.store else conversation.organization.name
    lines = [
        _("Conversation %(number)s with %(desk)s") % {"number": conversation.reference, "desk": desk},
        f"{conversation.opened_at.astimezone(zone):%Y-%m-%d %H:%M} · {conversation.get_topic_display()}",
        "",
    ]
    for said in list_messages(conversation, most=WHOLE):
        speaker = _speaker(said.side, said.name, conversation)
        words = " ".join(part for part in (said.text, f"[{said.file_name}]" if said.file_name else "") if part)
        lines.append(f"{said.at.astimezone(zone):%m-%d %H:%M} {speaker}: {words}")
    return "\n".join(lines) + "\n"


def _speaker(side: Side, name: str, conversation: Conversation) -> str:
    if side == Side.VISITOR:
        return conversation.customer_name or pgettext("chat", "Customer")
    return name if side == Side.AGENT and name else "—"
