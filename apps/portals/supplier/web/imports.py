"""Tables: download with today's values, upload, look at the report, write, watch, undo."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import SUPPLIER_ROLES, OrganizationKind, Role, current_organization, current_roles, require_roles
from apps.kernel.api import DomainError, ImportRun, attempts, imports
from apps.kernel.web.imports import begin_import
from apps.portals.supplier.forms import UploadForm
from apps.portals.supplier.refusals import note_invalid
from apps.portals.supplier.tables import KINDS, kinds_for, report_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 15
# A file that is refused before it becomes a run leaves its trail here.
upload_table = attempts.trailed("supplier_portal.upload_table", subject="upload.name", keeps=("scope", "kind"))(
    imports.upload
)
MOVES: dict[str, Callable[..., ImportRun]] = {
    "apply": imports.request_apply,
    "undo": imports.request_undo,
    "cancel": imports.cancel,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(*SUPPLIER_ROLES)
def import_list(request: HttpRequest) -> HttpResponse:
    """Take a table, and show those taken before."""
    kinds = _kinds(request)
    form = UploadForm(request.POST or None, request.FILES or None, kinds=kinds)
    if request.method == "POST" and not form.is_valid():
        note_invalid(request, form, name="table")
    elif request.method == "POST":
        try:
            run = upload_table(
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                by=request.user,
                now=timezone.now(),
                scope=_scope(request),
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            begin_import(run.pk)
            return redirect("supplier-import", run.pk)
    runs = imports.list_runs(scope=_scope(request), kinds=[kind.code for kind in kinds])
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "kinds": kinds, "page": page, "titles": {kind.code: kind.title for kind in kinds}}
    context["rows"] = [(run, context["titles"].get(run.kind, run.kind)) for run in page.object_list]
    return render(request, "portals/supplier/imports.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one import: its report, its progress, what can be done."""
    return render(request, "portals/supplier/import.html", report_of(_access(request, run_id)))


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """Return the part of an import's page that changes while it is worked on."""
    return render(request, "portals/supplier/_import.html", report_of(_access(request, run_id)))


@require_POST
@require_roles(*SUPPLIER_ROLES)
def move(request: HttpRequest, run_id: int, name: str) -> HttpResponse:
    """Write an import, undo it, or call it off."""
    run = _access(request, run_id)
    if name not in MOVES:
        raise Http404
    try:
        MOVES[name](run_id=run.pk, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        begin_import(run.pk)
    return redirect("supplier-import", run.pk)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def problems(request: HttpRequest, run_id: int) -> HttpResponse | StreamingHttpResponse:
    """Send every row that was not taken, with the reasons in both languages."""
    run = _access(request, run_id)
    response = StreamingHttpResponse(imports.error_report(run), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-problems.csv"'
    return response


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a table with today's values, to be changed and sent back."""
    found = next((one for one in _kinds(request) if one.code == kind), None)
    if found is None:
        raise Http404
    response = HttpResponse(imports.filled_table(found, scope=_scope(request)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response


def _access(request: HttpRequest, run_id: int) -> ImportRun:
    try:
        run = imports.access_run(run_id=run_id, scope=_scope(request))
    except imports.ImportNotFound:
        raise Http404 from None
    if run.kind not in KINDS or run.kind not in {kind.code for kind in _kinds(request)}:
        raise Http404
    return run


def _kinds(request: HttpRequest) -> list:
    return kinds_for(is_manager=Role.SUPPLIER in current_roles(request))


def _scope(request: HttpRequest) -> str:
    return imports.scope_of(current_organization(request, OrganizationKind.SUPPLIER).pk)
