"""Authorizations: granted in bulk, extended, ended, revoked; who covers what; tables in and out."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectMultipleWidget, UnfoldAdminTextareaWidget

from apps.dealers import api
from apps.dealers.admin.base import (
    DecidingAdmin,
    DecisionForm,
    brand_field,
    choice_field,
    day_after,
    day_field,
)
from apps.dealers.admin.coverage import CoverageForm, draw_coverage
from apps.dealers.models import Authorization, Dealer
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import show_period

KINDS = [
    ("SALES SERVICE", _("Sales and service")),
    ("SALES", _("Sales")),
    ("SERVICE", _("Service")),
]


class GrantForm(DecisionForm):
    """The same right for several dealers in several regions: all of it is granted, or nothing."""

    title = _("Grant authorizations")
    verb = _("Grant")
    hint = _("Every chosen dealer gets every kind in every region, or nobody gets anything.")
    dealers = forms.ModelMultipleChoiceField(
        label=_("dealers"), queryset=Dealer.objects.order_by("code"), widget=UnfoldAdminSelectMultipleWidget
    )
    brand_code = brand_field()
    kinds = choice_field(_("kind"), KINDS)
    regions = forms.CharField(
        label=_("regions"),
        max_length=4000,
        help_text=_("Six-digit codes, separated by spaces or lines: 310000 is all of Shanghai, 000000 all of China."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    starts_on = day_field(_("first day"))
    last_day = day_field(_("last day"), required=False, help_text=_("Leave empty: until further notice."))

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Grant all of it."""
        data = self.cleaned_data
        codes = [code for code in re.split(r"[\s,;，；、]+", data["regions"]) if code]
        wishes = [
            api.GrantWish(
                dealer_id=dealer.pk,
                brand_code=data["brand_code"],
                region_code=code,
                kind=AuthorizationKind(kind),
                starts_on=data["starts_on"],
                ends_on=day_after(data["last_day"]),
            )
            for dealer in data["dealers"]
            for code in dict.fromkeys(codes)
            for kind in data["kinds"].split()
        ]
        granted = api.grant_authorizations(wishes=wishes, reason=data["reason"], by=by, now=now)
        return gettext("%(count)s authorizations were granted.") % {"count": len(granted)}

    def explain(self, refusal: Any) -> None:
        """A region the service names stands in our field of several."""
        if "region_code" in refusal.fields:
            self.add_error("regions", list(refusal.fields["region_code"]))
            return
        super().explain(refusal)


class ExtendForm(DecisionForm):
    """A later end."""

    title = _("Extend the authorization")
    verb = _("Extend it")
    last_day = day_field(_("new last day"), required=False, help_text=_("Leave empty: until further notice."))

    def decide(self, obj: Authorization, *, by: Any, now: Any) -> str:
        """Extend it."""
        api.extend_authorization(
            authorization_id=obj.pk,
            ends_on=day_after(self.cleaned_data["last_day"]),
            reason=self.cleaned_data["reason"],
            by=by,
            now=now,
        )
        return gettext("The authorization was extended.")


class EndForm(DecisionForm):
    """A sooner end."""

    title = _("End the authorization")
    verb = _("End")
    hint = _("Territories that rest on it end with it. Open orders finish.")
    last_day = day_field(_("last day"))

    def decide(self, obj: Authorization, *, by: Any, now: Any) -> str:
        """End it."""
        api.end_authorization(
            authorization_id=obj.pk,
            ends_on=day_after(self.cleaned_data["last_day"]) or timezone.localdate(now),
            reason=self.cleaned_data["reason"],
            by=by,
            now=now,
        )
        return gettext("The authorization will end.")


class RevokeForm(DecisionForm):
    """An end today."""

    title = _("Revoke the authorization")
    verb = _("Revoke it")
    hint = _("From today on the dealer may not do this any more. Territories that rest on it end. Open orders finish.")

    def decide(self, obj: Authorization, *, by: Any, now: Any) -> str:
        """Revoke it."""
        api.revoke_authorization(authorization_id=obj.pk, reason=self.cleaned_data["reason"], by=by, now=now)
        return gettext("The authorization was revoked.")


@admin.register(Authorization)
class AuthorizationAdmin(DecidingAdmin):
    """Who may do what where."""

    list_display = ["dealer", "brand_code", "kind", "region", "days", "state"]
    list_filter = ["kind", "brand_code", "dealer__level", "dealer__status"]
    list_select_related = ["dealer"]
    search_fields = ["dealer__code", "dealer__name_zh", "dealer__name_en", "region_code"]
    ordering = ["dealer__code", "kind", "region_code"]
    fields = ["dealer", "brand_code", "kind", "region", "days", "state", "revoked_at"]
    actions_list = ["grant", "grant_by_table", "coverage"]
    actions_detail = ["extend", "end", "revoke"]

    @display(description=_("region"), ordering="region_code")
    def region(self, authorization: Authorization) -> str:
        """The region by name."""
        return api.name_region(authorization.region_code)

    @display(description=_("valid"), ordering="valid")
    def days(self, authorization: Authorization) -> str:
        """First and last day."""
        return show_period(authorization.valid)

    @display(
        description=_("state"),
        label={
            _("runs"): "success",
            _("to come"): "info",
            _("over"): "warning",
            _("revoked"): "danger",
        },
    )
    def state(self, authorization: Authorization) -> Any:
        """Whether it runs today."""
        if authorization.revoked_at is not None:
            return _("revoked")
        today = timezone.localdate()
        if authorization.valid.lower is not None and authorization.valid.lower > today:
            return _("to come")
        is_over = authorization.valid.upper is not None and authorization.valid.upper <= today
        return _("over") if is_over else _("runs")

    @action(description=_("Grant in bulk"), url_path="grant", permissions=["decide"])
    def grant(self, request: HttpRequest) -> HttpResponse:
        """Grant rights to several dealers in several regions."""
        return self.decision(request, GrantForm, initial={"starts_on": timezone.localdate()})

    @action(description=_("Grant by a table"), url_path="by-table", permissions=["decide"])
    def grant_by_table(self, request: HttpRequest) -> HttpResponse:
        """Lead to the imports: dry run, report, undo."""
        return HttpResponseRedirect(f"{reverse('admin:kernel_importrun_add')}?kind=authorizations")

    @action(description=_("Coverage"), url_path="coverage")
    def coverage(self, request: HttpRequest) -> HttpResponse:
        """Show who covers what, and what nobody covers."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = CoverageForm(request.GET or None)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Coverage"),
            "form": form,
            **draw_coverage(form, today=timezone.localdate()),
        }
        return TemplateResponse(request, "admin/dealers/coverage.html", context)

    @action(description=_("Extend it"), url_path="extend", permissions=["decide"])
    def extend(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Let it run longer."""
        return self.decision(request, ExtendForm, object_id)

    @action(description=_("End"), url_path="end", permissions=["decide"])
    def end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Let it end sooner."""
        return self.decision(request, EndForm, object_id)

    @action(description=_("Revoke it"), url_path="revoke", permissions=["decide"])
    def revoke(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take it away today."""
        return self.decision(request, RevokeForm, object_id)
