"""XLSX workbooks from strangers: the archive is inspected before anything of it is parsed."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from apps.kernel.imports.csv_reader import MOST_CHARACTERS, MOST_COLUMNS
from apps.kernel.imports.errors import CellTooLong, ImportFileUnreadable, ImportFileUnsafe, TooManyColumns, TooManyRows

MOST_MEMBERS = 1000
MOST_EXPANDED = 400 * 1024**2
MOST_STRINGS = 100 * 1024**2
MOST_OTHER = 16 * 1024**2
# A sheet of real rows shrinks to a tenth; ten thousand equal ones to a hundredth.
MOST_RATIO = 120
RATIO_FROM = 10 * 1024**2
MOST_LINES = 200_000
BLOCK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def read_xlsx(file: IO[bytes], *, size: int, reads_results: bool = True) -> Iterator[tuple[int, list[str]]]:
    """
    Yield (row number, cells as text) of a workbook's first sheet. Of formulas the stored results are read, or
    with ``reads_results`` false their text, which begins with an equals sign.

    :raises ImportFileUnsafe: if the archive is a bomb, leads out of itself, or declares entities
    :raises ImportFileUnreadable: if it is no workbook
    """
    inspect_archive(file, size=size)
    file.seek(0)
    try:
        workbook = load_workbook(file, read_only=True, data_only=reads_results, keep_links=False)
        sheet = workbook.worksheets[0]
        # What the file says of its own size is not believed.
        sheet.reset_dimensions()
        yield from _rows(sheet)
        workbook.close()
    except DefusedXmlException as error:
        raise ImportFileUnsafe(reason=_("it declares entities")) from error
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, EOFError, OSError) as error:
        raise ImportFileUnreadable from error
    except (zipfile.BadZipFile, NotImplementedError, defusedxml.ElementTree.ParseError) as error:
        raise ImportFileUnreadable from error


def inspect_archive(file: IO[bytes], *, size: int) -> None:
    """
    Look an archive over: names, sizes, ratio, declarations. Nothing is parsed as XML.

    :raises ImportFileUnsafe, ImportFileUnreadable: with the reason
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive.infolist(), size=size)
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_declarations(archive, member)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, OSError) as error:
        raise ImportFileUnreadable from error


def _check_members(members: list[zipfile.ZipInfo], *, size: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise ImportFileUnsafe(reason=_("it holds too many parts"))
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise ImportFileUnsafe(reason=_("two of its parts have the same name"))
    for member in members:
        if _leads_out(member.filename):
            raise ImportFileUnsafe(reason=_("a path in it leads out of the file"))
        if member.flag_bits & 0x1:
            raise ImportFileUnsafe(reason=_("it is encrypted"))
        if member.filename.lower().endswith("vbaproject.bin"):
            raise ImportFileUnsafe(reason=_("it holds macros"))
        if member.file_size > _most_of(member.filename):
            raise ImportFileUnsafe(reason=_("a part of it grows too large"))
    expanded = sum(member.file_size for member in members)
    if expanded > MOST_EXPANDED or (expanded > RATIO_FROM and expanded > MOST_RATIO * size):
        raise ImportFileUnsafe(reason=_("it grows too large"))


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or "\\" in name or ".." in parts or ":" in name or "\0" in name


def _most_of(name: str) -> int:
    if _SHEET.fullmatch(name):
        return MOST_EXPANDED
    return MOST_STRINGS if name.lower() == "xl/sharedstrings.xml" else MOST_OTHER


def _check_declarations(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse document types and entities wherever they stand, and encodings in which they could hide."""
    tail, is_first, left = b"", True, member.file_size
    with archive.open(member) as part:
        while block := part.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise ImportFileUnsafe(reason=_("a part of it grows too large"))
            if is_first:
                is_first = False
                start = block.removeprefix(b"\xef\xbb\xbf").lstrip()
                declared = _ENCODING.match(start)
                if not start.startswith(b"<") or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
                    raise ImportFileUnsafe(reason=_("a part of it is not UTF-8"))
            if _DECLARATION.search(tail + block):
                raise ImportFileUnsafe(reason=_("it declares entities"))
            tail = block[-16:]


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1):
        if number > MOST_LINES:
            raise TooManyRows(rows=MOST_LINES)
        if len(row) > MOST_COLUMNS and row[MOST_COLUMNS] is not None:
            raise TooManyColumns(columns=MOST_COLUMNS)
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if any(len(cell) > MOST_CHARACTERS for cell in cells):
            raise CellTooLong(line=number, characters=MOST_CHARACTERS)
        yield number, cells


def _text(value: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, ArrayFormula | DataTableFormula):
        return f"={value.ref}"
    return str(value).strip()
