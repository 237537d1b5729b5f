"""What the pages share: rows come from services, and each decision is a small form that says no beside its fields."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.dealers.models import Dealer
from apps.dealers.services.history import LONGEST_REASON
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import DomainError, ReadOnlyAdminMixin, ports

DAY = timedelta(days=1)


def text_field(label: Any, *, required: bool = True, longest: int = 200, help_text: Any = "") -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label, required=required, max_length=longest, help_text=help_text, widget=UnfoldAdminTextInputWidget
    )


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, picked from the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )


def choice_field(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """One of some."""
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=UnfoldAdminSelectWidget)


def kind_field() -> forms.ChoiceField:
    """Sales or service."""
    return choice_field(_("kind"), AuthorizationKind.choices)


def brand_field() -> forms.ChoiceField:
    """One of our own brands."""
    return choice_field(_("brand"), lambda: ports.adapter("dealers.vehicles").list_brands())


def dealer_field() -> forms.ModelChoiceField:
    """A dealer by name."""
    return forms.ModelChoiceField(
        label=_("dealer"), queryset=Dealer.objects.order_by("code"), widget=UnfoldAdminSelectWidget
    )


def day_after(last_day: date | None) -> date | None:
    """Return where a period ends whose last day is given: people name the last day, periods are half-open."""
    return last_day + DAY if last_day else None


class DecisionForm(forms.Form):
    """A decision and why. Subclasses add fields and ``decide``."""

    title: Any = ""
    verb: Any = _("Confirm")
    hint: Any = ""
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("Kept in the dealer's history."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    field_order: list[str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"])

    def decide(self, obj: Any, *, by: Any, now: Any) -> str:
        """Call the service and return what happened."""
        raise NotImplementedError

    def explain(self, refusal: DomainError) -> None:
        """Put a refusal beside the fields it speaks of, or on top."""
        placed = False
        for name, reasons in refusal.fields.items():
            if name in self.fields:
                self.add_error(name, list(reasons))
                placed = True
        if not placed:
            self.add_error(None, str(refusal))


class DecidingAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Read-only rows; every decision about one has a page that only those who may change it can open."""

    show_full_result_count = False

    def may_decide(self, request: HttpRequest) -> bool:
        """Whether the person may decide at all: HQ operators may, auditors only read."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def has_decide_permission(self, request: HttpRequest, *args: Any) -> bool:
        """The same, as Unfold asks before it shows a button."""
        return self.may_decide(request)

    def decision(
        self,
        request: HttpRequest,
        form_class: type[DecisionForm],
        object_id: Any = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask, decide, and say what happened."""
        if not self.may_decide(request):
            raise PermissionDenied
        obj: Model | None = None
        if object_id is not None:
            obj = self.get_object(request, str(object_id))
            if obj is None:
                raise Http404
        form = form_class(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                done = form.decide(obj, by=request.user, now=timezone.now())
            except DomainError as refusal:
                form.explain(refusal)
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(self._back(obj))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": form.title,
            "original": obj,
            "form": form,
            "back": self._back(obj),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/dealers/decide.html", context, status=status)

    def each(self, request: HttpRequest, rows: Iterable[Any], act: Any, done: Any) -> None:
        """Call ``act`` for every chosen row and say what came of it."""
        if not self.may_decide(request):
            raise PermissionDenied
        count = 0
        for row in rows:
            try:
                act(row)
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)

    def _back(self, obj: Model | None) -> str:
        if obj is None:
            return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
