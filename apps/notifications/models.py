"""Messages: written down with the change they tell of, sent afterwards."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import EncryptedTextField
from apps.notifications.states import Channel, MessageStatus, Topic


class Message(models.Model):
    """One message to one recipient. Recipient and contents are encrypted; secret contents are wiped once sent."""

    template = models.CharField(_("template"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10)
    recipient = EncryptedTextField(_("recipient"))
    recipient_masked = models.CharField(_("recipient"), max_length=80)
    context_json = EncryptedTextField(null=True, blank=True)
    dedupe_key = models.CharField(_("dedupe key"), max_length=200, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=MessageStatus.choices, default=MessageStatus.QUEUED, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next try at"), editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)
    carrier_reference = models.CharField(_("carrier's reference"), max_length=100, blank=True, editable=False)
    expires_at = models.DateTimeField(_("of no use after"), null=True, blank=True, editable=False)
    queued_at = models.DateTimeField(_("queued at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(condition=~Q(dedupe_key=""), name="notifications_message_dedupe_key_not_empty"),
            models.CheckConstraint(
                condition=~Q(status="SENT") | Q(sent_at__isnull=False), name="notifications_message_sent_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status="QUEUED"), name="notifications_message_waiting"
            ),
            models.Index(fields=["user", "-queued_at"], name="notifications_message_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.recipient_masked}"

    @property
    def context(self) -> dict[str, Any] | None:
        """The values of the template, or None once they were wiped."""
        return None if self.context_json is None else json.loads(self.context_json)


class Preference(models.Model):
    """Whether somebody wants to be told of a topic. Without a row they do."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    is_wanted = models.BooleanField(_("wanted"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("wish about messages")
        verbose_name_plural = _("wishes about messages")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="notifications_one_preference_each"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="notifications_preference_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic}"


class Notice(models.Model):
    """One thing an organization is told; the words are in ``notices.py``, ``context`` fills them. Never changed."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="notices")
    code = models.CharField(_("notice"), max_length=40)
    context = models.JSONField(default=dict, blank=True)
    link = models.CharField(_("leads to"), max_length=200, blank=True, default="")
    dedupe_key = models.CharField(_("dedupe key"), max_length=160, unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("notice to an organization")
        verbose_name_plural = _("notices to organizations")
        indexes = [models.Index(fields=["organization", "-at"], name="notifications_notice_of_org")]

    def __str__(self) -> str:
        return f"{self.code} → {self.organization_id}"


class ThreadMessage(models.Model):
    """One thing said between an organization and headquarters. Never changed."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="thread_messages")
    is_from_headquarters = models.BooleanField(_("from headquarters"))
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("message of an organization's thread")
        verbose_name_plural = _("messages of organizations' threads")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="notifications_thread_says_something")]
        indexes = [models.Index(fields=["organization", "-at"], name="notifications_thread_of_org")]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.text[:40]}"


class NoticeReading(models.Model):
    """Until when somebody has seen an organization's notices and thread."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_until = models.DateTimeField(_("read until"))

    class Meta:
        verbose_name = _("reading of notices")
        verbose_name_plural = _("readings of notices")
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="notifications_one_reading_each")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.organization_id}"
