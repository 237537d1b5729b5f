"""Headquarters' view of live service: hours and prepared replies are kept here; what was said is not shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.kernel.api import ReadOnlyAdminMixin
from apps.support.models import Agent, CannedReply, Conversation, Desk, Rating
from apps.support.states import ConversationStatus

LABELS = {
    ConversationStatus.WAITING: "danger",
    ConversationStatus.TICKET: "warning",
    ConversationStatus.ACTIVE: "info",
    ConversationStatus.CLOSED: "success",
}


class _KeptAdmin(ModelAdmin):
    """Written here, never deleted: switched off instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


@admin.register(Desk)
class DeskAdmin(_KeptAdmin):
    """The hours of headquarters' desk, and of dealers who have other hours than their stores."""

    list_display = ["organization", "time_zone"]
    ordering = ["organization"]


@admin.register(CannedReply)
class CannedReplyAdmin(_KeptAdmin):
    """Prepared replies, everybody's and each desk's."""

    list_display = ["title_zh", "title_en", "topic", "organization", "is_active"]
    list_filter = ["topic", "is_active"]
    search_fields = ["title_zh", "title_en"]
    ordering = ["title_zh"]


@admin.register(Agent)
class AgentAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Who answers, of all desks."""

    list_display = ["user", "organization", "topics", "most_open", "is_available", "seen_at"]
    list_filter = ["is_available", "organization"]
    list_select_related = ["user", "organization"]
    ordering = ["organization", "pk"]


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Conversations of all desks, the latest first: how they went, not what was said."""

    list_display = ["reference", "organization", "store", "topic", "status_label", "agent", "opened_at", "answered_at"]
    list_filter = ["status", "topic", "organization"]
    list_select_related = ["organization", "store", "agent__user"]
    search_fields = ["reference"]
    ordering = ["-opened_at"]
    show_full_result_count = False
    fields = [
        "reference",
        "organization",
        "store",
        "topic",
        "status",
        "agent",
        "lead",
        "last_seq",
        "opened_at",
        "answered_at",
        "left_at",
        "closed_at",
    ]
    readonly_fields = fields

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, conversation: Conversation) -> tuple[str, str]:
        """Show the status as a colored label."""
        return conversation.status, conversation.get_status_display()


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What customers thought."""

    list_display = ["conversation", "stars", "comment", "at"]
    list_filter = ["stars"]
    list_select_related = ["conversation"]
    ordering = ["-at"]
