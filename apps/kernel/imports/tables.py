"""Reading a table from an uploaded file: its format is seen from the content, the heading matched, cells are text."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from apps.kernel.imports.csv_reader import read_csv
from apps.kernel.imports.errors import (
    ColumnsMissing,
    ColumnsUnknown,
    ImportFileTooLarge,
    ImportFileUnreadable,
    TooManyRows,
)
from apps.kernel.imports.kinds import Column
from apps.kernel.imports.xlsx_reader import read_xlsx

MOST_BYTES = 40 * 1024**2
MOST_ROWS = 100_000
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file: its line (from 1, the heading included) and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """An opened table: the columns it has, and its rows, to be read once."""

    columns: list[str]
    rows: Iterator[RawRow]


class Formula(str):
    """The text of a cell that is a formula; only tables opened with ``marks_formulas`` hold any."""

    __slots__ = ()


def open_table(file: IO[bytes], *, size: int, columns: Sequence[Column], marks_formulas: bool = False) -> Table:
    """
    Open a CSV (UTF-8, UTF-16, GB 18030; any usual delimiter) or XLSX file. Empty rows are skipped.

    ``marks_formulas`` gives formulas as ``Formula``, their text instead of the result the file claims they have.

    :raises ImportFileTooLarge, ImportFileUnreadable, ImportFileUnsafe: if it is not even opened
    :raises TooManyRows, TooManyColumns, CellTooLong: also while the rows are read
    :raises ColumnsMissing, ColumnsUnknown: if the heading does not fit
    """
    if size > MOST_BYTES:
        raise ImportFileTooLarge(megabytes=MOST_BYTES // 1024**2)
    if size == 0:
        raise ImportFileUnreadable
    start = file.read(4)
    file.seek(0)
    is_workbook = start == ZIP
    lines = read_xlsx(file, size=size, reads_results=not marks_formulas) if is_workbook else read_csv(file)
    heading = next((cells for _line, cells in lines if any(cells)), None)
    if heading is None:
        raise ImportFileUnreadable
    codes = match_heading(heading, columns)
    return Table([code for code in codes if code], _rows(lines, codes, marks_formulas=marks_formulas))


def match_heading(heading: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """
    Return the column's code for each cell of the heading; "" for empty cells.

    :raises ColumnsUnknown: if one is unknown or stands there twice
    :raises ColumnsMissing: if a required one is not there
    """
    by_name = {
        _normal(name): column.code for column in columns for name in (column.code, column.name_zh, column.name_en)
    }
    codes = [by_name.get(_normal(cell), "?") if cell else "" for cell in heading]
    strange = [
        cell[:40]
        for place, (cell, code) in enumerate(zip(heading, codes, strict=True))
        if code == "?" or (code and code in codes[:place])
    ]
    if strange:
        raise ColumnsUnknown(columns=", ".join(strange[:10]))
    missing = [column.code for column in columns if column.is_required and column.code not in codes]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    return codes


def _rows(lines: Iterator[tuple[int, list[str]]], codes: Sequence[str], *, marks_formulas: bool) -> Iterator[RawRow]:
    count = 0
    with closing(lines):  # type: ignore[type-var]
        for line, cells in lines:
            if not any(cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise TooManyRows(rows=MOST_ROWS)
            row = {code: (cells[place] if place < len(cells) else "") for place, code in enumerate(codes) if code}
            if marks_formulas:
                row = {code: Formula(text) if text.startswith("=") else text for code, text in row.items()}
            yield RawRow(line, row)


def _normal(name: str) -> str:
    """A heading without case, full-width forms, spaces and a mark that it is required."""
    return unicodedata.normalize("NFKC", name).casefold().replace(" ", "").replace("_", "").rstrip("*")
