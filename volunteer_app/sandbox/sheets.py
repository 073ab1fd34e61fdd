"""Rows of a stranger's spreadsheet: .xlsx, .xls or .csv, told apart by content, never by name."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from . import Answer, UnreadableError, archives, separated

#: A cell is its text, or [kind, text] for what is no text in the file.
Cell = str | list[str]
NUMBER, DAY, BOOLEAN, ERROR = "number", "day", "boolean", "error"

MOST_COLUMNS = 100
MOST_CHARACTERS = 2_000
#: Rows that may stand above the header, or be examples, beside those that count.
_SPARE_ROWS = 30
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(content: bytes, *, most: int, mark: str) -> Answer:
    """`told["rows"]`: rows of cells from A1 on, of the first visible sheet with a cell `mark`.

    Raises UnreadableError: empty, picture, pdf, web_page, word, ods, xlsb, macros, encrypted,
    bomb, encoding, too_many (`count`), too_wide (`count`), long_cell (`row`, `column`, `count`),
    broken.
    """
    rows = [_trimmed(row) for row in _rows(content, mark)]
    filled = [number for number, row in enumerate(rows) if row]
    if not filled:
        raise UnreadableError("empty")
    rows = rows[: filled[-1] + 1]
    header = next((n for n in filled if _has(rows[n], mark)), filled[0])
    count = sum(number > header for number in filled)
    if count > most + _SPARE_ROWS or len(filled) > most + 2 * _SPARE_ROWS:
        raise UnreadableError("too_many", {"count": count})
    _check_sizes(rows)
    return Answer({"rows": rows})


def _rows(content: bytes, mark: str) -> Iterator[list[Cell]]:
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for reason, signs in (
        ("picture", tuple(sign.lower() for sign in _PICTURES)),
        ("pdf", (b"%pdf",)),
        ("web_page", (b"<",)),
    ):
        if start.startswith(signs):
            raise UnreadableError(reason)
    if content.startswith(b"PK"):
        archives.check(content)
        return _workbook_rows(content, mark)
    if content.startswith(_OLE):
        archives.check_compound(content)
        return _workbook_rows(content, mark)
    return ([_typed(text) for text in row] for row in separated.rows(content, mark))


def _typed(text: str) -> Cell:
    """In a text file only 1.4E+17 betrays a number."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        return [NUMBER, text]
    return [ERROR, text] if text in _ERRORS else text


def _workbook_rows(content: bytes, mark: str) -> Iterator[list[Cell]]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
        found = _sheet_with(mark, names, lambda name: _values(book, name))
    except PasswordError as error:
        raise UnreadableError("encrypted") from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise UnreadableError("broken") from error
    return ([_cell(value) for value in row] for row in found)


def _values(book: Any, name: str) -> list[list[Any]]:
    sheet = book.get_sheet_by_name(name)
    values: list[list[Any]] = sheet.to_python(skip_empty_area=False) if sheet.height else []
    return values


def _sheet_with(
    mark: str, names: list[str], values_of: Callable[[str], list[list[Any]]]
) -> list[list[Any]]:
    """The first sheet with that word, else the first that holds anything."""
    first: list[list[Any]] = []
    for name in names:
        values = values_of(name)
        if any(_has(row, mark) for row in values[:_SPARE_ROWS]):
            return values
        first = first or values
    return first


def _has(row: list[Any], mark: str) -> bool:
    return any(isinstance(cell, str) and mark in "".join(cell.split()) for cell in row)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return [BOOLEAN, "是" if value else "否"]
    if isinstance(value, int | float):
        return [NUMBER, _figure(value)]
    if isinstance(value, dt.datetime):
        return [DAY, value.date().isoformat()]
    return [DAY, value.isoformat() if isinstance(value, dt.date) else str(value)]


def _figure(value: float) -> str:
    """A whole number without its .0, as a person would type it."""
    return str(int(value)) if value == value // 1 and abs(value) < 10**22 else repr(value)


def _trimmed(row: list[Cell]) -> list[Cell]:
    """Without the empty cells at the end."""
    last = next((n for n in range(len(row), 0, -1) if _text(row[n - 1]).strip()), 0)
    return row[:last]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[1]


def _check_sizes(rows: list[list[Cell]]) -> None:
    widest = max(map(len, rows))
    if widest > MOST_COLUMNS:
        raise UnreadableError("too_wide", {"count": widest})
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if len(cell) > MOST_CHARACTERS:
                at = {"row": number, "column": column, "count": len(cell)}
                raise UnreadableError("long_cell", at)
