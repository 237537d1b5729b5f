"""HQ's view of leads: read-only, with phone numbers masked."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.kernel.api import ReadOnlyAdminMixin
from apps.leads.models import Assignment, ContactReveal, FollowUp, Lead, Quote
from apps.leads.states import LeadStatus

LABELS = {
    LeadStatus.NEW: "danger",
    LeadStatus.ASSIGNED: "warning",
    LeadStatus.CONTACTED: "info",
    LeadStatus.QUALIFIED: "info",
    LeadStatus.WON: "success",
}


class _StoryInline(ReadOnlyAdminMixin, TabularInline):
    extra = 0
    can_delete = False


class FollowUpInline(_StoryInline):
    """What was done."""

    model = FollowUp
    fields = readonly_fields = ["at", "kind", "note", "next_step", "next_at", "by"]


class AssignmentInline(_StoryInline):
    """Who had it."""

    model = Assignment
    fields = readonly_fields = ["at", "owner", "rule", "reason", "by"]


class RevealInline(_StoryInline):
    """Who looked at the phone number."""

    model = ContactReveal
    fields = readonly_fields = ["at", "by", "reason"]


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Leads of all dealers, what is due first."""

    list_display = [
        "pk",
        "organization",
        "store",
        "interest_zh",
        "status_label",
        "score",
        "owner",
        "due_at",
        "created_at",
    ]
    list_filter = ["status", "source", ("escalated_at", admin.EmptyFieldListFilter), "organization"]
    list_select_related = ["organization", "store", "owner"]
    ordering = ["due_at", "-pk"]
    show_full_result_count = False
    inlines = [FollowUpInline, AssignmentInline, RevealInline]
    fields = [
        "organization",
        "store",
        "source",
        "status",
        "shown_name",
        "masked_phone",
        "is_phone_verified",
        "interest_zh",
        "interest_en",
        "message",
        "score",
        "times_asked",
        "owner",
        "due_at",
        "next_step",
        "contacted_at",
        "escalated_at",
        "lost_reason",
        "outcome_note",
        "merged_into",
        "consent_version",
        "consent_at",
        "consent_text",
        "created_at",
        "closed_at",
    ]
    readonly_fields = fields

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, lead: Lead) -> tuple[str, str]:
        """Show the status as a colored label."""
        return lead.status, lead.get_status_display()

    @display(description=_("name"))
    def shown_name(self, lead: Lead) -> str:
        """Show the name as the dealer sees it."""
        return lead.shown_name

    @display(description=_("phone"))
    def masked_phone(self, lead: Lead) -> str:
        """Show the phone number masked."""
        return lead.masked_phone or "–"


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Quotes of all dealers, newest first."""

    list_display = ["number", "organization", "store", "title_zh", "total", "valid_until", "issued_by", "issued_at"]
    list_filter = ["organization"]
    list_select_related = ["organization", "store", "issued_by"]
    search_fields = ["number"]
    ordering = ["-issued_at"]
    show_full_result_count = False
    fields = [
        "number",
        "organization",
        "store",
        "lead",
        "title_zh",
        "title_en",
        "lines",
        "price_trace",
        "concession",
        "total",
        "tax",
        "tax_rate",
        "currency",
        "valid_until",
        "issued_by",
        "issued_at",
    ]
    readonly_fields = fields
