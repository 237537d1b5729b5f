"""Imports as a supplier sees them: which kinds there are, and what a run's page says."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import ImportRun, imports, is_english

# Kind → whether only a manager may: it carries prices.
KINDS = {"stock": False, "offers": True}
SHOWN_PROBLEMS = 50
STAGES = {"UPLOADED": "planned", "CHECKING": "planned", "CHECKED": "planned", "UNDOING": "undone", "UNDONE": "undone"}
STATUS_TONES = {"APPLIED": "good", "CHECKED": "accent", "FAILED": "bad", "UNDONE": ""}
COUNTS: Mapping[str, Promise] = {
    "NEW": _("will be new"),
    "CHANGED": _("will change"),
    "UNCHANGED": _("stay as they are"),
    "REFUSED": _("refused"),
    "CREATED": _("new"),
    "UPDATED": _("changed"),
    "UNDONE": _("put back"),
    "KEPT": _("left as they are now"),
}


def kinds_for(*, is_manager: bool) -> list["imports.ImportKind"]:
    """Return the kinds of import that the project provides and the reader may use."""
    found = []
    for code, needs_manager in KINDS.items():
        if is_manager or not needs_manager:
            try:
                found.append(imports.get_kind(code))
            except imports.UnknownImportKind:
                continue
    return found


def report_of(run: ImportRun) -> dict[str, Any]:
    """Return what a run's page shows."""
    kind = imports.get_kind(run.kind)
    applied = "applied" if run.counts.get("applied") else "planned"
    stage = STAGES.get(run.status, applied)
    names = {column.code: column.name_en if is_english() else column.name_zh for column in kind.columns}
    rows = list(imports.problem_rows(run)[:SHOWN_PROBLEMS])
    counts = [(COUNTS.get(what, what), number) for what, number in sorted(run.counts.get(stage, {}).items()) if number]
    writable = run.count("planned", "NEW") + run.count("planned", "CHANGED") + run.count("planned", "UNCHANGED")
    return {
        "run": run,
        "kind": kind,
        "tone": STATUS_TONES.get(run.status, "warn"),
        "is_working": run.status in imports.WORKING,
        "percent": min(round(100 * run.done / run.total), 100) if run.total else None,
        "counts": counts,
        "problems": [
            (row.line, row.key, names.get(problem["field"], ""), imports.text_of(kind, problem))
            for row in rows
            for problem in row.problems
        ],
        "has_more": len(rows) == SHOWN_PROBLEMS,
        "may_apply": imports.RUN.can(run, "apply") and writable,
        "may_retry": imports.RUN.can(run, "retry") and run.checked_at is not None,
        "may_undo": imports.RUN.can(run, "undo") and run.checked_at is not None,
        "may_cancel": imports.RUN.can(run, "cancel"),
    }
