"""Each row of a nominee spreadsheet, judged by the form and the rules of a single nominee."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from ..domain import everyday, headers, regions
from ..domain.identity import identity_key
from ..domain.rules import Finding, assess
from ..domain.terms import Terms, day_of
from ..domain.text import clean_line
from ..domain.vocabulary import Channel, IdType, Verdict
from ..models import Recruitment
from ..services.answering import readable_answers
from ..services.judging import facts_from
from ..services.nominee_sheets import Cell, Fault, JudgedRow, Row, Sheet
from ..vault import Vault
from .forms import NomineeForm

_OPTIONAL = frozenset(field.name for field in headers.COLUMNS) - frozenset(headers.REQUIRED)
_OWN_BIRTH = frozenset({IdType.PASSPORT.value, IdType.OTHER.value})
_COLUMN_OF_RULE = {"age": "id_number", "education": "education"}
_DIGITS_LOST = (
    "证件号码被存成了数字，Excel只保留前15位，后面的已经变成0",
    "把这一列设成“文本”格式，再照证件重新输入号码",
)
_ZEROS_LOST = ("证件号码被存成了数字，开头的0会丢掉", _DIGITS_LOST[1])
#: Digits of a number that a spreadsheet keeps.
_KEPT_DIGITS = 15
_LOST_ZEROS = re.compile(r"[0-9]{15}000")
_REMEDIES = {
    "name": "按证件上的姓名改正",
    "id_number": "照证件逐位核对，重新输入",
    "phone": "改成本人的11位手机号码",
    "email": "改成正确的邮箱，没有邮箱的留空",
    "birth_date": "按年、月、日填写，例如1960-3-12",
    "region": "从下拉列表里选一个市",
    "county": "先选市，再从下拉列表里选县（市、区）",
}
_MISSING = "在这一格补上内容"
_CHOICES = "可以填：{}"


class Judge:
    """One form for all rows: making it anew for each would cost more than judging them."""

    def __init__(
        self, terms: Terms, existing: Mapping[bytes, str], vault: Vault, now: dt.datetime
    ) -> None:
        self.form = NomineeForm(formdata=MultiDict(), meta={"csrf": False})
        self.terms, self.vault, self.now = terms, vault, now
        self.known: dict[bytes, str] = {
            index: f"已经在名单里（{name}）" for index, name in existing.items()
        }

    def row(self, cells: Mapping[str, Cell], row: Row) -> JudgedRow:
        values, faults = _read(cells)
        self.form.process(MultiDict(values))
        if not self.form.validate():
            for name, field in self.form._fields.items():
                if field.errors and name not in faults:
                    faults[name] = _fault(name, field.errors[0], cells)
        answers = self.form.answers()
        given = readable_answers(answers, on=day_of(self.now))
        findings = assess(facts_from(given, channel=Channel.UNIT, now=self.now), self.terms)
        for finding in findings.with_verdict(Verdict.FAIL):
            if (name := _COLUMN_OF_RULE.get(finding.rule)) is not None:
                faults.setdefault(name, _of_rule(name, finding))
        if "id_number" in given and "id_number" not in faults:
            self._look_for_another(given, row, faults)
        notes = tuple(f.explanation for f in findings.with_verdict(Verdict.EXCEPTION))
        order = {field.name: place for place, field in enumerate(headers.COLUMNS)}
        return JudgedRow(
            row.number,
            clean_line(cells["name"].text),
            {} if faults else answers,
            tuple(sorted(faults.values(), key=lambda fault: order[fault.name])),
            notes,
        )

    def _look_for_another(
        self, given: Mapping[str, Any], row: Row, faults: dict[str, Fault]
    ) -> None:
        """The same paper twice in the sheet, or in the list already."""
        key = identity_key(given["id_type"], given["id_number"])
        index = self.vault.index("id_number", key)
        if index in self.known:
            message = f"这个证件号码{self.known[index]}"
            faults["id_number"] = Fault("id_number", message, "核对号码；是同一个人的，删去一行")
        else:
            name = given.get("name", "")
            self.known[index] = f"与第{row.number}行重复（{name}）"


def judge(
    sheet: Sheet,
    recruitment: Recruitment,
    *,
    existing: Mapping[bytes, str],
    vault: Vault,
    now: dt.datetime,
) -> list[JudgedRow]:
    """Every row in its order. `existing`: who is in the list already, the name by the blind index
    of the number."""
    judging = Judge(recruitment.terms, existing, vault, now)
    return [judging.row(sheet.cells_of(row), row) for row in sheet.rows]


def _read(cells: Mapping[str, Cell]) -> tuple[dict[str, Any], dict[str, Fault]]:
    """What the form is sent, and what is wrong before it is asked."""
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, cell in cells.items():
        text = cell.text.strip()
        if cell.kind == "error":
            faults[name] = Fault(name, f"这一格是公式错误{text}", "删去公式，直接填写内容")
        elif name in _OPTIONAL and text.lower() in everyday.NOTHING:
            text = ""
        values[name] = text
    _read_identity(cells, values, faults)
    _read_place(values, faults)
    for name in ("id_type", "gender", "ethnicity", "education", "political_status"):
        _read_one(name, values, faults)
    for name in ("service_areas", "availability"):
        _read_several(name, values, faults)
    return values, faults


def _read_identity(
    cells: Mapping[str, Cell], values: dict[str, Any], faults: dict[str, Fault]
) -> None:
    """For a card, whatever is said beside its number is ignored: the number says it."""
    if cells["id_number"].kind in ("number", "day"):
        long = len(cells["id_number"].text) > _KEPT_DIGITS
        faults["id_number"] = Fault("id_number", *(_DIGITS_LOST if long else _ZEROS_LOST))
    values["id_type"] = values.get("id_type") or IdType.RESIDENT_ID.label
    if everyday.one("id_type", values["id_type"]) not in _OWN_BIRTH:
        values["birth_date"] = values["gender"] = ""


def _read_place(values: dict[str, Any], faults: dict[str, Fault]) -> None:
    named = values["region"]
    region = values["region"] = everyday.region(named) or ""
    if named and not region:
        faults["region"] = Fault(
            "region", f"山西省没有“{_short(named)}”这个市", _REMEDIES["region"]
        )
    named = values["county"]
    county = values["county"] = everyday.county(named, region or None) or ""
    if named and not county:
        where = regions.region(region).name if region else "全省"
        cause = f"{where}没有名为“{_short(named)}”的县（市、区）"
        faults["county"] = Fault("county", cause, _REMEDIES["county"])


def _read_one(name: str, values: dict[str, Any], faults: dict[str, Fault]) -> None:
    named = values.get(name, "")
    values[name] = everyday.one(name, named) or ""
    if named and not values[name]:
        faults.setdefault(name, _not_offered(name, [named]))


def _read_several(name: str, values: dict[str, Any], faults: dict[str, Fault]) -> None:
    values[name], unknown = everyday.several(name, values.get(name, ""))
    if unknown:
        faults.setdefault(name, _not_offered(name, unknown))


def _not_offered(name: str, words: list[str]) -> Fault:
    quoted = "、".join(f"“{_short(word)}”" for word in words)
    if name == "ethnicity":
        remedy = "填民族全称，例如汉族；没有列出的填“其他”"
    else:
        remedy = _CHOICES.format("、".join(member.label for member in everyday.LABELS[name]))
    return Fault(name, f"{quoted}不是可以选的{headers.label_of(name)}", remedy)


def _fault(name: str, message: str, cells: Mapping[str, Cell]) -> Fault:
    """What the form says, with what to do in a spreadsheet."""
    cell = cells.get(name, Cell(""))
    if name == "id_number" and _LOST_ZEROS.fullmatch(cell.text.strip()):
        return Fault(name, *_DIGITS_LOST)
    if not cell.text.strip() and name in everyday.LABELS:
        labels = "、".join(member.label for member in everyday.LABELS[name])
        return Fault(name, message, _CHOICES.format(labels))
    return Fault(name, message, _REMEDIES.get(name, _MISSING if not cell.text else "改好这一格"))


def _of_rule(name: str, finding: Finding) -> Fault:
    sentence = finding.explanation.rstrip("。")
    if "可以申请放宽" in sentence:
        return Fault(name, sentence, "有专业特长的，在“专业特长”一列写明；没有的，从名单里删去")
    return Fault(name, sentence, "核对填写是否有误；确实不符合的，从名单里删去这一行")


def _short(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= 20 else f"{line[:20]}…"
