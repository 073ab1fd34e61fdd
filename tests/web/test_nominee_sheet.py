"""A unit's clerk imports a spreadsheet: upload, what is wrong, the sheet back, import."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import factories, workbooks
from tests.client import Client, Page
from tests.conftest import Clock
from tests.services.test_kept_sheets import begin
from volunteer_app.models import AuditEvent, Nominee, Recommendation, Recruitment
from volunteer_app.models.unit import NomineeSheet
from volunteer_app.services import nominee_sheets
from volunteer_app.web.nominee_sheet import LARGEST_FILE, MOST_SHOWN

PAGE = "/recommend/nominees/sheet"
TOKEN = "a token of a unit, long enough"


@pytest.fixture
def recommendation(session: Session, recruitment: Recruitment) -> Recommendation:
    return begin(session, recruitment, TOKEN)


@pytest.fixture
def clerk(client: Client, recommendation: Recommendation) -> Client:
    client.http.set_cookie("recommendation", TOKEN)
    return client


def send(client: Client, content: bytes, filename: str = "名单.xlsx", *, status: int = 303) -> Page:
    """Choose a file and press the button; with the page that follows."""
    page = client.get(PAGE)
    token = page.values(action="/sheet")["csrf_token"]
    file = FileStorage(io.BytesIO(content), filename)
    boundary, body = encode_multipart({"csrf_token": token, "file": file})
    kind = f"multipart/form-data; boundary={boundary}"
    answer = client.post(PAGE, body, status=status, content_type=kind)
    return client.follow(answer) if status == 303 else answer


def send_rows(client: Client, people: list[dict[str, Any]]) -> Page:
    return send(client, workbooks.xlsx(workbooks.table(people)))


def listed(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(sa.select(Nominee.name).order_by(Nominee.number)))


def told(page: Page) -> list[list[str]]:
    """The rows of the table of faults."""
    return [[cell.text for cell in row.all("th") + row.all("td")] for row in page.tree.all("tr")][
        1:
    ]


def test_thirty_rows_five_wrong_corrected_in_the_returned_sheet_all_imported(
    clerk: Client, session: Session
) -> None:
    people = [workbooks.words() for _ in range(30)]
    wrong: dict[int, dict[str, Any]] = {
        2: {"id_number": 140105199003070000},
        7: {"phone": "139"},
        11: {"name": ""},
        19: {"education": "初中"},
        28: {"county": "平遥县"},
    }
    page = send_rows(clerk, [person | wrong.get(n, {}) for n, person in enumerate(people)])
    assert "名单.xlsx：30人，5人的资料有错" in page.text
    assert [row[0] for row in told(page)] == ["第4行", "第9行", "第13行", "第21行", "第30行"]
    assert listed(session) == []

    back: list[Any] = workbooks.rows_of(clerk.get(page.link("下载带错误说明的表格")).body)
    assert back[0][0] == "错误说明"
    for place, overrides in wrong.items():
        for name in overrides:
            back[place + 1][workbooks.NAMES.index(name) + 1] = people[place][name]
    page = send(clerk, workbooks.xlsx(back), "改好的.xlsx")
    assert "改好的.xlsx：30人，全部没有错" in page.text
    done = clerk.submit(page, button="全部导入（30人）")

    assert done.path == "/recommend/nominees/"
    assert "已导入30人。" in done.text
    assert len(listed(session)) == 30
    assert session.scalars(sa.select(NomineeSheet)).all() == []


def test_only_the_good_rows_are_imported_and_the_others_stay(
    clerk: Client, session: Session
) -> None:
    page = send_rows(
        clerk,
        [
            workbooks.words(name="甲一"),
            workbooks.words(name="乙二", phone="1"),
            workbooks.words(name="丙三"),
        ],
    )
    assert not any("全部导入" in button.text for button in page.tree.all("button"))

    page = clerk.submit(page, button="只导入没有错误的2人")

    assert page.path == PAGE
    assert "已导入2人。还有1行有错没有导入。" in page.text
    assert listed(session) == ["甲一", "丙三"]
    assert [row[:3] for row in told(page)] == [["第2行", "乙二", "手机号码"]]


def test_everything_is_never_imported_while_a_row_is_wrong(clerk: Client, session: Session) -> None:
    page = send_rows(clerk, [workbooks.words(), workbooks.words(phone="1")])
    values = {**page.values(action="/import"), "choice": "all"}

    page = clerk.post("/recommend/nominees/import", values, status=422)

    assert page.errors == ["还有1行有错，不能全部导入，请先改好。"]
    assert listed(session) == []


def test_a_sheet_without_a_good_row_cannot_be_imported(clerk: Client, session: Session) -> None:
    page = send_rows(clerk, [workbooks.words(phone="1")])
    assert not any("导入" in button.text for button in page.tree.all("button"))

    values = {**page.values(action="/import"), "choice": "good"}
    page = clerk.post("/recommend/nominees/import", values, status=422)

    assert page.errors == ["没有可以导入的行，请先按“怎么改”改好表格，再上传。"]


def test_a_page_of_an_earlier_upload_imports_nothing(
    clerk: Client, session: Session, clock: Clock
) -> None:
    old = send_rows(clerk, [workbooks.words(name="甲一")])
    clock.at += dt.timedelta(seconds=1)
    send_rows(clerk, [workbooks.words(name="乙二")])

    page = clerk.submit(old, button="全部导入（1人）", status=422)

    assert page.errors == ["表格刚刚换过，请看过新的结果再导入。"]
    assert listed(session) == []


def test_importing_twice_adds_nobody_twice(clerk: Client, session: Session) -> None:
    page = send_rows(clerk, [workbooks.words(name="甲一")])
    clerk.submit(page, button="全部导入（1人）")

    again = clerk.submit(page, button="全部导入（1人）")

    assert "可能已经导入过了" in again.text
    assert listed(session) == ["甲一"]


def test_who_is_in_the_list_already_is_told_by_name(clerk: Client) -> None:
    person = workbooks.words(name="甲一")
    clerk.submit(send_rows(clerk, [person]), button="全部导入（1人）")

    page = send_rows(clerk, [person])

    assert told(page)[0][3] == "这个证件号码已经在名单里（甲一）"


def test_importing_is_recorded_with_its_count(clerk: Client, session: Session) -> None:
    clerk.submit(send_rows(clerk, [workbooks.words()]), button="全部导入（1人）")

    session.rollback()
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "add_nominees")).one()
    assert event.detail["count"] == 1


def test_a_long_list_of_faults_is_cut_and_points_to_the_sheet(clerk: Client) -> None:
    page = send_rows(clerk, [workbooks.words(phone="1", email="x") for _ in range(60)])

    assert len(told(page)) == MOST_SHOWN
    assert "这里只列出前100处，其余20处见表格。" in page.text


def test_who_needs_a_second_check_is_named_and_can_be_imported(clerk: Client) -> None:
    old = factories.valid_identity(born=dt.date(1959, 3, 7))
    page = send_rows(clerk, [workbooks.words(name="甲一", id_number=old, speciality="食品检验")])

    assert "1人年龄超出，要由工作人员复核" in page.text
    assert "甲一（第2行）" in page.text
    clerk.submit(page, button="全部导入（1人）")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的，请选已经填好名单的表格。"),
        (b"\x89PNG\r\n", "这是一张图片，不是表格，请上传填好的名单表格（.xlsx、.xls或.csv）。"),
        (
            b"x" * (LARGEST_FILE + 1),
            "文件超过10MB，请删去表格里的图片和名单以外的工作表后再上传。",
        ),
        (
            b"x" * (65 * 1024 * 1024),
            "文件超过10MB，请删去表格里的图片和名单以外的工作表后再上传。",
        ),
    ],
    ids=["empty", "picture", "large", "huge"],
)
def test_a_file_that_cannot_be_used_is_told_at_the_field_and_the_last_one_stays(
    clerk: Client, content: bytes, sentence: str
) -> None:
    send_rows(clerk, [workbooks.words()])

    page = send(clerk, content, status=422)

    assert page.error_fields == {"file": sentence}
    assert page.title.startswith("错误：")
    assert "1人，全部没有错" in page.text


def test_no_file_is_told_at_the_field(clerk: Client) -> None:
    page = clerk.get(PAGE)

    page = clerk.post(PAGE, {**page.values(action="/sheet"), "file": ""}, status=422)

    assert page.error_fields == {"file": "请选择填好的表格"}


def test_nothing_is_taken_after_the_closing_day(
    clerk: Client, clock: Clock, session: Session, recruitment: Recruitment
) -> None:
    page = send_rows(clerk, [workbooks.words()])
    clock.at = recruitment.terms.closes_at

    page = clerk.submit(page, button="全部导入（1人）", status=422)

    assert page.errors == ["报名已经截止，不能再加人。"]
    assert listed(session) == []
    refused = send(clerk, workbooks.xlsx(workbooks.table([workbooks.words()])), status=422)
    assert refused.errors == ["报名已经截止，不能再加人。"]


def test_the_template_leaves_as_a_workbook(clerk: Client) -> None:
    page = clerk.get("/recommend/nominees/template.xlsx")

    named = page.headers["Content-Disposition"].partition("''")[2]
    assert unquote(named) == "被推荐人名单模板.xlsx"
    assert "姓名*" in workbooks.rows_of(page.body)[0]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.xlsx", "/recommend/nominees/template.xlsx"])
def test_who_has_no_recommendation_is_sent_to_where_one_begins(app: Flask, path: str) -> None:
    page = Client(app).get(path, status=303)

    assert page.location.endswith("/recommend/")


def test_without_a_sheet_there_is_none_to_download(clerk: Client) -> None:
    page = clerk.get(f"{PAGE}.xlsx", status=303)

    assert page.location.endswith(PAGE)


def test_another_unit_sees_nothing_of_the_sheet(
    clerk: Client, app: Flask, session: Session, recruitment: Recruitment
) -> None:
    send_rows(clerk, [workbooks.words(name="甲一", phone="1")])
    assert "甲一" in clerk.get(PAGE).text
    other = begin(session, recruitment, "another token, long enough too")
    stranger = Client(app)
    stranger.http.set_cookie("recommendation", "another token, long enough too")

    assert "甲一" not in stranger.get(PAGE).text
    assert nominee_sheets.kept_sheet(session, other) is None
