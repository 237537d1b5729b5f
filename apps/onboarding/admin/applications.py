"""The review queue: what waits comes first; one page per application shows what changed, and decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.kernel.api import DomainError, ReadOnlyAdminMixin, private_files
from apps.onboarding import api
from apps.onboarding.admin.forms import DecisionForm, InviteForm, PaperDecisionForm
from apps.onboarding.models import Application, Submission
from apps.onboarding.policies import differences, is_expired, list_unsettled
from apps.onboarding.selectors import Standing, day_of, list_attempts, list_standings, waiting_condition
from apps.onboarding.states import ApplicationStatus, SubmissionStatus

LABELS = {
    ApplicationStatus.READY_FOR_REVIEW: "warning",
    ApplicationStatus.APPROVED: "success",
    ApplicationStatus.REJECTED: "danger",
    ApplicationStatus.ONBOARDING: "info",
}
SHOWN_ATTEMPTS = 50
DIGEST_LENGTH = 64


class WaitingFilter(admin.SimpleListFilter):
    """What waits for headquarters: applications to review, and renewed papers of approved companies."""

    title = _("waits for review")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer one choice."""
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        """Keep what waits."""
        return queryset.filter(waiting_condition()) if self.value() == "1" else queryset


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Applications; each page is one review, and each button one service call."""

    list_display = ["number", "name_zh", "kind", "status_label", "contact_name", "submitted_at", "deadline_at"]
    list_display_links = ["number", "name_zh"]
    list_filter = [WaitingFilter, "status", "kind"]
    search_fields = ["number", "name_zh", "name_en", "uscc", "contact_email"]
    ordering = ["submitted_at", "pk"]
    show_full_result_count = False

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, row: Application) -> tuple[str, str]:
        """Show the status as a colored label."""
        return row.status, row.get_status_display()

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whether the person may invite."""
        return request.user.has_perm("onboarding.add_application")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer none: each application has its own page."""
        return {}

    def get_urls(self) -> list:
        """Add where the page's buttons lead."""
        act = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/act/", act, name="onboarding_application_act"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Invite a company."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InviteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                application = api.invite_applicant(**form.as_invitation(), by=request.user, now=timezone.now())
            except DomainError as refusal:
                form.explain(refusal)
            else:
                messages.success(request, _("The invitation is on its way."))
                return HttpResponseRedirect(self._page(application.pk))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invite a company"),
            "form": form,
        }
        return TemplateResponse(request, "admin/onboarding/invite.html", context, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one application with all that was handed in."""
        application = self.get_object(request, object_id)
        if application is None:
            raise Http404
        if not self.has_view_permission(request, application):
            raise PermissionDenied
        return self._show(request, application)

    def act_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what a button says: one of ``ACTS``."""
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        application = Application.objects.filter(pk=pk).first()
        act = ACTS.get(request.POST.get("act", ""))
        if application is None or act is None:
            raise Http404
        if not request.user.has_perm("onboarding.change_application"):
            raise PermissionDenied
        try:
            act(request, application, timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done."))
        return HttpResponseRedirect(self._page(pk))

    def _show(self, request: HttpRequest, application: Application) -> HttpResponse:
        now = timezone.now()
        standings = list_standings(application)
        may = request.user.has_perm("onboarding.change_application")
        unsettled = list_unsettled([row.need for row in standings], today=day_of(now))
        is_waiting = application.status == ApplicationStatus.READY_FOR_REVIEW
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(application),
            "original": application,
            "application": application,
            "rows": [_row(request, row, now) for row in standings],
            "seen": ",".join(str(row.latest.pk) for row in standings if row.latest),
            "missing": [
                row.requirement.name for row in standings if row.requirement.code in unsettled and not row.latest
            ],
            "attempts": list_attempts(application)[:SHOWN_ATTEMPTS],
            "may_decide": may and is_waiting,
            "may_review": may
            and application.status in {ApplicationStatus.READY_FOR_REVIEW, ApplicationStatus.APPROVED},
            "may_extend": may and application.deadline_at is not None,
            "form": DecisionForm(),
        }
        return TemplateResponse(request, "admin/onboarding/application.html", context)

    def _page(self, pk: int) -> str:
        return reverse("admin:onboarding_application_change", args=[pk])


def _row(request: HttpRequest, standing: Standing, now: datetime) -> dict[str, Any]:
    """One requirement on the page: what was handed in, and what it changes against the one before."""
    latest, previous = standing.latest, standing.previous
    names = {name: Submission._meta.get_field(name).verbose_name for name in Submission.COMPARED}
    now_values = {name: getattr(latest, name) for name in Submission.COMPARED} if latest else {}
    before = {name: getattr(previous, name) for name in Submission.COMPARED} if previous and latest else None
    changed = differences(before, now_values, Submission.COMPARED)
    day = day_of(now)
    return {
        "standing": standing,
        "latest": latest,
        "values": [(names[name], value) for name, value in now_values.items() if value and name != "file_digest"],
        # Of a digest the beginning tells enough.
        "differences": [(names[name], _short(old), _short(new)) for name, old, new in changed],
        "is_pending": latest is not None and latest.status == SubmissionStatus.PENDING,
        "is_expired": latest is not None and is_expired(latest.valid_until, day),
        "file_url": private_files.signed_url(file=latest.file, viewer=request.user, now=now)
        if latest and latest.file
        else "",
        "old_file_url": (
            private_files.signed_url(file=previous.file, viewer=request.user, now=now)
            if previous and previous.file and latest and previous.file_digest != latest.file_digest
            else ""
        ),
    }


def _short(value: Any) -> Any:
    return f"{value[:12]}…" if isinstance(value, str) and len(value) == DIGEST_LENGTH else value or "–"


def _approve(request: HttpRequest, application: Application, now: datetime) -> None:
    seen = [int(part) for part in request.POST.get("seen", "").split(",") if part.isdecimal()]
    reason = _reason(request)
    api.approve_application(application_id=application.pk, seen=seen, override_reason=reason, by=request.user, now=now)


def _reject(request: HttpRequest, application: Application, now: datetime) -> None:
    api.reject_application(application_id=application.pk, reason=_reason(request), by=request.user, now=now)


def _more(request: HttpRequest, application: Application, now: datetime) -> None:
    codes = request.POST.getlist("codes")
    api.ask_for_more(application_id=application.pk, codes=codes, reason=_reason(request), by=request.user, now=now)


def _extend(request: HttpRequest, application: Application, now: datetime) -> None:
    days = request.POST.get("days", "")
    api.extend_deadline(
        application_id=application.pk,
        days=int(days) if days.isdecimal() and len(days) < 5 else 0,
        reason=_reason(request),
        by=request.user,
        now=now,
    )


def _accept_one(request: HttpRequest, application: Application, now: datetime) -> None:
    api.accept_submission(application_id=application.pk, submission_id=_submission(request), by=request.user, now=now)


def _refuse_one(request: HttpRequest, application: Application, now: datetime) -> None:
    api.reject_submission(
        application_id=application.pk,
        submission_id=_submission(request),
        reason=_reason(request),
        by=request.user,
        now=now,
    )


def _waive(request: HttpRequest, application: Application, now: datetime) -> None:
    api.waive_requirement(
        application_id=application.pk,
        requirement=request.POST.get("requirement", ""),
        reason=_reason(request),
        by=request.user,
        now=now,
    )


def _reason(request: HttpRequest) -> str:
    form = PaperDecisionForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


def _submission(request: HttpRequest) -> int:
    text = request.POST.get("submission", "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


ACTS: dict[str, Callable[[HttpRequest, Application, datetime], None]] = {
    "approve": _approve,
    "reject": _reject,
    "more": _more,
    "extend": _extend,
    "accept": _accept_one,
    "refuse": _refuse_one,
    "waive": _waive,
}
