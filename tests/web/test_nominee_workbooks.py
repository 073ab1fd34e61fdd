"""The template and the sheet that goes back, as spreadsheets and as what comes in again."""

from __future__ import annotations

import re
from typing import Any

from tests import workbooks
from tests.web.test_nominee_rows import (
    TERMS,
    faults,
    judged_sheet,
    request_of_today,
    vault,
)
from volunteer_app.documents.nominee_sheet import returned, template
from volunteer_app.domain import headers
from volunteer_app.services.nominee_sheets import read_sheet
from volunteer_app.vault import Vault

__all__ = ["request_of_today", "vault"]


def test_the_template_is_text_with_lists_hints_and_a_frozen_header() -> None:
    content = template(TERMS)

    sheet = workbooks.part(content, "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in sheet
    lists = sheet.count('type="list"')
    assert lists == 7  # type, gender, ethnicity, prefecture, county, education, politics
    assert "OFFSET(选项!$B$1,MATCH($" in sheet
    formats = re.findall(r'<xf numFmtId="(\d+)"', workbooks.part(content, "xl/styles.xml"))[1:]
    styles = re.findall(r'<col [^>]*style="(\d+)"', sheet)
    assert styles
    assert {formats[int(style)] for style in styles} == {"49"}  # text
    assert '<sheet name="填表说明"' in workbooks.part(content, "xl/workbook.xml")
    assert 'name="选项" sheetId="3" state="hidden"' in workbooks.part(content, "xl/workbook.xml")
    comments = workbooks.part(content, "xl/comments1.xml")
    assert comments.count("<comment ") == len(headers.COLUMNS)
    header, example = workbooks.rows_of(content)[:2]
    assert "姓名*" in header
    assert "通信地址" in header
    assert example[0] == "（示例）张三"


def test_a_filled_template_is_read_and_its_example_left_out(vault: Vault) -> None:
    rows: list[Any] = workbooks.rows_of(template(TERMS))
    person = workbooks.words()
    rows.append([person.get(field.name, "") for field in headers.COLUMNS])

    sheet = read_sheet(workbooks.xlsx(rows))

    assert sheet.examples == 1
    assert [row.good for row in judged_sheet(sheet, vault)] == [True]


def test_the_template_example_itself_is_a_right_row(vault: Vault) -> None:
    rows: list[Any] = workbooks.rows_of(template(TERMS))
    rows[1][0] = "张三"

    (row,) = judged_sheet(read_sheet(workbooks.xlsx(rows)), vault)

    assert faults(row) == []


def test_the_sheet_comes_back_with_its_faults_and_can_be_sent_again(vault: Vault) -> None:
    people = [workbooks.words() for _ in range(30)]
    wrong: dict[int, dict[str, Any]] = {
        3: {"id_number": 140105199003070000},
        8: {"phone": "139"},
        14: {"name": ""},
        20: {"education": "初中"},
        29: {"county": "平遥县"},
    }
    sent = [person | wrong.get(place, {}) for place, person in enumerate(people)]
    title: list[workbooks.Value] = ["某中学推荐名单"]
    sheet = read_sheet(workbooks.xlsx([title, *workbooks.table(sent)]))
    verdicts = judged_sheet(sheet, vault)
    assert [row.number - 3 for row in verdicts if not row.good] == list(wrong)

    back: list[Any] = workbooks.rows_of(returned(sheet, verdicts, TERMS))

    assert back[0][1] == "某中学推荐名单"
    assert back[1][0] == "错误说明"
    assert back[5][0] == (
        "证件号码：证件号码被存成了数字，Excel只保留前15位，后面的已经变成0。"
        "把这一列设成“文本”格式，再照证件重新输入号码。"
    )
    assert [number - 2 for number, row in enumerate(back) if row[0]][1:] == list(wrong)
    for place, overrides in wrong.items():
        for name in overrides:
            back[place + 2][workbooks.NAMES.index(name) + 1] = people[place][name]
    again = judged_sheet(read_sheet(workbooks.xlsx(back)), vault)
    assert [row.good for row in again] == [True] * 30


def test_no_cell_of_a_returned_sheet_is_a_formula(vault: Vault) -> None:
    hostile = '=HYPERLINK("http://example.com","x")'
    rows = workbooks.table([workbooks.words(occupation=hostile, name="+1")])
    rows = [[*row, more] for row, more in zip(rows, ["@备注", "-1+2"], strict=True)]
    sheet = read_sheet(workbooks.text(rows, ";").encode())

    content = returned(sheet, judged_sheet(sheet, vault), TERMS)

    assert hostile in workbooks.rows_of(content)[1]
    assert workbooks.formulas(content) == []
