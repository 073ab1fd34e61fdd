"""Spreadsheets as units send them: real files, made in the test, and what is in those we send."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from tests import factories
from volunteer_app.domain import headers, regions
from volunteer_app.domain.vocabulary import (
    Availability,
    Education,
    IdType,
    PoliticalStatus,
    ServiceArea,
)

_LISTS = {
    "id_type": IdType,
    "education": Education,
    "political_status": PoliticalStatus,
    "service_areas": ServiceArea,
    "availability": Availability,
}
#: Columns in the order of the catalogue, without those only a passport needs.
NAMES = [field.name for field in headers.COLUMNS if field.asked]
HEADER = [headers.label_of(name) for name in NAMES]
Value = str | float | bool


def words(**overrides: Any) -> dict[str, Value]:
    """One person as a unit writes them, by the name of the answer; right unless overridden."""
    answers = factories.answers()
    return {name: _word(name, answers[name]) for name in NAMES} | overrides


def _word(name: str, value: Any) -> str:
    if name == "region":
        return regions.region(value).name
    if name == "county":
        return regions.county(value).name
    if name in ("service_areas", "availability"):
        return "、".join(_LISTS[name](each).label for each in value)
    return str(_LISTS[name](value).label if name in _LISTS else value)


def table(people: Iterable[dict[str, Value]]) -> list[list[Value]]:
    """Header and rows."""
    return [[*HEADER], *([person[name] for name in NAMES] for person in people)]


def xlsx(rows: Sequence[Sequence[Value]]) -> bytes:
    """Cells of the type of their value."""
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, place, value)
                    else:
                        sheet.write(number, place, value)
        return file.getvalue()


def text(rows: Sequence[Sequence[Value]], separator: str = ",") -> str:
    return "\r\n".join(separator.join(map(str, row)) for row in rows)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return file.getvalue()


def part(workbook: bytes, name: str) -> str:
    """One part of an XLSX file, as XML."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name).decode()


def rows_of(workbook: bytes) -> list[list[str]]:
    """The first sheet's cells as an independent reader sees them."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
    return [[str(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def formulas(workbook: bytes) -> list[str]:
    """What a spreadsheet would compute on opening the first sheet."""
    return re.findall(r"<f[ >]", part(workbook, "xl/worksheets/sheet1.xml"))
