"""Quotas: set and changed; how much is used."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from apps.dealers import api
from apps.dealers.admin.base import (
    DecidingAdmin,
    DecisionForm,
    choice_field,
    day_after,
    day_field,
    dealer_field,
)
from apps.dealers.models import Quota, QuotaUse
from apps.kernel.api import ReadOnlyAdminMixin, ports, show_period


def _models() -> list[tuple[str, str]]:
    return [(f"{series}/{model}", name) for series, model, name in ports.adapter("dealers.vehicles").list_models()]


def _number_field() -> forms.IntegerField:
    return forms.IntegerField(label=_("vehicles"), min_value=0, widget=UnfoldAdminIntegerFieldWidget)


class SetQuotaForm(DecisionForm):
    """So many vehicles in a period."""

    title = _("Set a quota")
    verb = _("Set")
    hint = _("A dealer without a quota for a vehicle may sell any number.")
    dealer = dealer_field()
    vehicle = choice_field(_("series or model"), _models)
    starts_on = day_field(_("first day"))
    last_day = day_field(_("last day"))
    vehicles = _number_field()

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Set it."""
        data = self.cleaned_data
        series_code, _slash, model_code = data["vehicle"].partition("/")
        api.set_quota(
            dealer_id=data["dealer"].pk,
            series_code=series_code,
            model_code=model_code,
            starts_on=data["starts_on"],
            ends_on=day_after(data["last_day"]) or data["starts_on"],
            vehicles=data["vehicles"],
            reason=data["reason"],
            by=by,
            now=now,
        )
        return gettext("The quota was set.")


class ChangeQuotaForm(DecisionForm):
    """Another number."""

    title = _("Change the quota")
    vehicles = _number_field()

    def decide(self, obj: Quota, *, by: Any, now: Any) -> str:
        """Change it."""
        data = self.cleaned_data
        api.change_quota(quota_id=obj.pk, vehicles=data["vehicles"], reason=data["reason"], by=by, now=now)
        return gettext("The quota was changed.")


class UseInline(ReadOnlyAdminMixin, TabularInline):
    """The orders that took vehicles."""

    model = QuotaUse
    fields = ["cause", "vehicles", "taken_at", "released_at"]
    readonly_fields = fields
    ordering = ["-pk"]
    extra = 0


@admin.register(Quota)
class QuotaAdmin(DecidingAdmin):
    """How many vehicles dealers may sell."""

    list_display = ["dealer", "series_code", "model_code", "days", "vehicles", "used"]
    list_filter = ["series_code", "dealer__level"]
    list_select_related = ["dealer"]
    search_fields = ["dealer__code", "dealer__name_zh", "dealer__name_en", "series_code", "model_code"]
    ordering = ["-period", "dealer__code"]
    fields = ["dealer", "series_code", "model_code", "days", "vehicles", "used"]
    inlines = [UseInline]
    actions_list = ["set_quota"]
    actions_detail = ["change"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quota]:
        """Load what is used with the page."""
        live = Sum("uses__vehicles", filter=Q(uses__released_at__isnull=True))
        return super().get_queryset(request).annotate(live_uses=live)

    @display(description=_("period"), ordering="period")
    def days(self, quota: Quota) -> str:
        """First and last day."""
        return show_period(quota.period)

    @display(description=_("used"))
    def used(self, quota: Quota) -> int:
        """Vehicles taken by live orders."""
        return getattr(quota, "live_uses", None) or 0

    @action(description=_("Set a quota"), url_path="set", permissions=["decide"])
    def set_quota(self, request: HttpRequest) -> HttpResponse:
        """Limit a dealer."""
        return self.decision(request, SetQuotaForm)

    @action(description=_("Change the number"), url_path="number", permissions=["decide"])
    def change(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Give it another number."""
        return self.decision(request, ChangeQuotaForm, object_id)
