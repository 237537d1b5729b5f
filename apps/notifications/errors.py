"""What notifications refuses, and how a carrier fails."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, NotFound, Refused


class UnknownTemplate(Refused):
    """No template of this name is registered."""

    code = "unknown_template"
    message = _("There is no message template %(template)s.")


class ContextIncomplete(Refused):
    """The template needs values that were not given."""

    code = "context_incomplete"
    message = _("The message lacks: %(missing)s.")


class ChannelNotOffered(Refused):
    """The template has no text for this channel."""

    code = "channel_not_offered"
    message = _("The message template %(template)s is not sent by %(channel)s.")


class RecipientMissing(Refused):
    """A message needs somebody to go to."""

    code = "recipient_missing"
    message = _("A message needs a recipient.")


class MessageForgotten(Conflict):
    """The message's contents were wiped after sending or expiry; it cannot be sent again."""

    code = "message_forgotten"
    message = _("The contents of this message were wiped; it cannot be sent again.")


class CarrierUnavailable(Exception):
    """The carrier does not answer, or answers that it is busy: worth another try."""


class CarrierRefused(Exception):
    """The carrier will never take this message: a wrong number, an unknown template, a blocked account."""


class UnknownNotice(NotFound):
    """No notice has this code."""

    code = "unknown_notice"
    message = _("There is no such notice.")


class NothingSaid(Refused):
    """A message of a thread needs words, and not too many."""

    code = "nothing_said"
    message = _("Please write something, %(maximum)s characters at most.")
