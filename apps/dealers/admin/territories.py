"""Territories: assigned and ended."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldBooleanWidget

from apps.dealers import api
from apps.dealers.admin.base import (
    DecidingAdmin,
    DecisionForm,
    brand_field,
    day_after,
    day_field,
    dealer_field,
    kind_field,
    text_field,
)
from apps.dealers.models import Territory
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import show_period


class AssignForm(DecisionForm):
    """A region for a dealer."""

    title = _("Assign a territory")
    verb = _("Assign")
    hint = _("An exclusive territory keeps every other dealer out of the region. It needs an authorization there.")
    dealer = dealer_field()
    brand_code = brand_field()
    kind = kind_field()
    region_code = text_field(_("region"), longest=6, help_text=_("A six-digit code, such as 310115."))
    is_exclusive = forms.BooleanField(label=_("is exclusive"), required=False, widget=UnfoldBooleanWidget)
    starts_on = day_field(_("first day"))
    last_day = day_field(_("last day"), required=False, help_text=_("Leave empty: until further notice."))

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Assign it."""
        data = self.cleaned_data
        api.assign_territory(
            dealer_id=data["dealer"].pk,
            brand_code=data["brand_code"],
            region_code=data["region_code"],
            kind=AuthorizationKind(data["kind"]),
            is_exclusive=data["is_exclusive"],
            starts_on=data["starts_on"],
            ends_on=day_after(data["last_day"]),
            reason=data["reason"],
            by=by,
            now=now,
        )
        return gettext("The territory was assigned.")


class EndTerritoryForm(DecisionForm):
    """A sooner end."""

    title = _("End the territory")
    verb = _("End")
    first_day_without = day_field(_("first day without it"))

    def decide(self, obj: Territory, *, by: Any, now: Any) -> str:
        """End it."""
        data = self.cleaned_data
        api.end_territory(territory_id=obj.pk, ends_on=data["first_day_without"], reason=data["reason"], by=by, now=now)
        return gettext("The territory will end.")


@admin.register(Territory)
class TerritoryAdmin(DecidingAdmin):
    """Who looks after which region."""

    list_display = ["dealer", "brand_code", "kind", "region", "is_exclusive", "days"]
    list_filter = ["kind", "is_exclusive", "brand_code", "is_void"]
    list_select_related = ["dealer"]
    search_fields = ["dealer__code", "dealer__name_zh", "dealer__name_en", "region_code"]
    ordering = ["region_code", "kind"]
    fields = ["dealer", "brand_code", "kind", "region", "is_exclusive", "days", "is_void"]
    actions_list = ["assign"]
    actions_detail = ["end"]

    @display(description=_("region"), ordering="region_code")
    def region(self, territory: Territory) -> str:
        """The region by name."""
        return api.name_region(territory.region_code)

    @display(description=_("valid"), ordering="valid")
    def days(self, territory: Territory) -> str:
        """First and last day."""
        return show_period(territory.valid)

    @action(description=_("Assign a territory"), url_path="assign", permissions=["decide"])
    def assign(self, request: HttpRequest) -> HttpResponse:
        """Give a dealer a region."""
        return self.decision(request, AssignForm, initial={"starts_on": timezone.localdate()})

    @action(description=_("End"), url_path="end", permissions=["decide"])
    def end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Let it end."""
        return self.decision(request, EndTerritoryForm, object_id, initial={"first_day_without": timezone.localdate()})
