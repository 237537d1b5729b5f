"""Refusals of live service."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused


class ConversationNotFound(NotFound):
    """No such conversation, or somebody else's: both read alike."""

    code = "not_found"
    message = _("There is no such conversation.")


class AgentNotFound(NotFound):
    """Nobody of this organization who answers conversations."""

    code = "not_found"
    message = _("There is no such agent.")


class CannedReplyNotFound(NotFound):
    """No such prepared reply at this desk."""

    code = "not_found"
    message = _("There is no such prepared reply.")


class ReplyTitleTaken(Conflict):
    """The desk has a prepared reply of this title."""

    code = "reply_title_taken"
    message = _("There is a prepared reply of this title already.")


class FileNotInConversation(NotFound):
    """The message carries no file."""

    code = "not_found"
    message = _("There is no such file.")


class NothingSaid(BadRequest):
    """A message needs words or a file."""

    code = "nothing_said"
    message = _("Please write something.")


class TooLong(BadRequest):
    """A message has a length. Context: ``most``, characters."""

    code = "too_long"
    message = _("A message has at most %(most)s characters.")


class TooManyConversations(Conflict):
    """The person has enough conversations open. Context: ``most``."""

    code = "too_many_conversations"
    message = _("You have %(most)s open conversations already. Please go on with one of them.")


class TooManyMessages(Conflict):
    """Faster than anybody types. Context: ``most``, messages a minute."""

    code = "too_many_messages"
    message = _("That was a lot at once. Please wait a moment.")


class ConversationClosed(Conflict):
    """The conversation is over."""

    code = "conversation_closed"
    message = _("This conversation has ended. Please begin a new one.")


class NotYourConversation(Conflict):
    """A colleague has it, or nobody yet: it is taken over first."""

    code = "not_your_conversation"
    message = _("Please take this conversation over first.")


class AgentFull(Conflict):
    """The agent has as many conversations as they can follow. Context: ``most``."""

    code = "agent_full"
    message = _("This agent follows %(most)s conversations already.")


class ContactRequired(BadRequest):
    """Without an address or a number nobody can answer later."""

    code = "contact_required"
    message = _("Please give an e-mail address or a mobile phone number.")


class InvalidStars(BadRequest):
    """A judgement is one to five stars."""

    code = "invalid_stars"
    message = _("Please choose one to five stars.")


class AlreadyRated(Conflict):
    """A conversation is judged once."""

    code = "already_rated"
    message = _("You have answered already. Thank you!")


class NotOver(Refused):
    """A conversation is judged when it is over."""

    code = "not_over"
    message = _("You can judge the conversation when it has ended.")


class LeadExists(Conflict):
    """The conversation has its lead."""

    code = "lead_exists"
    message = _("There is a lead of this conversation already.")


class ProofInvalid(NotFound):
    """The proof of a live connection, or the link back, is forged or too old."""

    code = "not_found"
    message = _("There is no such conversation.")
