"""The notice page in its forms, the pre-check, and the pages around them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import Clock
from tests.factories import valid_identity
from volunteer_app.db import Base
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.models import Recruitment


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "title", "says"),
    [
        ("2027-07-27T23:59:59", "即将开始", "报名还没有开始"),
        ("2027-07-28T00:00:00", "招募公告", "33天"),
        ("2027-08-12T10:00:00", "招募公告", "18天"),
        ("2027-08-30T23:59:59", "招募公告", "今天截止"),
        ("2027-08-31T00:00:00", "报名已结束", "本次报名已结束"),
    ],
)
def test_the_notice_changes_at_midnight_in_shanghai(
    client: Client, clock: Clock, moment: str, title: str, says: str
) -> None:
    clock.at = at(moment)

    page = client.get("/")

    assert page.title.startswith(title)
    assert says in page.text
    assert ("个人报名" in page.text) is (title == "招募公告")


def test_the_notice_says_the_settings_of_the_recruitment(client: Client, session: Session) -> None:
    session.execute(sa.update(Recruitment).values(age_max=60, relaxed_max=None, term_years=3))
    session.commit()

    page = client.get("/")

    assert "18至60周岁" in page.text
    assert "有专业特长的，经复核可以放宽。" in page.text
    assert "共3年" in page.text


def test_without_any_recruitment_the_notice_says_so(client: Client, session: Session) -> None:
    session.execute(sa.delete(Recruitment))
    session.commit()

    assert "现在没有招募" in client.get("/").text
    assert client.get("/check", status=303).location == "/"


CHECKED = [
    ("1990-3-7", "bachelor", "no", "您可以报名"),
    ("１９９０年３月７日", "vocational", "no", "您可以报名"),
    ("19610830", "college", "yes", "您可以报名，有一项要由工作人员复核"),
    ("1961-8-30", "college", "no", "按公告，现在还不符合"),
    ("1990-3-7", "junior_high", "yes", "按公告，现在还不符合"),
]


@pytest.mark.parametrize(("born", "education", "speciality", "says"), CHECKED)
def test_the_pre_check_explains_and_stores_nothing(
    client: Client, session: Session, born: str, education: str, speciality: str, says: str
) -> None:
    def stored() -> dict[str, int | None]:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }

    before = stored()
    given = {"born": born, "education": education, "speciality": speciality}

    page = client.submit(client.get("/check"), given, button="核对", follow=False)

    assert says in page.text
    assert page.values(button="核对")["born"] == born
    session.rollback()
    assert stored() == before
    assert "Set-Cookie" not in page.headers or "draft" not in page.headers["Set-Cookie"]


def test_the_pre_check_reads_an_identity_number(client: Client) -> None:
    number = valid_identity(born=dt.date(1961, 8, 30))
    given = {"born": number, "education": "college", "speciality": "no"}

    page = client.submit(client.get("/check"), given, button="核对", follow=False)

    assert "截止日8月30日满66周岁" in page.text


@pytest.mark.parametrize(
    ("born", "sentence"),
    [
        ("", "请填写出生日期或身份证号码"),
        ("明天", "请按年、月、日填写，例如1960-3-12"),
        ("1990-2-30", "1990年2月30日不存在，请核对"),
        ("2999-1-1", "出生日期不合理，请核对年份"),
        ("140105199003074127", "校验码不符，请核对最后一位"),
        ("140105900307412", "15位的旧号码已停用，请填18位号码"),
    ],
)
def test_the_pre_check_says_what_is_wrong(client: Client, born: str, sentence: str) -> None:
    given = {"born": born, "education": "college", "speciality": "no"}

    page = client.submit(client.get("/check"), given, button="核对", status=422)

    assert page.error_fields == {"born": sentence}
    assert page.title.startswith("错误：")


def test_the_elder_look_is_a_cookie_and_leads_back(client: Client) -> None:
    assert 'data-ui="elder"' not in client.get("/").html

    answer = client.get("/ui/elder?next=/check", status=303)

    assert answer.location == "/check"
    assert 'data-ui="elder"' in client.get("/check").html
    client.get("/ui/standard?next=/", status=303)
    assert 'data-ui="elder"' not in client.get("/").html


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com", "/\\example.com", "/\t/example.com", "/\n/"]
)
def test_the_elder_look_leads_to_no_other_site(client: Client, target: str) -> None:
    client.get("/ui/elder", query_string={"next": target}, status=400)


@pytest.mark.parametrize("path", ["/privacy", "/accessibility"])
def test_the_pages_of_explanation_are_there(client: Client, path: str) -> None:
    assert client.get(path).heading in ("个人信息怎么用", "无障碍说明")
