"""Each answer of the form: what is wrong gets one sentence, what is meant is taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import answers, valid_identity
from tests.web.applicants import fill_in
from volunteer_app.models import Application

WRONG = [
    ({"name": ""}, "name", "请填写姓名"),
    ({"name": "\u200b\u200d"}, "name", "请填写姓名"),
    ({"name": "=1+1"}, "name", "姓名中不能有“=”，请按证件上的姓名填写"),
    ({"name": "<b>乔</b>"}, "name", "姓名中不能有“<”，请按证件上的姓名填写"),
    ({"id_number": "14010519900307412"}, "id_number", "身份证号码应为18位，您填了17位"),
    ({"id_number": "140105199003074127"}, "id_number", "校验码不符，请核对最后一位"),
    (
        {"id_number": "140105199002304120"},
        "id_number",
        "号码中的出生日期1990年2月30日不存在，请核对第7至14位",
    ),
    ({"id_number": "140105900307412"}, "id_number", "15位的旧号码已停用，请填18位号码"),
    ({"phone": "1390000000"}, "phone", "手机号码应为11位，您填了10位"),
    ({"email": "qiao.example.com"}, "email", "邮箱地址中要有一个@，例如name@163.com"),
    ({"county": "140212"}, "county", "新荣区属于大同市，您选的是太原市，请改其中一项"),
    ({"address": "长" * 201}, "address", "通信地址最多200个字，现在是201个字，请删短"),
    (
        {"id_type": "passport", "id_number": "E12345678"},
        "birth_date",
        "用这种证件报名，请填写出生日期",
    ),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_answer_gets_its_sentence_and_the_others_stay(
    client: Client, wrong: dict[str, str], field: str, sentence: str
) -> None:
    given = answers(wechat="qiao-1990") | wrong
    asked = client.get("/apply/identity")
    names = [
        "name",
        "id_type",
        "id_number",
        "ethnicity",
        "phone",
        "email",
        "wechat",
        "region",
        "county",
        "address",
    ]

    page = client.submit(
        asked, {name: given[name] for name in names}, button="保存并继续", status=422
    )

    assert page.error_fields[field] == sentence
    assert page.title.startswith("错误：身份")
    kept = page.values(button="保存并继续")
    assert {name: kept[name] for name in names if name not in wrong} == {
        name: given[name] for name in names if name not in wrong
    }


RIGHT = [
    ("name", "欧阳·𠮷", "欧阳·𠮷"),
    ("name", "䶮㛃", "䶮㛃"),
    ("name", "阿依古丽•买买提", "阿依古丽·买买提"),
    ("id_number", "１４０１０５１９９００３０７４１２８", "140105199003074128"),
    ("id_number", " 140105 19900307 4128 ", "140105199003074128"),
    ("phone", "+86 139-0000-0001", "13900000001"),
    ("email", " ｑｉａｏ＠example.com ", "qiao@example.com"),
]


@pytest.mark.parametrize(("field", "typed", "kept"), RIGHT)
def test_what_is_meant_is_taken(client: Client, field: str, typed: str, kept: str) -> None:
    fill_in(client, answers(**{field: typed}), "identity")

    assert client.get("/apply/identity").values(button="保存并继续")[field] == kept


def test_a_lower_case_x_is_stored_as_a_capital(client: Client) -> None:
    number = next(n for n in map(_numbered, range(1, 400)) if n.endswith("X"))

    fill_in(client, answers(id_number=number.lower()), "identity")

    assert client.get("/apply/identity").values(button="保存并继续")["id_number"] == number


def _numbered(serial: int) -> str:
    return valid_identity(born=dt.date(1980, 1, 1), serial=serial)


def test_a_passport_is_asked_for_what_it_does_not_say(client: Client, session: Session) -> None:
    given = answers(id_type="passport", id_number="E12345678")
    asked = client.get("/apply/identity")
    names = ["name", "id_type", "id_number", "ethnicity", "phone", "email", "region", "county"]
    sent = {name: given[name] for name in names}
    sent |= {"birth_date": "1985年6月1日", "gender": "male"}
    client.submit(asked, sent, button="保存并继续")
    check = fill_in(client, given, "career", "service", "pledges")

    client.submit(check, button="提交报名")

    session.rollback()
    application = session.scalars(sa.select(Application)).one()
    assert application.birth_date == dt.date(1985, 6, 1)
    assert application.gender.value == "male"
    assert application.id_number_last4 == "5678"


def test_an_expired_token_brings_the_form_back_full_and_sendable(
    client: Client, session: Session
) -> None:
    given = answers()
    asked = client.get("/apply/identity")
    with client.session_transaction() as kept:
        kept.clear()
    names = ["name", "id_type", "id_number", "ethnicity", "phone", "email", "region", "county"]

    back = client.submit(
        asked, {name: given[name] for name in names}, button="保存并继续", status=422
    )

    assert back.errors == ["页面停留太久或浏览器没有保存Cookie。您填的内容都在，请再点一次按钮。"]
    assert client.submit(back, button="保存并继续").heading == "学历与职业"


def test_a_consent_is_needed(client: Client) -> None:
    given = answers(consent_sensitive=False)
    fill_in(client, given, "identity", "career", "service")
    asked = client.get("/apply/pledges")
    ticked = {name: True for name, value in given.items() if value is True}

    page = client.submit(asked, ticked, button="保存并继续", status=422)

    assert page.error_fields == {
        "consent_sensitive": "请勾选：我单独同意协会处理我的证件号码，否则协会不能受理报名"
    }


@pytest.mark.parametrize("county", ["", "999999", "小店"])
def test_a_county_that_nobody_offers_is_refused(client: Client, county: str) -> None:
    asked = client.get("/apply/identity")
    sent: list[tuple[str, Any]] = [
        (name, value) for name, value in asked.values(button="保存并继续").items()
    ]

    page = client.post("/apply/identity", [*sent, ("county", county)], status=422)

    assert "county" in page.error_fields
