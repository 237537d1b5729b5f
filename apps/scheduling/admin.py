"""Headquarters' view of appointments: public holidays are edited here, the rest is looked at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.kernel.api import ReadOnlyAdminMixin
from apps.scheduling.models import Booking, PublicDay, Resource, ResourceDay, WaitlistEntry
from apps.scheduling.states import BookingStatus

LABELS = {
    BookingStatus.HELD: "warning",
    BookingStatus.BOOKED: "info",
    BookingStatus.DONE: "success",
    BookingStatus.NO_SHOW: "danger",
}


@admin.register(PublicDay)
class PublicDayAdmin(ModelAdmin):
    """Public holidays and the days worked instead, as each year's notice has them."""

    list_display = ["day", "kind", "name_zh", "name_en", "country", "source"]
    list_filter = ["country", "kind"]
    date_hierarchy = "day"
    ordering = ["-day"]


class ResourceDayInline(ReadOnlyAdminMixin, TabularInline):
    """Days on which it keeps other hours."""

    model = ResourceDay
    extra = 0
    can_delete = False
    fields = readonly_fields = ["day", "spans", "reason"]


@admin.register(Resource)
class ResourceAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What can be booked at all stores."""

    list_display = ["code", "name_zh", "kind", "store", "capacity", "slot_minutes", "buffer_minutes", "is_active"]
    list_filter = ["kind", "is_active", "organization"]
    list_select_related = ["store"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["store", "kind", "code"]
    show_full_result_count = False
    inlines = [ResourceDayInline]


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Bookings of all stores, the latest first."""

    list_display = ["starts_at", "ends_at", "resource", "purpose", "title_zh", "status_label", "times_moved"]
    list_filter = ["status", "purpose", "organization"]
    list_select_related = ["resource"]
    date_hierarchy = "starts_at"
    search_fields = ["subject"]
    ordering = ["-starts_at"]
    show_full_result_count = False

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, booking: Booking) -> tuple[str, str]:
        """Show the status as a colored label."""
        return booking.status, booking.get_status_display()


@admin.register(WaitlistEntry)
class WaitlistAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Who waits for which slot."""

    list_display = ["starts_at", "store", "purpose", "status", "offered_until", "created_at"]
    list_filter = ["status", "purpose", "organization"]
    list_select_related = ["store"]
    ordering = ["-created_at"]
    show_full_result_count = False
