"""名单表格: a unit's spreadsheet of nominees, read, kept sealed until it is imported."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from .. import sandbox
from ..db import vault_of
from ..domain import headers
from ..domain.refusal import Invalid
from ..domain.text import clean_line
from ..models import Recommendation
from ..models.unit import NomineeSheet

MOST_ROWS = 2_000
_MARK = "姓名"
_EXAMPLE = "示例"
_HEADER_WITHIN = 30
_LEAST_COLUMNS = 2
_FILENAME_LENGTH = 120


class Cell(NamedTuple):
    """What a cell shows; `kind` is empty for text, else number, day, boolean or error."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """`number` is the one that the spreadsheet shows beside the row."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The header's texts, and the rows of people. `above` are the lines over the header,
    `examples` the rows that were left out as the template's example."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    above: tuple[tuple[str, ...], ...] = ()
    examples: int = 0

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each known answer stands, by its name."""
        named = ((headers.field_of(text), place) for place, text in enumerate(self.header))
        return {name: place for name, place in named if name is not None}

    def cells_of(self, row: Row) -> dict[str, Cell]:
        """The row's cells by the name of the answer; a missing one is empty."""
        return {
            name: row.cells[place] if place < len(row.cells) else Cell("")
            for name, place in self.places.items()
        }


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: `message` says the cause, `remedy` what to do."""

    name: str
    message: str
    remedy: str

    @property
    def label(self) -> str:
        return headers.label_of(self.name)


@dataclass(frozen=True)
class JudgedRow:
    """A row after the form and the rules: `answers` as a draft keeps them, or `faults`.
    `notes` are sentences that are no faults, such as that the age needs a second check."""

    number: int
    name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.faults


def read_sheet(content: bytes) -> Sheet:
    """The spreadsheet in an uploaded file; to be called before any transaction.

    Raises Invalid, field `file`, with one sentence for what is wrong with the file as a whole.
    """
    try:
        told = sandbox.run("sheet", content, most=MOST_ROWS, mark=_MARK).told
    except sandbox.UnreadableError as error:
        raise _wrong_file(_SENTENCES[error.reason].format(**error.told, most=MOST_ROWS)) from error
    return find_table([tuple(map(_cell, row)) for row in told["rows"]])


def _cell(stored: Any) -> Cell:
    return Cell(stored) if isinstance(stored, str) else Cell(stored[1], stored[0])


def find_table(lines: list[tuple[Cell, ...]]) -> Sheet:
    """The header by its names and the rows under it. Raises Invalid, field `file`."""
    place = max(range(min(len(lines), _HEADER_WITHIN)), key=lambda n: _known(lines[n]))
    if _known(lines[place]) < _LEAST_COLUMNS:
        raise _wrong_file(
            "表里没有找到写着“姓名”“证件号码”等的标题行，请下载名单模板，把内容填进去再上传。"
        )
    header = tuple(clean_line(cell.text) for cell in lines[place])
    _check_header(header)
    sheet = Sheet(header, (), tuple(tuple(cell.text for cell in line) for line in lines[:place]))
    name, number = sheet.places["name"], headers.plain("序号")
    numbering = {n for n, text in enumerate(header) if headers.plain(text) == number}
    ignored = numbering | {n for n, text in enumerate(header) if text == headers.FAULTS}
    rows, examples = [], 0
    for at, line in enumerate(lines[place + 1 :], start=place + 2):
        if not any(cell.text.strip() for n, cell in enumerate(line) if n not in ignored):
            continue
        if name < len(line) and _is_example(line[name].text):
            examples += 1
        else:
            rows.append(Row(at, line))
    _check_count(len(rows))
    return replace(sheet, rows=tuple(rows), examples=examples)


def _known(line: Iterable[Cell]) -> int:
    return len({headers.field_of(cell.text) for cell in line} - {None})


def _is_example(name: str) -> bool:
    return clean_line(name).lstrip("（([【").startswith(_EXAMPLE)


def _check_header(header: tuple[str, ...]) -> None:
    named = [name for name in map(headers.field_of, header) if name is not None]
    if twice := [name for name in dict.fromkeys(named) if named.count(name) > 1]:
        at = [str(n) for n, t in enumerate(header, start=1) if headers.field_of(t) == twice[0]]
        label = headers.label_of(twice[0])
        raise _wrong_file(f"第{'、'.join(at)}列都是“{label}”，请只留一列，删去多余的。")
    if missing := [name for name in headers.REQUIRED if name not in named]:
        labels = "、".join(f"“{headers.label_of(name)}”" for name in missing)
        raise _wrong_file(f"表里缺少{labels}{len(missing)}列，请补上后再上传，或用名单模板填写。")


def _check_count(count: int) -> None:
    if not count:
        raise _wrong_file("表里只有标题，没有人员，请填好后再上传。")
    if count > MOST_ROWS:
        raise _wrong_file(_SENTENCES["too_many"].format(count=count, most=MOST_ROWS))


def _wrong_file(message: str) -> Invalid:
    return Invalid(message, field="file")


def keep_sheet(
    session: Session,
    recommendation: Recommendation,
    filename: str,
    sheet: Sheet,
    *,
    now: dt.datetime,
) -> None:
    """Keep the sheet, its cells sealed, in the place of an earlier one."""
    kept = session.get(NomineeSheet, recommendation.id)
    if kept is None:
        kept = NomineeSheet(recommendation_id=recommendation.id)
        session.add(kept)
    kept.filename = clean_line(filename).replace("/", "_").replace("\\", "_")[-_FILENAME_LENGTH:]
    kept.uploaded_at = now
    text = json.dumps(_as_json(sheet), ensure_ascii=False)
    kept.cells_sealed = vault_of(session).seal(text, _bound(recommendation))


def _as_json(sheet: Sheet) -> dict[str, Any]:
    rows = [
        [row.number, [[cell.kind, cell.text] if cell.kind else cell.text for cell in row.cells]]
        for row in sheet.rows
    ]
    return {
        "header": sheet.header,
        "above": sheet.above,
        "examples": sheet.examples,
        "rows": rows,
    }


def kept_sheet(session: Session, recommendation: Recommendation) -> Sheet | None:
    kept = session.get(NomineeSheet, recommendation.id)
    if kept is None:
        return None
    stored = json.loads(vault_of(session).open(kept.cells_sealed, _bound(recommendation)))
    return Sheet(
        tuple(stored["header"]),
        tuple(Row(number, tuple(map(_cell, cells))) for number, cells in stored["rows"]),
        tuple(map(tuple, stored["above"])),
        stored["examples"],
    )


def kept_file(session: Session, recommendation: Recommendation) -> tuple[str, str] | None:
    """The name of the kept file, and a word that changes with every upload."""
    kept = session.get(NomineeSheet, recommendation.id)
    return (kept.filename, f"{kept.uploaded_at:%Y%m%d%H%M%S%f}") if kept is not None else None


def forget_sheet(session: Session, recommendation: Recommendation) -> None:
    kept = session.get(NomineeSheet, recommendation.id)
    if kept is not None:
        session.delete(kept)


def only_rows(sheet: Sheet, numbers: set[int]) -> Sheet:
    """The same sheet with those rows alone, moved up under the header."""
    first = len(sheet.above) + 2
    left = [row for row in sheet.rows if row.number in numbers]
    rows = tuple(replace(row, number=at) for at, row in enumerate(left, start=first))
    return replace(sheet, rows=rows, examples=0)


def _bound(recommendation: Recommendation) -> str:
    return f"nominee_sheet:{recommendation.reference}:cells"


_SENTENCES = {
    "empty": "文件是空的，请选已经填好名单的表格。",
    "picture": "这是一张图片，不是表格，请上传填好的名单表格（.xlsx、.xls或.csv）。",
    "pdf": "这是PDF文件，不是表格，请上传填好的名单表格（.xlsx、.xls或.csv）。",
    "word": "这是Word文档，不是表格，请把名单填到模板里，上传.xlsx文件。",
    "web_page": "这个文件是网页格式，请用Excel或WPS打开，另存为.xlsx后再上传。",
    "ods": "这是OpenDocument表格，请用Excel或WPS打开，另存为.xlsx后再上传。",
    "xlsb": "这是二进制工作簿（.xlsb），请用Excel打开，另存为.xlsx后再上传。",
    "macros": "表格里带有宏，不能接收，请另存为.xlsx（不带宏的工作簿）后再上传。",
    "encrypted": "表格设了打开密码，请在Excel或WPS里去掉密码、保存后再上传。",
    "bomb": "文件展开后大得不正常，不能接收，请把名单复制到名单模板里再上传。",
    "far_cell": "第{row}行附近还有内容，离名单太远，请删去名单以外的内容后再上传。",
    "encoding": "认不出文件的文字编码，请用Excel或WPS打开，另存为.xlsx后再上传。",
    "too_many": "表里有{count}行，一次最多{most}行，请分成几份，逐份上传、导入。",
    "too_wide": "表里有{count}列，最多100列，请删去名单以外的列后再上传。",
    "long_cell": "第{row}行第{column}列有{count}个字，一格最多2000个字，请删短后再上传。",
    "broken": "文件打不开，可能已损坏，或是WPS的.et等格式，请用Excel或WPS另存为.xlsx后再上传。",
}
