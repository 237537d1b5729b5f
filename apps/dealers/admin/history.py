"""What was decided about dealers, to read and to filter."""

from django.contrib import admin
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.dealers.models import ChannelChange
from apps.kernel.api import ReadOnlyAdminMixin


@admin.register(ChannelChange)
class ChannelChangeAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Decisions, newest first."""

    list_display = ["at", "dealer", "decision", "reason", "by"]
    list_filter = ["move", "at"]
    list_select_related = ["dealer", "by"]
    search_fields = ["dealer__code", "dealer__name_zh", "dealer__name_en", "reason"]
    ordering = ["-pk"]
    show_full_result_count = False

    @display(description="", label=True)
    def decision(self, change: ChannelChange) -> str:
        """The decision as a label."""
        return change.get_move_display()
