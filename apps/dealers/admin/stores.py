"""Stores: opened, closed, moved; their hours and special days."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectMultipleWidget, UnfoldBooleanWidget

from apps.dealers import api
from apps.dealers.admin.base import DecidingAdmin, DecisionForm, day_field, dealer_field, text_field
from apps.dealers.models import Store, StoreDay
from apps.dealers.resources import StoreResource
from apps.kernel.api import ReadOnlyAdminMixin

WEEK = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip


def hours_field(label: Any) -> forms.CharField:
    """The hours of one day as people write them."""
    return text_field(label, required=False, longest=60)


def read_hours(text: str) -> list[list[str]]:
    """Return 09:00-12:00, 13:30-18:00 as spans; what is no span stays as it is, for the service to refuse."""
    parts = [part for part in re.split(r"[,，;\s]+", text.replace("–", "-").strip()) if part]
    return [part.split("-") for part in parts]


def write_hours(spans: Any) -> str:
    """Return spans as people write them."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in spans or [])


class PlaceForm(DecisionForm):
    """Where a store is."""

    district_code = text_field(
        _("district"), longest=6, help_text=_("The six-digit code of the district, such as 310115.")
    )
    address_zh = text_field(_("address in Chinese"))
    address_en = text_field(_("address in English"))
    latitude = forms.DecimalField(
        label=_("latitude"),
        max_digits=9,
        decimal_places=6,
        help_text=_("Degrees north, WGS 84."),
        widget=UnfoldAdminDecimalFieldWidget,
    )
    longitude = forms.DecimalField(
        label=_("longitude"),
        max_digits=9,
        decimal_places=6,
        help_text=_("Degrees east, WGS 84."),
        widget=UnfoldAdminDecimalFieldWidget,
    )

    def place(self) -> api.StorePlace:
        """The place that was given."""
        names = ("district_code", "address_zh", "address_en", "latitude", "longitude")
        return api.StorePlace(**{name: self.cleaned_data[name] for name in names})

    def explain(self, refusal: Any) -> None:
        """A region the service names is our district."""
        if "region_code" in refusal.fields:
            self.add_error("district_code", list(refusal.fields["region_code"]))
            return
        super().explain(refusal)


class OpenForm(PlaceForm):
    """A new store."""

    title = _("Open a store")
    verb = _("Open")
    hint = _("Opening hours are set on the store's own page afterwards.")
    dealer = dealer_field()
    code = text_field(_("code"), longest=40)
    name_zh = text_field(_("name in Chinese"), longest=120)
    name_en = text_field(_("name in English"), longest=120)
    phone = text_field(_("phone"), longest=20)
    time_zone = text_field(_("time zone"), longest=40)
    has_sales = forms.BooleanField(label=_("sells cars"), required=False, widget=UnfoldBooleanWidget)
    has_service = forms.BooleanField(label=_("services cars"), required=False, widget=UnfoldBooleanWidget)

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Open it."""
        data = self.cleaned_data
        names = ("code", "name_zh", "name_en", "phone", "time_zone", "has_sales", "has_service")
        details = api.StoreDetails(opening_hours={}, **{name: data[name] for name in names})
        store = api.open_store(
            dealer_id=data["dealer"].pk, place=self.place(), details=details, reason=data["reason"], by=by, now=now
        )
        return gettext("%(store)s was opened.") % {"store": store}


class MoveForm(PlaceForm):
    """Another address."""

    title = _("Move the store")
    verb = _("Move")
    hint = _("From now on the new district decides what its dealer may do there.")

    def decide(self, obj: Store, *, by: Any, now: Any) -> str:
        """Move it."""
        api.move_store(store_id=obj.pk, place=self.place(), reason=self.cleaned_data["reason"], by=by, now=now)
        return gettext("The store was moved.")


class CloseForm(DecisionForm):
    """Out of the shop."""

    title = _("Close the store")
    verb = _("Close")
    hint = _("It is not shown and takes no new orders; open orders finish.")

    def decide(self, obj: Store, *, by: Any, now: Any) -> str:
        """Close it."""
        api.close_store(store_id=obj.pk, reason=self.cleaned_data["reason"], by=by, now=now)
        return gettext("The store was closed.")


class ReopenForm(DecisionForm):
    """Back into the shop."""

    title = _("Reopen the store")
    verb = _("Reopen")

    def decide(self, obj: Store, *, by: Any, now: Any) -> str:
        """Reopen it."""
        api.reopen_store(store_id=obj.pk, reason=self.cleaned_data["reason"], by=by, now=now)
        return gettext("The store was reopened.")


class HoursForm(DecisionForm):
    """The week."""

    title = _("Set the opening hours")
    hint = _("For each day like 09:00-12:00, 13:30-18:00; empty: a day of rest.")
    mon, tue, wed = hours_field(WEEK["mon"]), hours_field(WEEK["tue"]), hours_field(WEEK["wed"])
    thu, fri, sat = hours_field(WEEK["thu"]), hours_field(WEEK["fri"]), hours_field(WEEK["sat"])
    sun = hours_field(WEEK["sun"])

    def decide(self, obj: Store, *, by: Any, now: Any) -> str:
        """Set them."""
        data = self.cleaned_data
        hours = {day: spans for day in WEEK if (spans := read_hours(data[day]))}
        api.set_opening_hours(store_id=obj.pk, opening_hours=hours, reason=data["reason"], by=by, now=now)
        return gettext("The opening hours were set.")


class DaysForm(DecisionForm):
    """A holiday, or a day with other hours, for several stores."""

    title = _("Set special days")
    verb = _("Set")
    hint = _("Holidays and days with other hours. What was set for these days before is replaced.")
    stores = forms.ModelMultipleChoiceField(
        label=_("stores"), queryset=Store.objects.order_by("code"), widget=UnfoldAdminSelectMultipleWidget
    )
    first_day = day_field(_("first day"))
    last_day = day_field(_("last day"))
    spans = text_field(
        _("hours"), required=False, longest=60, help_text=_("Like 10:00-16:00; empty: closed on these days.")
    )
    note_zh = text_field(_("note in Chinese"), required=False, longest=60)
    note_en = text_field(_("note in English"), required=False, longest=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Set them."""
        data = self.cleaned_data
        rows = api.set_special_days(
            store_ids=[store.pk for store in data["stores"]],
            first_day=data["first_day"],
            last_day=data["last_day"],
            spans=read_hours(data["spans"]),
            note_zh=data["note_zh"],
            note_en=data["note_en"],
            by=by,
            now=now,
        )
        return gettext("%(count)s special days were set.") % {"count": len(rows)}


