"""Where a conversation stands, what it is about, who speaks."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


class ConversationStatus(models.TextChoices):
    """How far a conversation is."""

    WAITING = "WAITING", pgettext_lazy("conversation", "Waiting")  # somebody asked, nobody has it yet
    ACTIVE = "ACTIVE", pgettext_lazy("conversation", "In conversation")  # an agent has it
    TICKET = "TICKET", pgettext_lazy("conversation", "Message left")  # nobody was there; the answer comes later
    CLOSED = "CLOSED", pgettext_lazy("conversation", "Closed")  # over; nothing is written any more


class Topic(models.TextChoices):
    """What somebody wants to talk about; agents know some of them."""

    SALES = "SALES", pgettext_lazy("chat", "Buying a car")
    ORDER = "ORDER", pgettext_lazy("chat", "My order")
    SERVICE = "SERVICE", pgettext_lazy("chat", "Service and repair")
    OTHER = "OTHER", pgettext_lazy("chat", "Something else")


class Side(models.TextChoices):
    """Who wrote a message."""

    VISITOR = "VISITOR", pgettext_lazy("chat", "Customer")
    AGENT = "AGENT", pgettext_lazy("chat", "Agent")
    SYSTEM = "SYSTEM", pgettext_lazy("chat", "Note")


class NoteCode(models.TextChoices):
    """What the suite notes in a conversation; pages say it in the reader's language."""

    TAKEN = "TAKEN", _("%(name)s has joined the conversation.")
    RELEASED = "RELEASED", _("We are looking for somebody else who can help.")
    LEFT = "LEFT", _("Nobody is here right now. We answer as soon as we are back.")
    CLOSED = "CLOSED", _("The conversation has ended.")
    LEAD = "LEAD", _("The store calls you about this.")


class AssignmentRule(models.TextChoices):
    """Why an agent got a conversation."""

    TURN = "TURN", pgettext_lazy("chat", "The one with most time")
    TAKEN = "TAKEN", pgettext_lazy("chat", "Took it")
    PASSED = "PASSED", pgettext_lazy("chat", "Passed on by a colleague")


S = ConversationStatus
LIVE = (S.WAITING, S.ACTIVE)
OPEN = (S.WAITING, S.ACTIVE, S.TICKET)
CONVERSATION = Lifecycle(
    name="support.conversation",
    moves={
        "assign": ({S.WAITING, S.TICKET}, S.ACTIVE),
        "release": ({S.ACTIVE}, S.WAITING),
        "leave": ({S.WAITING, S.ACTIVE}, S.TICKET),
        "close": (set(OPEN), S.CLOSED),
    },
)
