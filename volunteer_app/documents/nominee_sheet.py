"""名单模板 and the sheet that goes back: text cells, drop-down lists, hints, never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain import headers, regions
from ..domain.fields import BY_NAME, Field
from ..domain.terms import Terms
from ..domain.vocabulary import (
    ETHNICITIES,
    Availability,
    Education,
    Gender,
    IdType,
    PoliticalStatus,
    ServiceArea,
)
from ..services.nominee_sheets import MOST_ROWS, JudgedRow, Sheet

_NAME, _GUIDE, _LISTS = "名单", "填表说明", "选项"
_WIDTHS = {
    "id_number": 24, "county": 20, "id_type": 16, "address": 30, "employer": 26, "email": 24,
    "service_areas": 30, "availability": 24, "speciality": 36, "experience": 36,
    "political_status": 22, "education": 18, "phone": 16,
}  # fmt: skip
_FAULTS_WIDTH = 60
#: The number format 文本 as every spreadsheet numbers it.
_TEXT = 49
_CHOICES = {
    "id_type": [label for _, label in IdType.choices()],
    "gender": [label for _, label in Gender.choices()],
    "ethnicity": list(ETHNICITIES),
    "region": [region.name for region in regions.REGIONS],
    "education": [label for _, label in Education.choices()],
    "political_status": [label for _, label in PoliticalStatus.choices()],
}
_SEVERAL = {"service_areas": ServiceArea, "availability": Availability}
_EXAMPLE = {
    "name": "（示例）张三",
    "id_type": "居民身份证",
    "id_number": "140105199003070020",
    "ethnicity": "汉族",
    "phone": "13900000000",
    "email": "name@example.com",
    "region": "太原市",
    "county": "小店区",
    "education": "本科",
    "political_status": "群众",
    "occupation": "教师",
    "employer": "某某中学",
    "job_title": "一级教师",
    "service_areas": "商品监督、消费教育宣传",
    "availability": "周末、节假日",
}
_HINTS = {
    "id_number": "文本格式，照证件填写18位，末位是X的填X。不要改成数字格式，否则后几位会变成0。",
    "id_type": "不填的当作居民身份证。",
    "birth_date": "用护照或其他证件的才填，例如1960-3-12。用身份证的不用填。",
    "gender": "用护照或其他证件的才填。用身份证的不用填。",
    "county": "先选市，再选县（市、区）。被推荐人熟悉情况、准备在那里参加监督活动的地方。",
    "phone": "被推荐人本人的11位手机号码，审核时联系用。",
    "email": "填了可以收到确认链接和结果通知，没有可以不填。",
}


@dataclass(frozen=True)
class Formats:
    """Text everywhere: what is typed stays as typed, long numbers too."""

    text: Any
    required: Any
    optional: Any
    example: Any
    wrong: Any
    faults: Any
    plain: Any
    title: Any


def template(terms: Terms) -> bytes:
    """An empty list with one example row, to be filled in and uploaded. XLSX."""
    with io.BytesIO() as file:
        with _workbook(file) as book:
            formats, sheet = _formats(book), book.add_worksheet(_NAME)
            _write_columns(sheet, [(field.label, field) for field in headers.COLUMNS], formats, 0)
            for place, field in enumerate(headers.COLUMNS):
                sheet.write_string(1, place, _EXAMPLE.get(field.name, ""), formats.example)
            sheet.freeze_panes(1, 1)
            _write_guide(book, formats, terms)
            _write_lists(book)
        return file.getvalue()


def returned(sheet: Sheet, judged: Sequence[JudgedRow], terms: Terms) -> bytes:
    """The same rows at the same numbers, what is wrong of each before its cells. XLSX.

    It can be uploaded again as it is: the column 错误说明 is ignored then.
    """
    with io.BytesIO() as file:
        with _workbook(file) as book:
            formats, page = _formats(book), book.add_worksheet(_NAME)
            kept = [n for n, text in enumerate(sheet.header) if text != headers.FAULTS]
            for number, line in enumerate(sheet.above):
                for place, text in enumerate(line):
                    page.write_string(number, place + 1, text, formats.plain)
            top = len(sheet.above)
            columns = [(sheet.header[n], _field(sheet.header[n])) for n in kept]
            _write_columns(page, [(headers.FAULTS, None), *columns], formats, top)
            page.set_column(0, 0, _FAULTS_WIDTH, formats.text)
            for row, verdict in zip(sheet.rows, judged, strict=True):
                cells = [row.cells[n].text if n < len(row.cells) else "" for n in kept]
                _write_row(page, cells, [field for _, field in columns], verdict, formats)
            page.freeze_panes(top + 1, 1)
            _write_guide(book, formats, terms)
            _write_lists(book)
        return file.getvalue()


def _workbook(file: io.BytesIO) -> Any:
    import xlsxwriter  # a tenth of the program's start, for what is asked now and then

    return xlsxwriter.Workbook(file, {"in_memory": True})


def _formats(book: Any) -> Formats:
    def made(**values: Any) -> Any:
        common = {"num_format": _TEXT, "font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        return book.add_format(common | values)

    head = {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
    return Formats(
        text=made(),
        required=made(**head, bg_color="#C9E2D6"),
        optional=made(**head, bg_color="#EFEFEF"),
        example=made(font_color="#7A7A7A", bg_color="#F7F3E4"),
        wrong=made(bg_color="#F8D3CC", border=1, border_color="#B3261E"),
        faults=made(font_color="#9C1C14", text_wrap=True),
        plain=made(),
        title=made(bold=True, font_size=14),
    )


def _field(header: str) -> Field | None:
    name = headers.field_of(header)
    return BY_NAME[name] if name else None


def _write_columns(
    sheet: Any, columns: Sequence[tuple[str, Field | None]], formats: Formats, top: int
) -> None:
    """The header, each column as text with its hint and its list."""
    places = {field.name: place for place, (_, field) in enumerate(columns) if field is not None}
    sheet.set_row(top, 36)
    for place, (text, field) in enumerate(columns):
        required = field is not None and field.name in headers.REQUIRED
        width = _WIDTHS.get(field.name, 14) if field is not None else 14
        sheet.set_column(place, place, width, formats.text)
        shown = f"{text}*" if required and "*" not in text else text
        sheet.write_string(top, place, shown, formats.required if required else formats.optional)
        if field is None:
            continue
        if hint := _hint(field):
            size = {"x_scale": 2.2, "y_scale": 1.2, "font_size": 10, "author": ""}
            sheet.write_comment(top, place, hint, size)
        if rule := _list_of(field.name, top + 1, places):
            sheet.data_validation(top + 1, place, top + 1 + 2 * MOST_ROWS, place, rule)


def _hint(field: Field) -> str:
    """What to write there, in one note."""
    need = "必填。" if field.name in headers.REQUIRED else "选填。"
    if field.name in _SEVERAL:
        words = "、".join(label for _, label in _SEVERAL[field.name].choices())
        return f"{need}可以填多项，用“、”隔开：{words}。"
    return need + (_HINTS.get(field.name) or field.hint)


def _list_of(name: str, first_row: int, places: dict[str, int]) -> dict[str, Any] | None:
    """A list to choose from; a word of one's own is only warned of, as many are understood."""
    rule = {
        "validate": "list",
        "error_type": "warning",
        "error_title": "不在列表里",
        "error_message": "建议从下拉列表里选一项。",
    }
    if name == "county" and "region" in places:
        from xlsxwriter.utility import xl_rowcol_to_cell

        region = xl_rowcol_to_cell(first_row, places["region"], col_abs=True)
        last = sum(len(each.counties) for each in regions.REGIONS)
        owners = f"{_LISTS}!$A$1:$A${last}"
        start = f"MATCH({region},{owners},0)-1"
        source = f"=OFFSET({_LISTS}!$B$1,{start},0,COUNTIF({owners},{region}),1)"
        return rule | {"source": source}
    if name in _CHOICES:
        column = chr(ord("C") + list(_CHOICES).index(name))
        return rule | {"source": f"={_LISTS}!${column}$1:${column}${len(_CHOICES[name])}"}
    if name in _SEVERAL:
        message = f"可以填多项，用“、”隔开：{'、'.join(m.label for m in _SEVERAL[name])}"
        return {"validate": "any", "input_title": headers.label_of(name), "input_message": message}
    return None


