"""What people download: the report of rows that were not taken, and an empty table to fill in."""

import csv
import io
from collections.abc import Iterator

from django.db.models import Q
from django.utils import translation
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from apps.kernel.imports.errors import UnknownImportKind
from apps.kernel.imports.kinds import Column, ImportKind, get_kind, text_of
from apps.kernel.models import ImportRow, ImportRun
from apps.kernel.states import RowOutcome, RowPlan

BOM = "\ufeff"
HEADING = ["line", "key", "field", "code", "message_zh", "message_en"]
# A cell that begins like this is a formula to a spreadsheet. Source: OWASP, CSV Injection.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A list within a validation may be this long; longer ones stand on a sheet of their own.
LONGEST_LIST = 200
CHOICES = "_choices"


def problem_rows(run: ImportRun) -> "object":
    """The rows of a run that were refused or kept, by line."""
    return ImportRow.objects.filter(
        Q(plan=RowPlan.REFUSED) | Q(outcome__in=[RowOutcome.REFUSED, RowOutcome.KEPT]), run=run
    ).order_by("line")


def error_report(run: ImportRun) -> Iterator[str]:
    """Yield the report as CSV, line by line: every problem of every row, in both languages; formula-safe."""
    try:
        kind: ImportKind | None = get_kind(run.kind)
    except UnknownImportKind:
        kind = None
    yield BOM + _line(HEADING)
    rows = ImportRow.objects.filter(pk__in=problem_rows(run).values("pk")).order_by("line")  # type: ignore[attr-defined]
    for row in rows.iterator(chunk_size=500):
        for problem in row.problems:
            with translation.override("zh-hans"):
                chinese = text_of(kind, problem)
            with translation.override("en"):
                english = text_of(kind, problem)
            yield _line([row.line, row.key, problem["field"], problem["code"], chinese, english])


def safe_cell(value: object) -> str:
    """Return a cell's text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(cells: list) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()


def template(kind: ImportKind) -> bytes:
    """Return an XLSX table with the kind's heading, an example, hints, and lists of what may be chosen."""
    book = Workbook()
    sheet = book.active
    sheet.title = "data"
    lists = book.create_sheet(CHOICES)
    lists.sheet_state = "hidden"
    for place, column in enumerate(kind.columns, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(row=1, column=place, value=f"{column.name_zh}{'*' if column.is_required else ''}")
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="1746D1" if column.is_required else "5B6472")
        head.alignment = Alignment(vertical="center", wrap_text=True)
        example = sheet.cell(row=2, column=place, value=column.example)
        example.number_format = "@"
        sheet.column_dimensions[letter].width = column.width
        for row in range(3, 203):
            sheet.cell(row=row, column=place).number_format = "@"
        if column.choices:
            _add_choices(sheet, lists, column, letter)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    _explain(book, kind)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def filled_table(kind: ImportKind, *, scope: str) -> bytes:
    """
    Return an XLSX table with the kind's heading and today's values of a scope, to be changed and sent back.

    A kind that offers no ``current_rows(scope=)`` gives its empty template.
    """
    rows = getattr(kind, "current_rows", None)
    if rows is None:
        return template(kind)
    book = Workbook()
    sheet = book.active
    sheet.title = "data"
    sheet.append([f"{column.name_zh}{'*' if column.is_required else ''}" for column in kind.columns])
    for place, column in enumerate(kind.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.cell(row=1, column=place).font = Font(bold=True)
    for row in rows(scope=scope):
        sheet.append([safe_cell(value) if isinstance(value, str) else value for value in row])
    sheet.freeze_panes = "A2"
    _explain(book, kind)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _add_choices(sheet, lists, column: Column, letter: str) -> None:
    for row, choice in enumerate(column.choices, start=1):
        lists[f"{letter}{row}"] = choice
    area = f"{CHOICES}!${letter}$1:${letter}${len(column.choices)}"
    rule = DataValidation(type="list", formula1=f"={area}", allow_blank=not column.is_required)
    rule.error, rule.errorTitle = f"{column.name_zh} / {column.name_en}", "?"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}100001")


def _explain(book: Workbook, kind: ImportKind) -> None:
    sheet = book.create_sheet("help")
    sheet.append(["column", "中文", "English", "required", "说明", "Help", "example"])
    for column in kind.columns:
        with translation.override("zh-hans"):
            chinese = str(column.help)
        with translation.override("en"):
            english = str(column.help)
        mark = "*" if column.is_required else ""
        sheet.append([column.code, column.name_zh, column.name_en, mark, chinese, english, column.example])
    for letter, width in zip("ABCDEFG", (18, 18, 22, 9, 60, 60, 40), strict=True):
        sheet.column_dimensions[letter].width = width
