"""CSV as people send it: UTF-8 with or without a mark, GB 18030 from Chinese spreadsheets, UTF-16 from others."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from apps.kernel.imports.errors import CellTooLong, ImportFileUnreadable, TooManyColumns

MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767  # Source: Excel's limit of a cell.
DELIMITERS = ",;\t|"
BLOCK = 1 << 20


def read_csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """
    Yield (line the record begins on, cells) of a CSV file.

    :raises ImportFileUnreadable: if its bytes are text in none of the encodings, or quoting is broken
    """
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        delimiter = _delimiter(text)
        yield from _records(csv.reader(text, delimiter=delimiter, strict=True))
    finally:
        # The file is the caller's to close, and may be closed already.
        if not text.closed:
            text.detach()


def _records(reader: "csv._reader") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if "field larger" in str(error):
                raise CellTooLong(line=line, characters=MOST_CHARACTERS) from None
            raise ImportFileUnreadable(line=line) from None
        if cells is None:
            return
        if len(cells) > MOST_COLUMNS:
            raise TooManyColumns(columns=MOST_COLUMNS)
        if any(len(cell) > MOST_CHARACTERS for cell in cells):
            raise CellTooLong(line=line, characters=MOST_CHARACTERS)
        yield line, [cell.strip() for cell in cells]


def _encoding(file: IO[bytes]) -> str:
    """The first encoding in which all bytes of the file are text."""
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\0" in start:
        candidates = []
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        if _is_text_in(file, encoding):
            file.seek(0)
            return encoding
    raise ImportFileUnreadable


def _is_text_in(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: io.TextIOWrapper) -> str:
    """The delimiter that the first line holds most often, outside of quotation marks."""
    first = text.readline(MOST_CHARACTERS)
    text.seek(0)
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (outside.count(delimiter), -DELIMITERS.index(delimiter)))