class DayInline(ReadOnlyAdminMixin, TabularInline):
    """Holidays and days with other hours."""

    model = StoreDay
    fields = ["day", "shown_hours", "note_zh", "note_en"]
    readonly_fields = fields
    ordering = ["-day"]
    extra = 0

    @display(description=_("hours"))
    def shown_hours(self, day: StoreDay) -> str:
        """The hours as people write them."""
        return write_hours(day.spans) or gettext("closed")


@admin.register(Store)
class StoreAdmin(DecidingAdmin):
    """Places that take orders."""

    list_display = ["name_zh", "name_en", "dealer", "city", "has_sales", "has_service", "is_open"]
    list_filter = ["is_open", "has_sales", "has_service", "province"]
    list_select_related = ["dealer"]
    search_fields = ["code", "name_zh", "name_en", "city", "city_en", "dealer__name_zh"]
    resource_classes = [StoreResource]
    ordering = ["code"]
    fields = [
        "name_zh", "name_en", "code", "dealer", "phone", "has_sales", "has_service", "is_open", "closed_reason",
        "where", "address_zh", "address_en", "latitude", "longitude", "time_zone", "week",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name not in ("name_zh", "name_en", "phone")]
    inlines = [DayInline]
    actions_list = ["open_new", "special_days"]
    actions_detail = ["move", "hours", "close", "reopen"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Names and phone are edited by hand."""
        return self.may_decide(request)

    @display(description=_("district"))
    def where(self, store: Store) -> str:
        """The district by name."""
        return api.name_region(store.district_code)

    @display(description=_("opening hours"))
    def week(self, store: Store) -> str:
        """The week as people write it."""
        return " · ".join(
            f"{name} {write_hours(store.opening_hours.get(day)) or gettext('closed')}" for day, name in WEEK.items()
        )

    @action(description=_("Open a store"), url_path="open", permissions=["decide"])
    def open_new(self, request: HttpRequest) -> HttpResponse:
        """Open a store of a dealer."""
        return self.decision(
            request, OpenForm, initial={"time_zone": "Asia/Shanghai", "has_sales": True, "has_service": True}
        )

    @action(description=_("Special days"), url_path="days", permissions=["decide"])
    def special_days(self, request: HttpRequest) -> HttpResponse:
        """Holidays for several stores."""
        return self.decision(request, DaysForm)

    @action(description=_("Move"), url_path="move", permissions=["decide"])
    def move(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Another address."""
        return self.decision(request, MoveForm, object_id, initial=self._initial(request, object_id))

    @action(description=_("Opening hours"), url_path="hours", permissions=["decide"])
    def hours(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Other hours."""
        return self.decision(request, HoursForm, object_id, initial=self._initial(request, object_id))

    @action(description=_("Close"), url_path="close", permissions=["decide"])
    def close(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Out of the shop."""
        return self.decision(request, CloseForm, object_id)

    @action(description=_("Reopen"), url_path="reopen", permissions=["decide"])
    def reopen(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Back into the shop."""
        return self.decision(request, ReopenForm, object_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Store]:
        """Load the dealer with the page."""
        return super().get_queryset(request).select_related("dealer")

    def _initial(self, request: HttpRequest, object_id: int) -> dict[str, Any]:
        store = self.get_object(request, str(object_id))
        if store is None:
            return {}
        names = ("district_code", "address_zh", "address_en", "latitude", "longitude")
        week = {day: write_hours(store.opening_hours.get(day)) for day in WEEK}
        return {name: getattr(store, name) for name in names} | week
