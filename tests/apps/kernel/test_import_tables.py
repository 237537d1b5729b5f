"""Reading tables from strangers: encodings, delimiters, headings; bombs and traps get a name, never a parser."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from apps.kernel.api import imports
from apps.kernel.imports import tables, xlsx_reader
from apps.kernel.imports.kinds import Column

COLUMNS = (
    Column(code="sku", name_zh="商品编码", name_en="SKU", is_required=True),
    Column(code="title", name_zh="名称", name_en="Title"),
    Column(code="price", name_zh="售价", name_en="Price"),
)
TEXT = "sku,title,price\nA-1,机油滤清器,38.00\n\nA-2,刹车片,188\n"
ROWS = [
    (2, {"sku": "A-1", "title": "机油滤清器", "price": "38.00"}),
    (4, {"sku": "A-2", "title": "刹车片", "price": "188"}),
]


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    table = imports.open_table(io.BytesIO(content), size=len(content), columns=COLUMNS)
    return [(row.line, row.cells) for row in table.rows]


def workbook(*rows: list) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The archive with members replaced or added."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename not in changes:
                new.writestr(member, old.read(member))
        for name, data in changes.items():
            new.writestr(name, data)
    return found.getvalue()


GOOD = workbook(["sku", "title", "price"], ["A-1", "机油滤清器", "38.00"])
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_what_spreadsheets_write(encoding):
    assert read(TEXT.encode(encoding)) == ROWS


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_finds_the_delimiter(delimiter):
    assert read(TEXT.replace(",", delimiter).encode()) == ROWS


def test_keeps_quoted_delimiters_and_line_ends_and_tells_the_line_a_row_begins_on():
    assert read(b'sku,title\r\n"A,1","two\nlines"\r\nA-2,x\r\n') == [
        (2, {"sku": "A,1", "title": "two\nlines"}),
        (4, {"sku": "A-2", "title": "x"}),
    ]


@pytest.mark.parametrize("heading", ["SKU,Title", "商品编码*,名称", " sku , TITLE ", "ＳＫＵ,title"])
def test_a_heading_may_be_a_code_or_a_name_in_either_language(heading):
    assert read(f"{heading}\nA-1,x\n".encode()) == [(2, {"sku": "A-1", "title": "x"})]


def test_short_rows_are_filled_up():
    assert read(b"sku,title,price\nA-1\n") == [(2, {"sku": "A-1", "title": "", "price": ""})]


def test_cells_of_a_workbook_read_as_a_person_would_type_them():
    rows = read(workbook(["sku", "title", "price"], ["A-1", True, 38.0], [None], ["A-2", "x", 38.5]))

    assert rows == [
        (2, {"sku": "A-1", "title": "TRUE", "price": "38"}),
        (4, {"sku": "A-2", "title": "x", "price": "38.5"}),
    ]


@pytest.mark.parametrize(
    "content, refusal",
    [
        (b"", imports.ImportFileUnreadable),
        (b"\n\n\n", imports.ImportFileUnreadable),
        (b"\x00\x01\x02\x03 binary", imports.ImportFileUnreadable),
        (b"sku,title\nA-1,\xff\xff\xff", imports.ImportFileUnreadable),
        (b"sku,title\nA-1,\"never closed", imports.ImportFileUnreadable),
        (b'sku,title\nA-1,"' + b"x" * 200_000, imports.CellTooLong),
        (b"sku,title\nA-1," + b"x" * 40_000, imports.CellTooLong),
        (b"title,price\nx,1\n", imports.ColumnsMissing),
        (b"sku,colour\nA-1,red\n", imports.ColumnsUnknown),
        (b"sku,title,TITLE\nA-1,a,b\n", imports.ColumnsUnknown),
        (b"sku\n" + b"," * 300 + b"\n", imports.TooManyColumns),
        (b"PK\x03\x04 is no archive", imports.ImportFileUnreadable),
        (GOOD[: len(GOOD) // 2], imports.ImportFileUnreadable),
        (repacked(GOOD, {"../../etc/cron.d/x": b"x"}), imports.ImportFileUnsafe),
        (repacked(GOOD, {"/etc/passwd": b"x"}), imports.ImportFileUnsafe),
        (repacked(GOOD, {"xl\\..\\..\\x": b"x"}), imports.ImportFileUnsafe),
        (repacked(GOOD, {"xl/vbaProject.bin": b"x"}), imports.ImportFileUnsafe),
        (repacked(GOOD, {"xl/other.bin": b"\0" * 200_000_000}), imports.ImportFileUnsafe),
        (repacked(GOOD, {SHEET: b"<worksheet>" + b"<row/>" * 20_000_000 + b"</worksheet>"}), imports.ImportFileUnsafe),
        (
            repacked(GOOD, {SHEET: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'}),
            imports.ImportFileUnsafe,
        ),
        (
            repacked(GOOD, {STRINGS: b"<!--" + b" " * 70_000 + b'--><!DOCTYPE x [<!ENTITY a "ha">]><sst/>'}),
            imports.ImportFileUnsafe,
        ),
        (repacked(GOOD, {SHEET: '<?xml version="1.0"?><worksheet/>'.encode("utf-16")}), imports.ImportFileUnsafe),
        (repacked(GOOD, {SHEET: b'<?xml version="1.0" encoding="utf-7"?><worksheet/>'}), imports.ImportFileUnsafe),
        (repacked(GOOD, {SHEET: b"<worksheet><unclosed>"}), imports.ImportFileUnreadable),
        (repacked(GOOD, {"xl/workbook.xml": b"<workbook/>"}), imports.ImportFileUnreadable),
    ],
    ids=range(25),
)  # fmt: skip
def test_a_bad_file_is_refused_by_name(content, refusal):
    with pytest.raises(refusal) as refused:
        read(content)

    assert str(refused.value)


def test_a_cell_far_out_does_not_make_millions_of_cells():
    sheet = b'<worksheet xmlns="' + MAIN + b'"><sheetData>%s</sheetData></worksheet>'
    heading = b'<row r="1"><c r="A1" t="inlineStr"><is><t>sku</t></is></c></row>'
    far_down = heading + b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>'
    far_right = heading + b'<row r="2"><c r="XFD2"><v>1</v></c></row>'

    with pytest.raises(imports.TooManyRows):
        read(repacked(GOOD, {SHEET: sheet % far_down}))
    assert read(repacked(GOOD, {SHEET: sheet % far_right})) == []


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)

    with pytest.raises(imports.TooManyRows):
        read(b"sku\n" + b"\n".join(b"A-%d" % number for number in range(4)))


def test_more_bytes_than_we_read_are_not_even_opened():
    with pytest.raises(imports.ImportFileTooLarge):
        imports.open_table(io.BytesIO(b""), size=2 * 1024**3, columns=COLUMNS)


def test_without_the_inspection_the_trap_has_no_name(monkeypatch):
    """The control: the parser underneath refuses entities as well, but by then the file has been opened."""
    trap = repacked(GOOD, {SHEET: b'<!DOCTYPE x [<!ENTITY e "ha">]><worksheet>&e;</worksheet>'})
    with pytest.raises(imports.ImportFileUnsafe):
        read(trap)

    monkeypatch.setattr(xlsx_reader, "_check_declarations", lambda *_: None)

    with pytest.raises(imports.ImportFileUnreadable):
        read(trap)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_report_is_a_formula(text):
    assert imports.safe_cell(text) == f"'{text}"


def test_other_cells_stay_as_they_are():
    assert imports.safe_cell("机油 = 38") == "机油 = 38"
