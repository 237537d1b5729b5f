"""
Importing tables: an app says what a row means, the engine does the rest.

Reading CSV and XLSX safely, dry run, per-row problems, chunks that survive ``kill -9``, progress, undo. See "Imports"
in the kernel's README; what an app provides is ``ImportKind``.
"""

from apps.kernel.imports.errors import (
    CellTooLong,
    ColumnsMissing,
    ColumnsUnknown,
    ImportFileTooLarge,
    ImportFileUnreadable,
    ImportFileUnsafe,
    ImportNotFound,
    ImportTaken,
    NothingToApply,
    TooManyColumns,
    TooManyRows,
    UndoNotExact,
    UnknownImportKind,
)
from apps.kernel.imports.kinds import (
    Column,
    Image,
    ImportContext,
    ImportKind,
    Parsed,
    Problem,
    get_kind,
    list_kinds,
    text_of,
)
from apps.kernel.imports.lifecycle import RUN, WORKING
from apps.kernel.imports.reports import error_report, filled_table, problem_rows, safe_cell, template
from apps.kernel.imports.requests import access_run, cancel, list_runs, request_apply, request_undo, upload
from apps.kernel.imports.scopes import organization_in, scope_of
from apps.kernel.imports.tables import MOST_BYTES, MOST_ROWS, open_table
from apps.kernel.imports.working import stuck_runs, work

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "RUN",
    "WORKING",
    "CellTooLong",
    "Column",
    "ColumnsMissing",
    "ColumnsUnknown",
    "Image",
    "ImportContext",
    "ImportFileTooLarge",
    "ImportFileUnreadable",
    "ImportFileUnsafe",
    "ImportKind",
    "ImportNotFound",
    "ImportTaken",
    "NothingToApply",
    "Parsed",
    "Problem",
    "TooManyColumns",
    "TooManyRows",
    "UndoNotExact",
    "UnknownImportKind",
    "access_run",
    "cancel",
    "error_report",
    "filled_table",
    "get_kind",
    "list_kinds",
    "list_runs",
    "open_table",
    "organization_in",
    "problem_rows",
    "request_apply",
    "request_undo",
    "safe_cell",
    "scope_of",
    "stuck_runs",
    "template",
    "text_of",
    "upload",
    "work",
]