def _write_row(
    sheet: Any,
    cells: Sequence[str],
    fields: Sequence[Field | None],
    judged: JudgedRow,
    formats: Formats,
) -> None:
    number = judged.number - 1
    wrong = {fault.name for fault in judged.faults}
    sheet.write_string(number, 0, said_of(judged), formats.faults)
    for place, (text, field) in enumerate(zip(cells, fields, strict=True), start=1):
        marked = field is not None and field.name in wrong
        if text or marked:
            sheet.write_string(number, place, text, formats.wrong if marked else formats.text)


def said_of(judged: JudgedRow) -> str:
    """What is wrong in a row, numbered where it is more than one thing; empty for a good row."""
    said = [f"{fault.label}：{fault.message}。{fault.remedy}。" for fault in judged.faults]
    if len(said) < 2:
        return "".join(said)
    return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(said, start=1))


def _write_guide(book: Any, formats: Formats, terms: Terms) -> None:
    sheet = book.add_worksheet(_GUIDE)
    sheet.set_column(0, 0, 24, formats.text)
    sheet.set_column(1, 1, 90, formats.text)
    sheet.write_string(0, 0, "被推荐人名单填表说明", formats.title)
    wrapped = book.add_format({"num_format": _TEXT, "text_wrap": True, "valign": "top"})
    for number, (left, right) in enumerate(_guide(terms), start=2):
        sheet.write_string(number, 0, left, formats.text)
        sheet.write_string(number, 1, right, wrapped)


def _guide(terms: Terms) -> Iterable[tuple[str, str]]:
    yield "怎么填", f"在“{_NAME}”里一人一行，绿色标题带*的必填，灰色的选填。"
    yield "示例行", "姓名写着“（示例）”的一行只作参考，导入时会跳过，可以删去。"
    yield (
        "条件",
        f"截止日满{terms.age_min}至{terms.age_max}周岁，学历{terms.education_min.label}及以上。",
    )
    yield "年龄超出的", "有专业特长的可以申请放宽，请填写“专业特长”。"
    yield "几项都可以", "服务意愿、可服务时间可以填多项，用“、”隔开。"
    yield "多少人", f"一次最多{MOST_ROWS}人，再多的请分成几份，逐份上传。"
    yield "传上去以后", "有错的行会列出来，可以下载带“错误说明”的表格，改好再传。"
    yield "本人确认", "名单提交后，由被推荐人本人用自己的链接核对、承诺、同意。"
    for field in headers.COLUMNS:
        yield field.label, _hint(field)


def _write_lists(book: Any) -> None:
    """Column A each county's prefecture, B the county, then the other lists; hidden."""
    sheet = book.add_worksheet(_LISTS)
    counties = [
        (region.name, county.name) for region in regions.REGIONS for county in region.counties
    ]
    for number, (region, county) in enumerate(counties):
        sheet.write_string(number, 0, region)
        sheet.write_string(number, 1, county)
    for place, words in enumerate(_CHOICES.values(), start=2):
        for number, word in enumerate(words):
            sheet.write_string(number, place, word)
    sheet.hide()
