"""Imports: upload a table, look at the report of the dry run, apply it, watch it, undo it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from apps.kernel.errors import DomainError
from apps.kernel.imports import (
    MOST_BYTES,
    RUN,
    WORKING,
    UnknownImportKind,
    cancel,
    error_report,
    filled_table,
    get_kind,
    list_kinds,
    problem_rows,
    request_apply,
    request_undo,
    template,
    text_of,
    upload,
)
from apps.kernel.language import in_language
from apps.kernel.models import ImportRun
from apps.kernel.read_only_admin import ReadOnlyAdminMixin
from apps.kernel.states import ImportStatus, RowPlan
from apps.kernel.tasks import begin_import

SHOWN_PROBLEMS = 50
MOVES: dict[str, Callable[..., ImportRun]] = {"apply": request_apply, "undo": request_undo, "cancel": cancel}
STAGES = {
    ImportStatus.UPLOADED: "planned",
    ImportStatus.CHECKING: "planned",
    ImportStatus.CHECKED: "planned",
    ImportStatus.UNDOING: "undone",
    ImportStatus.UNDONE: "undone",
}


class UploadForm(forms.Form):
    """What to import, and the file."""

    kind = forms.ChoiceField(label=_("what"), widget=UnfoldAdminSelectWidget)
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_("At most %(megabytes)s MB. Nothing is written before you say so."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, kinds: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in kinds]  # type: ignore[attr-defined]
        field = self.fields["file"]
        field.help_text = str(field.help_text) % {"megabytes": MOST_BYTES // 1024**2}


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Runs of imports; each page shows one and what can be done with it."""

    list_display = ["id", "name", "kind", "status_label", "total", "uploaded_by", "uploaded_at"]
    list_display_links = ["id", "name"]
    list_filter = ["status", "kind"]
    list_select_related = ["uploaded_by"]
    search_fields = ["name", "digest"]
    ordering = ["-id"]
    show_full_result_count = False

    @display(
        description=_("status"),
        ordering="status",
        label={
            ImportStatus.CHECKED: "info",
            ImportStatus.APPLIED: "success",
            ImportStatus.FAILED: "danger",
            ImportStatus.CHECKING: "warning",
            ImportStatus.APPLYING: "warning",
            ImportStatus.UNDOING: "warning",
        },
    )
    def status_label(self, run: ImportRun) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return run.status, run.get_status_display()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ImportRun]":
        """Show headquarters' own runs; those of others are seen where they belong."""
        return super().get_queryset(request).filter(scope="")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer none: each run has its own page."""
        return {}

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whether there is anything the person may import."""
        return bool(self._kinds_of(request))

    def get_urls(self) -> list:
        """Add what a run's page leads to."""
        own = [
            path("template/<slug:kind>/", self._view(self.template_view), name="kernel_importrun_template"),
            path("<int:pk>/progress/", self._view(self.progress_view), name="kernel_importrun_progress"),
            path("<int:pk>/report/", self._view(self.report_view), name="kernel_importrun_report"),
            path("<int:pk>/move/<slug:move>/", self._view(self.move_view), name="kernel_importrun_move"),
        ]
        return own + super().get_urls()

    def _view(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kinds = self._kinds_of(request)
        chosen = {"kind": request.GET.get("kind", "")}
        form = UploadForm(request.POST or None, request.FILES or None, kinds=kinds, initial=chosen)
        if request.method == "POST" and form.is_valid():
            try:
                run = self._take(request, form)
            except DomainError as refusal:
                form.add_error("file", str(refusal))
            else:
                return HttpResponseRedirect(self._page(run))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import a table"),
            "form": form,
            "kinds": [(kind, hasattr(kind, "current_rows")) for kind in kinds],
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/kernel/import_upload.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a run."""
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": str(run), "original": run}
        return TemplateResponse(request, "admin/kernel/import_run.html", context | self._facts(request, run))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the part of a run's page that changes while it is worked on."""
        return render(request, "admin/kernel/_import_run.html", self._facts(request, self._run(request, pk)))

    def report_view(self, request: HttpRequest, pk: int) -> Any:
        """Send the report of rows that were not taken."""
        run = self._run(request, pk)
        response = StreamingHttpResponse(error_report(run), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-problems.csv"'
        return response

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Send an empty table to fill in; with ``?filled=1`` one with today's values, if the kind knows them."""
        found = next((one for one in self._kinds_of(request) if one.code == kind), None)
        if found is None:
            raise Http404
        is_filled = bool(request.GET.get("filled")) and hasattr(found, "current_rows")
        response = HttpResponse(
            filled_table(found, scope="") if is_filled else template(found),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
        return response

    def move_view(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """Apply, undo or cancel a run."""
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        run = self._run(request, pk)
        if move not in MOVES:
            raise Http404
        if not self._may_act(request, run):
            raise PermissionDenied
        try:
            MOVES[move](run_id=run.pk, by=request.user, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            begin_import(run.pk)
        return HttpResponseRedirect(self._page(run))

    def _take(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        with transaction.atomic():
            run = upload(
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        begin_import(run.pk)
        return run

    def _run(self, request: HttpRequest, pk: int) -> ImportRun:
        run = self.get_queryset(request).filter(pk=pk).first()
        if run is None or not self.has_view_permission(request, run):
            raise Http404
        return run

    def _facts(self, request: HttpRequest, run: ImportRun) -> dict[str, Any]:
        stage = STAGES.get(ImportStatus(run.status), "applied" if run.counts.get("applied") else "planned")
        counts = run.counts.get(stage, {})
        labels = dict(RowPlan.choices) | dict(run.rows.model._meta.get_field("outcome").choices)
        kind = _kind_of(run)
        names = _names_of(kind)
        rows = list(problem_rows(run)[:SHOWN_PROBLEMS])
        may = self._may_act(request, run)
        return {
            "run": run,
            "is_working": run.status in WORKING,
            "percent": round(100 * run.done / run.total) if run.total else None,
            "counts": [(labels.get(what, what), number) for what, number in sorted(counts.items()) if number],
            "problems": [
                (row.line, row.key, names.get(problem["field"], ""), text_of(kind, problem))
                for row in rows
                for problem in row.problems
            ],
            "has_problems": bool(rows),
            "can_apply": may and self._can_apply(run),
            "can_undo": may and RUN.can(run, "undo") and run.checked_at is not None,
            "can_cancel": may and RUN.can(run, "cancel"),
        }

    def _can_apply(self, run: ImportRun) -> bool:
        can_go_on = RUN.can(run, "retry") and run.checked_at is not None and run.applied_at is None
        return (RUN.can(run, "apply") or can_go_on) and run.count("planned", RowPlan.REFUSED) < run.total

    def _kinds_of(self, request: HttpRequest) -> list:
        if not request.user.has_perm("kernel.change_importrun"):
            return []
        return [kind for kind in list_kinds() if request.user.has_perm(kind.permission)]

    def _may_act(self, request: HttpRequest, run: ImportRun) -> bool:
        return any(kind.code == run.kind for kind in self._kinds_of(request))

    def _page(self, run: ImportRun) -> str:
        return reverse("admin:kernel_importrun_change", args=[run.pk])


def _kind_of(run: ImportRun) -> Any:
    try:
        return get_kind(run.kind)
    except UnknownImportKind:
        return None


def _names_of(kind: Any) -> dict[str, str]:
    """The columns' names in the reader's language, by code."""
    columns = kind.columns if kind else ()
    return {column.code: in_language(column.name_zh, column.name_en) for column in columns}
