"""花名册 leaves: the columns of the roster, as CSV that streams and as XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
import xlsxwriter
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain import regions
from ..domain.fields import FIELDS
from ..domain.masking import mask_number, mask_phone, spreadsheet_safe
from ..domain.terms import term_status
from ..domain.vocabulary import Availability, Labelled, ServiceArea
from ..models import Application, Appointment, Recruitment
from ..models.application import sealed_for
from . import finding
from .answering import SEALED

#: Rows that one Excel sheet holds, without the header.
SHEET_ROWS = 1_048_575
_CHUNK = 1_000

Cell = Callable[[sa.Row[Any]], str]


@dataclass(frozen=True)
class Column:
    """A column of the export: its header and how a row's cell reads."""

    name: str
    label: str
    cell: Cell


def columns(session: Session, *, on: dt.date, revealed: bool) -> tuple[Column, ...]:
    """Reference and term, then the catalogue's roster fields in its order.

    `revealed` opens the sealed numbers; otherwise their last four characters are shown.
    """
    sealed = _opened(session) if revealed else _MASKED
    return (
        Column("reference", "报名编号", lambda row: row.reference),
        Column("recruitment", "招募", lambda row: row.title),
        Column("starts_on", "聘期第一日", lambda row: str(row.starts_on)),
        Column("ends_on", "聘期最后一日", lambda row: str(row.ends_on)),
        Column("term_status", "聘任状态", lambda row: _status(row, on)),
        *(
            Column(field.name, field.label, sealed.get(field.name) or _plain(field.name))
            for field in FIELDS
            if field.in_roster
        ),
    )


def selected(*, revealed: bool) -> list[Any]:
    """What the query must fetch for those columns."""
    wanted = [field.name for field in FIELDS if field.in_roster and field.name not in SEALED]
    sealed = [f"{name}_sealed" for name in SEALED if revealed or name == "email"]
    return [
        Application.reference,
        Recruitment.title,
        Appointment.starts_on,
        Appointment.ends_on,
        Appointment.terminated_on,
        Application.id_number_last4,
        Application.phone_last4,
        *(getattr(Application, name) for name in (*wanted, *sealed)),
    ]


def rows(
    session: Session, filters: finding.RosterFilter, *, revealed: bool
) -> Iterator[Sequence[sa.Row[Any]]]:
    """The roster in chunks, streamed from the database."""
    query, key = finding.roster(filters, vault_of(session), selected(revealed=revealed))
    stream = session.execute(query.order_by(key).execution_options(yield_per=_CHUNK))
    yield from stream.partitions(_CHUNK)


def csv_chunks(
    session: Session, filters: finding.RosterFilter, *, revealed: bool
) -> Iterator[bytes]:
    """UTF-8 with BOM and CRLF, the header first; every cell is safe in a spreadsheet."""
    shown = columns(session, on=filters.on, revealed=revealed)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.label for column in shown])
    yield b"\xef\xbb\xbf" + buffer.getvalue().encode()
    cells = [column.cell for column in shown]
    for chunk in rows(session, filters, revealed=revealed):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows([spreadsheet_safe(cell(row)) for cell in cells] for row in chunk)
        yield buffer.getvalue().encode()


def write_xlsx(
    session: Session, filters: finding.RosterFilter, file: Path | IO[bytes], *, revealed: bool
) -> int:
    """Text cells only, so that long numbers stay whole and no cell is a formula; returns the
    number of rows written."""
    shown = columns(session, on=filters.on, revealed=revealed)
    count = 0
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, column in enumerate(shown):
            sheet.write_string(0, place, column.label, bold)
            sheet.set_column(place, place, _WIDTHS.get(column.name, 14))
        for chunk in rows(session, filters, revealed=revealed):
            for row in chunk[: SHEET_ROWS - count]:
                count += 1
                for place, column in enumerate(shown):
                    sheet.write_string(count, place, column.cell(row))
    return count


_WIDTHS = {"id_number": 22, "address": 30, "employer": 24, "speciality": 36, "email": 24}


def _plain(name: str) -> Cell:
    return _SHOWN.get(name) or (lambda row: _text(getattr(row, name)))


def _text(value: Any) -> str:
    if isinstance(value, Labelled):
        return value.label
    return "" if value is None else str(value)


def _labels(values: Sequence[str], words: dict[str, str]) -> str:
    return "、".join(words.get(value, value) for value in values)


_AREAS = dict(ServiceArea.choices())
_TIMES = dict(Availability.choices())
_SHOWN: dict[str, Cell] = {
    "region": lambda row: regions.region(row.region).name,
    "county": lambda row: regions.county(row.county).name,
    "service_areas": lambda row: _labels(row.service_areas, _AREAS),
    "availability": lambda row: _labels(row.availability, _TIMES),
}
_MASKED: dict[str, Cell] = {
    "id_number": lambda row: mask_number(row.id_number_last4, row.id_type),
    "phone": lambda row: mask_phone(row.phone_last4),
    "email": lambda row: "已登记" if row.email_sealed else "",
}


def _opened(session: Session) -> dict[str, Cell]:
    vault = vault_of(session)

    def opener(name: str) -> Cell:
        column = f"{name}_sealed"

        def cell(row: sa.Row[Any]) -> str:
            sealed = getattr(row, column)
            return vault.open(sealed, sealed_for(row.reference, name)) if sealed else ""

        return cell

    return {name: opener(name) for name in SEALED}


def _status(row: sa.Row[Any], on: dt.date) -> str:
    return term_status(row.starts_on, row.ends_on, row.terminated_on, on).label
