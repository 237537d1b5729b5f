"""Dealers: names are edited; level, parent and status are decided; what they hold is shown."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from apps.dealers import api
from apps.dealers.admin.base import DecidingAdmin, DecisionForm, choice_field, day_field
from apps.dealers.models import Authorization, ChannelChange, Dealer, LevelBenefit, Quota, Store, Territory
from apps.dealers.states import DealerLevel, DealerStatus, LevelBenefitKind
from apps.kernel.api import ReadOnlyAdminMixin, show_period

STATUS_LABELS = {
    DealerStatus.APPROVED: "success",
    DealerStatus.READY_FOR_REVIEW: "warning",
    DealerStatus.SUSPENDED: "danger",
    DealerStatus.REJECTED: "danger",
}


class ShownInline(ReadOnlyAdminMixin, TabularInline):
    """Rows to look at; each leads to its own page."""

    extra = 0
    show_change_link = True
    tab = True

    @display(description=_("valid"))
    def days(self, row: Any) -> str:
        """First and last day."""
        return show_period(row.period if isinstance(row, Quota) else row.valid)

    @display(description=_("region"))
    def region(self, row: Any) -> str:
        """The region by name."""
        return api.name_region(row.region_code)


class AuthorizationInline(ShownInline):
    """What a dealer may do where, from when to when."""

    model = Authorization
    fields = ["brand_code", "kind", "region", "days", "revoked_at"]
    readonly_fields = fields
    ordering = ["kind", "region_code"]


class TerritoryInline(ShownInline):
    """The regions it looks after."""

    model = Territory
    fields = ["brand_code", "kind", "region", "is_exclusive", "days"]
    readonly_fields = fields
    ordering = ["kind", "region_code"]


class StoreInline(ShownInline):
    """Its stores."""

    model = Store
    fields = ["code", "name_zh", "city", "has_sales", "has_service", "is_open"]
    readonly_fields = fields
    ordering = ["code"]


class QuotaInline(ShownInline):
    """How many vehicles it may sell."""

    model = Quota
    fields = ["series_code", "model_code", "days", "vehicles"]
    readonly_fields = fields


class HistoryInline(ShownInline):
    """What was decided about it, newest first."""

    model = ChannelChange
    fields = ["at", "move", "reason", "by"]
    readonly_fields = fields
    ordering = ["-pk"]


class LevelForm(DecisionForm):
    """Another level."""

    title = _("Change the level")
    hint = _("Holds for what is ordered from now on; placed orders keep what was agreed.")
    level = choice_field(_("level"), DealerLevel.choices)

    def decide(self, obj: Dealer, *, by: Any, now: Any) -> str:
        """Change it."""
        data = self.cleaned_data
        api.change_level(dealer_id=obj.pk, level=DealerLevel(data["level"]), reason=data["reason"], by=by, now=now)
        return gettext("The level was changed.")


class ParentForm(DecisionForm):
    """Another parent, or none."""

    title = _("Change the parent dealer")
    hint = _("Group, regional company, dealer: no deeper.")
    parent = forms.ModelChoiceField(
        label=_("parent dealer"),
        required=False,
        queryset=Dealer.objects.order_by("code"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Leave empty: it belongs to nobody."),
    )

    def decide(self, obj: Dealer, *, by: Any, now: Any) -> str:
        """Move it."""
        parent = self.cleaned_data["parent"]
        api.move_dealer(
            dealer_id=obj.pk,
            parent_id=parent.pk if parent else None,
            reason=self.cleaned_data["reason"],
            by=by,
            now=now,
        )
        return gettext("The parent was changed.")


class StandingForm(DecisionForm):
    """Suspend or restore, with the reason that its history keeps."""

    title = _("Suspend the dealer")
    verb = _("Suspend")
    hint = _("Its stores leave the shop and take no new orders; open orders finish.")

    def decide(self, obj: Dealer, *, by: Any, now: Any) -> str:
        """Suspend it."""
        words = self._reason()
        api.suspend_dealer(organization_id=obj.organization_id, reason=words, by=by, now=now)
        return gettext("The dealer was suspended.")

    def _reason(self) -> str:
        words = self.cleaned_data["reason"].strip()
        if not words:
            raise api.ReasonRequired(fields={"reason": [gettext("This is required.")]})
        return words


class RestoreForm(StandingForm):
    """Back into the shop."""

    title = _("Restore the dealer")
    verb = _("Restore")
    hint = _("Its stores are shown again and take orders.")

    def decide(self, obj: Dealer, *, by: Any, now: Any) -> str:
        """Restore it."""
        api.restore_dealer(organization_id=obj.organization_id, reason=self._reason(), by=by, now=now)
        return gettext("The dealer was restored.")


@admin.register(Dealer)
class DealerAdmin(DecidingAdmin):
    """Organizations with stores."""

    list_display = ["name_zh", "name_en", "code", "level", "status_label", "blocked_reason", "parent"]
    list_filter = ["status", "level", ("blocked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["code", "name_zh", "name_en"]
    autocomplete_fields = ["organization"]
    fields = [
        "name_zh", "name_en", "code", "organization", "parent", "family", "level", "benefits", "status",
        "blocked_reason", "blocked_at", "created_at",
    ]  # fmt: skip
    readonly_fields = [
        "code", "organization", "parent", "family", "level", "benefits", "status", "blocked_reason", "blocked_at",
        "created_at",
    ]  # fmt: skip
    ordering = ["code"]
    inlines = [AuthorizationInline, TerritoryInline, StoreInline, QuotaInline, HistoryInline]
    actions = ["suspend", "restore"]
    actions_detail = ["change_level", "change_parent", "suspend_one", "restore_one"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Names are edited by hand."""
        return self.may_decide(request)

    @display(description=_("status"), ordering="status", label=STATUS_LABELS)
    def status_label(self, dealer: Dealer) -> tuple[str, str]:
        """The status as a colored label."""
        return dealer.status, dealer.get_status_display()

    @display(description=_("group"))
    def family(self, dealer: Dealer) -> str:
        """Everybody in its group."""
        return " · ".join(f"{'› ' * depth}{one.name}" for depth, one in api.list_family(dealer))

    @display(description=_("what the level brings"))
    def benefits(self, dealer: Dealer) -> str:
        """The benefits of its level today."""
        found = api.benefits_of(dealer.level, on=timezone.localdate())
        return " · ".join(f"{benefit.label}: {value.normalize():f}" for benefit, value in sorted(found.items())) or "–"

    @action(description=_("Suspend: take the stores off the shop"))
    def suspend(self, request: HttpRequest, queryset: QuerySet[Dealer]) -> None:
        """Suspend the chosen dealers."""
        self._move(request, queryset, api.suspend_dealer, gettext("%(count)s dealers were suspended."))

    @action(description=_("Restore: bring the stores back"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Dealer]) -> None:
        """Restore the chosen dealers."""
        self._move(request, queryset, api.restore_dealer, gettext("%(count)s dealers were restored."))

    def _move(self, request: HttpRequest, dealers: QuerySet[Dealer], move: Any, done: str) -> None:
        reason, now = gettext("By hand in the back office"), timezone.now()
        self.each(
            request,
            dealers,
            lambda dealer: move(organization_id=dealer.organization_id, reason=reason, by=request.user, now=now),
            done,
        )

    @action(description=_("Change the level"), url_path="level", permissions=["decide"])
    def change_level(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Raise or lower it."""
        return self.decision(request, LevelForm, object_id)

    @action(description=_("Change the parent"), url_path="parent", permissions=["decide"])
    def change_parent(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Let it belong to another one."""
        return self.decision(request, ParentForm, object_id)

    @action(description=_("Suspend"), url_path="suspend", permissions=["decide"])
    def suspend_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take its stores off the shop."""
        return self.decision(request, StandingForm, object_id)

    @action(description=_("Restore"), url_path="restore", permissions=["decide"])
    def restore_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Bring its stores back."""
        return self.decision(request, RestoreForm, object_id)


class BenefitForm(DecisionForm):
    """A new value from a day on."""

    title = _("Set a benefit")
    verb = _("Set")
    hint = _("What runs until then ends the day before. Nothing that ran is rewritten.")
    level = choice_field(_("level"), DealerLevel.choices)
    benefit = choice_field(_("benefit"), LevelBenefitKind.choices)
    value = forms.DecimalField(label=_("value"), max_digits=10, decimal_places=4, widget=UnfoldAdminDecimalFieldWidget)
    starts_on = day_field(_("first day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Set it."""
        data = self.cleaned_data
        api.set_level_benefit(
            level=DealerLevel(data["level"]),
            benefit=LevelBenefitKind(data["benefit"]),
            value=data["value"],
            starts_on=data["starts_on"],
            now=now,
        )
        return gettext("The benefit was set.")


@admin.register(LevelBenefit)
class LevelBenefitAdmin(DecidingAdmin):
    """What levels bring, from when to when."""

    list_display = ["level", "benefit", "value", "days"]
    list_filter = ["level", "benefit"]
    ordering = ["level", "benefit", "-valid"]
    actions_list = ["set_benefit"]

    @display(description=_("valid"), ordering="valid")
    def days(self, benefit: LevelBenefit) -> str:
        """First and last day."""
        return show_period(benefit.valid)

    @action(description=_("Set a benefit"), url_path="set", permissions=["decide"])
    def set_benefit(self, request: HttpRequest) -> HttpResponse:
        """Set a new value from a day on."""
        return self.decision(request, BenefitForm, initial={"starts_on": timezone.localdate()})
