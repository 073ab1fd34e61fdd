"""Each row of a unit's spreadsheet: words understood, faults named, rules applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g

from tests import factories, workbooks
from volunteer_app.documents.nominee_sheet import said_of
from volunteer_app.domain import headers
from volunteer_app.domain.terms import Terms
from volunteer_app.services.nominee_sheets import JudgedRow, Sheet, read_sheet
from volunteer_app.vault import Vault
from volunteer_app.web.forms import NomineeForm
from volunteer_app.web.nominee_rows import judge

TERMS = Terms(opens_on=dt.date(2027, 7, 28), closes_on=dt.date(2027, 8, 30))
_RETYPE = "把这一列设成“文本”格式，再照证件重新输入号码"
RECRUITMENT: Any = SimpleNamespace(terms=TERMS)


@pytest.fixture(autouse=True)
def request_of_today(bare_app: Flask) -> Iterator[None]:
    with bare_app.test_request_context():
        g.now = factories.NOW
        yield


@pytest.fixture
def vault(bare_app: Flask) -> Vault:
    found: Vault = bare_app.extensions["vault"]
    return found


def judged(
    people: list[dict[str, Any]], vault: Vault, existing: dict[bytes, str] | None = None
) -> list[JudgedRow]:
    return judged_sheet(read_sheet(workbooks.xlsx(workbooks.table(people))), vault, existing)


def judged_sheet(
    sheet: Sheet, vault: Vault, existing: dict[bytes, str] | None = None
) -> list[JudgedRow]:
    return judge(sheet, RECRUITMENT, existing=existing or {}, vault=vault, now=factories.NOW)


def one(vault: Vault, **overrides: Any) -> JudgedRow:
    return judged([workbooks.words(**overrides)], vault)[0]


def faults(row: JudgedRow) -> list[tuple[str, str, str]]:
    return [(fault.label, fault.message, fault.remedy) for fault in row.faults]


def test_a_right_row_becomes_the_answers_of_the_form(vault: Vault) -> None:
    given = factories.answers()
    row = one(
        vault,
        name=given["name"],
        id_number=given["id_number"],
        phone=given["phone"],
        email=given["email"],
    )

    assert faults(row) == []
    asked = {name: given[name] for name in workbooks.NAMES}
    assert {name: row.answers[name] for name in asked} == asked


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("ethnicity", "汉", "汉族"),
        ("ethnicity", "维吾尔族", "维吾尔族"),
        ("education", "大学本科", "bachelor"),
        ("education", "学士", "bachelor"),
        ("education", "中专", "vocational"),
        ("education", "中专、职高、技校", "vocational"),
        ("education", "研究生", "master"),
        ("political_status", "党员", "party_member"),
        ("political_status", "中共党员（含预备党员）", "party_member"),
        ("political_status", "民盟盟员", "democratic_party"),
        ("id_type", "", "resident_id"),
        ("id_type", "身份证", "resident_id"),
        ("region", "太原", "140100"),
        ("region", "山西省太原市", "140100"),
        ("county", "小店", "140105"),
        ("county", "太原市小店区", "140105"),
        ("service_areas", "商品监督，消费教育;调解/宣传", ["goods", "education", "mediation"]),
        ("availability", "周末和节假日", ["weekend", "holiday"]),
        ("availability", "均可", ["weekday", "evening", "weekend", "holiday"]),
        ("email", "无", ""),
        ("wechat", "/", ""),
        ("phone", 13900000001, "13900000001"),
        ("phone", "139 0000 0001", "13900000001"),
        ("id_number", "１４０１０５ １９９００３０７ ０１２Ｘ", None),
    ],
)
def test_everyday_words_are_understood(
    vault: Vault, name: str, written: Any, value: object
) -> None:
    if value is None:
        number = factories.valid_identity()
        written = " ".join(chr(ord(c) + 0xFEE0) for c in number)
        value = number

    row = one(vault, **{name: written})

    assert faults(row) == []
    given = row.answers[name]
    assert (sorted(given) == sorted(value)) if isinstance(value, list) else (given == value)


@pytest.mark.parametrize(
    ("name", "written", "cause", "remedy"),
    [
        (
            "id_number",
            140105199003070000,
            "证件号码被存成了数字，Excel只保留前15位，后面的已经变成0",
            _RETYPE,
        ),
        (
            "id_number",
            "140105199003070000",
            "证件号码被存成了数字，Excel只保留前15位，后面的已经变成0",
            _RETYPE,
        ),
        (
            "id_number",
            140105199003070,
            "证件号码被存成了数字，开头的0会丢掉",
            _RETYPE,
        ),
        (
            "id_number",
            "14010519900307",
            "身份证号码应为18位，您填了14位",
            "照证件逐位核对，重新输入",
        ),
        ("id_number", "", "请填写证件号码", "照证件逐位核对，重新输入"),
        ("name", "", "请填写姓名", "按证件上的姓名改正"),
        ("phone", "1390000", "手机号码应为11位，您填了7位", "改成本人的11位手机号码"),
        (
            "email",
            "a@@b",
            "邮箱地址中只能有一个@，请只填一个邮箱",
            "改成正确的邮箱，没有邮箱的留空",
        ),
        ("region", "北京市", "山西省没有“北京市”这个市", "从下拉列表里选一个市"),
        (
            "county",
            "海淀区",
            "太原市没有名为“海淀区”的县（市、区）",
            "先选市，再从下拉列表里选县（市、区）",
        ),
        (
            "county",
            "平遥县",
            "平遥县属于晋中市，您选的是太原市，请改其中一项",
            "先选市，再从下拉列表里选县（市、区）",
        ),
        (
            "ethnicity",
            "穿青人",
            "“穿青人”不是可以选的民族",
            "填民族全称，例如汉族；没有列出的填“其他”",
        ),
        (
            "political_status",
            "不详",
            "“不详”不是可以选的政治面貌",
            "可以填：群众、中共党员（含预备党员）、共青团员、民主党派、无党派人士",
        ),
        (
            "availability",
            "周末、上午",
            "“上午”不是可以选的可服务时间",
            "可以填：工作日白天、工作日晚上、周末、节假日",
        ),
        (
            "availability",
            "",
            "请选择可服务时间",
            "可以填：工作日白天、工作日晚上、周末、节假日",
        ),
        (
            "education",
            "初中",
            "学历为初中，要求高中或中专及以上",
            "核对填写是否有误；确实不符合的，从名单里删去这一行",
        ),
        ("occupation", "#N/A", "这一格是公式错误#N/A", "删去公式，直接填写内容"),
    ],
)
def test_a_fault_says_column_cause_and_remedy(
    vault: Vault, name: str, written: Any, cause: str, remedy: str
) -> None:
    rows = workbooks.table([workbooks.words(**{name: written})])
    as_text = written == "#N/A"
    content = workbooks.text(rows).encode() if as_text else workbooks.xlsx(rows)

    row = judged_sheet(read_sheet(content), vault)[0]

    assert faults(row) == [(headers.label_of(name), cause, remedy)]
    assert row.answers == {}


def test_every_fault_of_a_row_is_told_at_once(vault: Vault) -> None:
    row = one(vault, name="", phone="1", education="初中")

    assert [fault.name for fault in row.faults] == ["name", "phone", "education"]
    assert said_of(row).splitlines()[0] == "1. 姓名：请填写姓名。按证件上的姓名改正。"


def test_too_old_without_a_speciality_is_a_fault(vault: Vault) -> None:
    row = one(vault, id_number=factories.valid_identity(born=dt.date(1959, 3, 7)))

    assert faults(row) == [
        (
            "证件号码",
            "截止日8月30日满68周岁，要求18至65周岁；有专业特长并能证明的，可以申请放宽",
            "有专业特长的，在“专业特长”一列写明；没有的，从名单里删去",
        )
    ]


def test_too_old_with_a_speciality_is_good_and_worth_a_note(vault: Vault) -> None:
    old = factories.valid_identity(born=dt.date(1959, 3, 7))
    row = one(vault, id_number=old, speciality="食品检验二十年")

    assert row.good
    assert len(row.notes) == 1


def test_the_same_person_twice_is_a_fault_of_the_second_row(vault: Vault) -> None:
    number = factories.valid_identity()
    people = [workbooks.words(id_number=number, name=name) for name in ("甲一", "乙二")]

    first, second = judged(people, vault)

    assert first.good
    assert [fault.message for fault in second.faults] == ["这个证件号码与第2行重复（甲一）"]


def test_who_is_in_the_list_already_is_a_fault(vault: Vault) -> None:
    number = factories.valid_identity()
    existing = {vault.index("id_number", number): "甲一"}

    (row,) = judged([workbooks.words(id_number=number)], vault, existing)

    assert [fault.message for fault in row.faults] == ["这个证件号码已经在名单里（甲一）"]


def test_a_wrong_gender_beside_a_card_is_ignored(vault: Vault) -> None:
    person = workbooks.words()
    rows = workbooks.table([person])
    rows = [[*row, more] for row, more in zip(rows, ["性别", "不男不女"], strict=True)]
    rows = [[*row, more] for row, more in zip(rows, ["出生日期", "昨天"], strict=True)]

    row = judged_sheet(read_sheet(workbooks.xlsx(rows)), vault)[0]

    assert faults(row) == []
    assert row.answers["gender"] == "female"


def test_a_passport_needs_birth_date_and_gender(vault: Vault) -> None:
    passport = workbooks.words(id_type="护照", id_number="E12345678")
    rows = workbooks.table([passport, passport | {"id_number": "E12345679"}])
    more = [["出生日期", "性别"], ["1980年3月12日", "男"], ["", ""]]
    rows = [[*row, *others] for row, others in zip(rows, more, strict=True)]

    right, wrong = judged_sheet(read_sheet(workbooks.xlsx(rows)), vault)

    assert right.answers["birth_date"] == "1980-03-12"
    assert [fault.name for fault in wrong.faults] == ["birth_date", "gender"]


def test_one_row_leaves_nothing_behind_for_the_next(vault: Vault) -> None:
    wrong = workbooks.words(phone="1", email="x", education="", speciality="甲")

    _first, second = judged([wrong, workbooks.words()], vault)

    assert second.good
    assert second.answers["speciality"] == ""


def test_every_required_answer_of_the_form_is_a_required_column() -> None:
    form = NomineeForm(formdata=None, meta={"csrf": False})

    required = {name for name, field in form._fields.items() if field.flags.required}

    assert required - {"id_type"} == set(headers.REQUIRED)
    assert set(form._fields) == {field.name for field in headers.COLUMNS}
