"""Staff's view of messages: what was sent to whom, masked; and another try for what failed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.kernel.api import ReadOnlyAdminMixin
from apps.kernel.errors import DomainError
from apps.notifications import api
from apps.notifications.models import Message, ThreadMessage
from apps.notifications.states import MessageStatus


@admin.register(Message)
class MessageAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Messages, without their recipients and contents."""

    list_display = ["queued_at", "template", "channel", "recipient_masked", "status_label", "attempts", "sent_at"]
    list_filter = ["status", "channel", "template"]
    search_fields = ["dedupe_key", "carrier_reference"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = [
        "template",
        "channel",
        "language",
        "recipient_masked",
        "status",
        "attempts",
        "last_error",
        "carrier_reference",
        "queued_at",
        "next_attempt_at",
        "expires_at",
        "sent_at",
        "dedupe_key",
    ]
    actions = ["resend"]

    @display(
        description=_("Status"),
        ordering="status",
        label={MessageStatus.QUEUED: "warning", MessageStatus.SENT: "success", MessageStatus.FAILED: "danger"},
    )
    def status_label(self, message: Message) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return message.status, message.get_status_display()

    @admin.action(description=_("Try failed messages again"), permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Queue the chosen messages again."""
        count = 0
        for message in queryset:
            try:
                api.resend_message(message_id=message.pk, by=request.user, now=timezone.now())
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{message}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, _("%(count)s messages were queued again.") % {"count": count}, messages.SUCCESS)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change messages, which this page uses for nothing else."""
        return request.user.has_perm("notifications.change_message")


class AnswerForm(forms.ModelForm):
    """What headquarters says to an organization."""

    class Meta:
        model = ThreadMessage
        fields = ["organization", "text"]


@admin.register(ThreadMessage)
class ThreadMessageAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What organizations and headquarters say to each other; headquarters write by adding a message."""

    list_display = ["at", "organization", "is_from_headquarters", "start", "by"]
    list_filter = ["is_from_headquarters"]
    search_fields = ["organization__code", "organization__name_zh", "organization__name_en"]
    list_select_related = ["organization", "by"]
    ordering = ["-id"]
    show_full_result_count = False
    form = AnswerForm

    @display(description=_("text"))
    def start(self, said: ThreadMessage) -> str:
        """Show how the message begins."""
        return said.text[:80]

    def get_fields(self, request: HttpRequest, obj: ThreadMessage | None = None) -> list[str]:
        """Ask for organization and text; show everything of what was said."""
        return ["organization", "text"] if obj is None else ["organization", "is_from_headquarters", "text", "by", "at"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Ask for the permission to change what was said, which this page uses for nothing but saying more."""
        return request.user.has_perm("notifications.change_threadmessage")

    def save_model(self, request: HttpRequest, obj: ThreadMessage, form: Any, change: bool) -> None:
        """Say it by the service; ``obj`` becomes the message that was written."""
        said = api.answer_organization(
            organization_id=form.cleaned_data["organization"].pk,
            text=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
        obj.pk = said.pk
