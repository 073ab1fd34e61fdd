"""花名册 leaves: the columns of the roster, as CSV that streams and as XLSX.

A chunk of rows is turned and read column by column: a million cells are a million calls less.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain import regions
from ..domain.fields import FIELDS
from ..domain.masking import mask_number, mask_phone, spreadsheet_safe
from ..domain.refusal import Refused
from ..domain.terms import term_status
from ..domain.vocabulary import Availability, ServiceArea
from ..models import Application, Appointment, Recruitment
from ..models.application import sealed_for
from . import finding, inspecting
from .answering import SEALED

#: Rows that one Excel sheet holds, without the header.
SHEET_ROWS = 1_048_575
_CHUNK = 1_000

Source = Any  # a column or expression of the query
Cell = Callable[..., str]


@dataclass(frozen=True)
class Column:
    """A column of the export: its header, what the query fetches for it, how a cell reads.

    `cell` takes one value a source; None passes a single text on as it is. `typed` is what people
    wrote themselves: a CSV disarms it, a text cell of a workbook needs no such thing.
    """

    name: str
    label: str
    sources: tuple[Source, ...]
    cell: Cell | None = None
    typed: bool = False


def columns(session: Session, *, on: dt.date, revealed: bool) -> tuple[Column, ...]:
    """Reference and term, then the catalogue's roster fields in its order.

    `revealed` opens the sealed numbers; otherwise their last four characters are shown.
    """
    first, last, ended = (
        sa.cast(day, sa.Text)
        for day in (Appointment.starts_on, Appointment.ends_on, Appointment.terminated_on)
    )
    return (
        Column("reference", "报名编号", (Application.reference,)),
        Column("recruitment", "招募", (Recruitment.title,), typed=True),
        Column("starts_on", "聘期第一日", (first,)),
        Column("ends_on", "聘期最后一日", (last,)),
        Column("term_status", "聘任状态", (first, last, ended), _status_on(on)),
        *_answers(_opened(session) if revealed else _MASKED),
    )


def _answers(sealed: dict[str, tuple[tuple[Source, ...], Cell]]) -> Iterator[Column]:
    for field in FIELDS:
        if field.in_roster:
            sources, cell = sealed.get(field.name) or _plain(field.name)
            typed = cell is None or field.name in SEALED
            yield Column(field.name, field.label, sources, cell, typed)


def _plain(name: str) -> tuple[tuple[Source, ...], Cell | None]:
    column = getattr(Application, name)
    if name in _READ_AS_TEXT:
        return (sa.cast(column, sa.Text),), _READ_AS_TEXT[name]
    if isinstance(column.type, sa.Enum):
        return (column,), attrgetter("label")
    return (column,), _CODES.get(name)


def table(
    session: Session, filters: finding.RosterFilter, shown: tuple[Column, ...], *, disarmed: bool
) -> Iterator[Iterable[tuple[str, ...]]]:
    """The roster in chunks of finished rows, streamed from the database. `disarmed`: no cell of
    what people typed runs as a formula."""
    sources = list(dict.fromkeys(source for column in shown for source in column.sources))
    query, key = finding.roster(filters, vault_of(session), sources)
    places = [[sources.index(source) for source in column.sources] for column in shown]
    stream = session.execute(query.order_by(key).execution_options(yield_per=_CHUNK))
    for chunk in stream.partitions(_CHUNK):
        values = list(zip(*chunk, strict=True))
        cells: list[Iterable[str]] = []
        for column, taken in zip(shown, places, strict=True):
            given = [values[place] for place in taken]
            texts = map(column.cell, *given) if column.cell else given[0]
            cells.append(map(spreadsheet_safe, texts) if disarmed and column.typed else texts)
        yield zip(*cells, strict=True)


def csv_chunks(
    session: Session, filters: finding.RosterFilter, *, revealed: bool
) -> Iterator[bytes]:
    """UTF-8 with BOM and CRLF, the header first; every cell is safe in a spreadsheet."""
    shown = columns(session, on=filters.on, revealed=revealed)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.label for column in shown])
    yield b"\xef\xbb\xbf" + buffer.getvalue().encode()
    for chunk in table(session, filters, shown, disarmed=True):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows(chunk)
        yield buffer.getvalue().encode()


def write_xlsx(
    session: Session, filters: finding.RosterFilter, file: Path | IO[bytes], *, revealed: bool
) -> int:
    """Text cells only, so that long numbers stay whole and no cell is a formula; returns the
    number of rows written. Raises Refused when one sheet cannot hold them."""
    if inspecting.count_in_roster(session, filters) > SHEET_ROWS:
        raise Refused(f"一张工作表最多{SHEET_ROWS:,}人，请加筛选或改用CSV。")
    import xlsxwriter  # a tenth of the program's start, for what is asked now and then

    shown = columns(session, on=filters.on, revealed=revealed)
    count = 0
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, column in enumerate(shown):
            sheet.write_string(0, place, column.label, bold)
            sheet.set_column(place, place, _WIDTHS.get(column.name, 14))
        for chunk in table(session, filters, shown, disarmed=False):
            for row in chunk:
                count += 1
                for place, text in enumerate(row):
                    sheet.write_string(count, place, text)
    return count


_WIDTHS = {"id_number": 22, "address": 30, "employer": 24, "speciality": 36, "email": 24}


def _labels_of(choices: list[tuple[str, str]]) -> Cell:
    """How a list of codes, kept as JSON, reads; few different ones occur."""
    words = dict(choices)

    @cache
    def labels(text: str) -> str:
        return "、".join(words.get(value, value) for value in json.loads(text))

    return labels


def _region_name(code: str) -> str:
    return regions.region(code).name


def _county_name(code: str) -> str:
    return regions.county(code).name


#: Fetched as text, so that no day and no list is made only to be written again.
_READ_AS_TEXT: dict[str, Cell | None] = {
    "birth_date": None,
    "service_areas": _labels_of(ServiceArea.choices()),
    "availability": _labels_of(Availability.choices()),
}
_CODES: dict[str, Cell] = {"region": _region_name, "county": _county_name}
_MASKED: dict[str, tuple[tuple[Source, ...], Cell]] = {
    "id_number": ((Application.id_number_last4, Application.id_type), mask_number),
    "phone": ((Application.phone_last4,), mask_phone),
    "email": (
        (Application.email_sealed.is_not(None),),
        lambda has_email: "已登记" if has_email else "",
    ),
}


def _opened(session: Session) -> dict[str, tuple[tuple[Source, ...], Cell]]:
    vault = vault_of(session)

    def opener(name: str) -> Cell:
        def cell(sealed: bytes | None, reference: str) -> str:
            if sealed is None:
                return ""
            return vault.open(sealed, sealed_for(reference, name))

        return cell

    return {
        name: ((getattr(Application, f"{name}_sealed"), Application.reference), opener(name))
        for name in SEALED
    }


def _status_on(on: dt.date) -> Cell:
    """The status on that day of a term given by its days as text; few different terms occur."""

    @cache
    def status(first: str, last: str, ended: str | None) -> str:
        starts_on, ends_on = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        ended_on = dt.date.fromisoformat(ended) if ended else None
        return term_status(starts_on, ends_on, ended_on, on).label

    return status
