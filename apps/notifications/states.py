"""Channels and statuses of a message."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class Channel(models.TextChoices):
    """How a message reaches its reader."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    INBOX = "inbox", _("Inbox")


class Topic(models.TextChoices):
    """What a member may switch off."""

    SERVICE_DUE = "SERVICE_DUE", _("Reminders that a service is due")


class MessageStatus(models.TextChoices):
    """Where a message stands."""

    QUEUED = "QUEUED", _("Waiting to be sent")
    SENT = "SENT", _("Accepted by the carrier")
    FAILED = "FAILED", _("Given up")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


S = MessageStatus

MESSAGE = Lifecycle(
    name="notifications.message",
    moves={
        "send": ({S.QUEUED}, S.SENT),
        "give_up": ({S.QUEUED}, S.FAILED),
        "queue_again": ({S.FAILED}, S.QUEUED),
        "withdraw": ({S.QUEUED}, S.WITHDRAWN),
    },
)
