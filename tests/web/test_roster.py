"""花名册: any day's list, and how it leaves: masked, or in full for a reason that is recorded."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.factories import answers, make_application
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import AuditEvent

ROSTER = "/staff/roster/"


def names(page: Page) -> list[str]:
    return [head.all("a")[0].text for body in page.tree.all("tbody") for head in body.all("th")]


def approved(session: Session, **given: Any) -> None:
    make_application(session, status=Status.APPROVED, **given)


def export(client: Client, page: Page, given: dict[str, Any], status: int = 200) -> Page:
    return client.submit(page, given, button="导出", status=status, follow=False)


def rows(page: Page) -> list[dict[str, str]]:
    assert page.body.startswith(b"\xef\xbb\xbf")
    text = page.body.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text)))


def exports(session: Session) -> list[dict[str, Any]]:
    session.rollback()
    query = sa.select(AuditEvent.detail).where(AuditEvent.action == "export")
    return list(session.scalars(query))


def test_only_who_was_approved_is_in_the_roster(
    session: Session, staff_client: StaffClient
) -> None:
    make_application(session, name="武晓峰")
    client = staff_client(Role.VIEWER)
    assert "花名册还是空的" in client.get(ROSTER).text

    approved(session, name="乔秀兰")

    page = client.get(ROSTER)
    assert names(page) == ["乔秀兰"]
    assert "2027年9月1日至2029年8月31日" in page.text
    assert "未开始" in page.text


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2027-08-31", "upcoming"),
        ("2027-09-01", "active"),
        ("2029-08-31", "active"),
        ("2029-09-01", "ended"),
    ],
)
def test_the_status_is_that_of_the_day(
    session: Session, staff_client: StaffClient, on: str, status: str
) -> None:
    approved(session)
    client = staff_client(Role.VIEWER)

    for asked in ("upcoming", "active", "ended", "terminated"):
        page = client.get(f"{ROSTER}?on={on}&status={asked}")
        assert names(page) == (["乔秀兰"] if asked == status else [])


def test_searching_by_name_and_by_number(session: Session, staff_client: StaffClient) -> None:
    given = answers(name="阎思远")
    approved(session, **given)
    approved(session, name="白玉梅")
    client = staff_client(Role.VIEWER)

    page = client.submit(client.get(ROSTER), {"q": "思远"}, button="查找")
    assert names(page) == ["阎思远"]
    page = client.submit(page, {"q": given["phone"]}, button="查找")
    assert page.heading == "阎思远"
    assert given["phone"] not in page.path


def test_a_filter_that_does_not_exist_is_no_error(
    session: Session, staff_client: StaffClient
) -> None:
    approved(session)
    client = staff_client(Role.VIEWER)

    for query in ("on=gestern", "on=2027-02-30", "status=x", "recruitment=x", "after=x", "q=123"):
        assert names(client.get(f"{ROSTER}?{query}")) == ["乔秀兰"]


def test_the_csv_is_masked_unless_a_reason_is_given(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers(name="乔秀兰", speciality="=cmd|' /C calc'!A0")
    approved(session, **given)
    client = staff_client(Role.REVIEWER)

    answer = export(client, client.get(ROSTER), {"format": "csv"})

    [row] = rows(answer)
    assert row["姓名"] == "乔秀兰"
    assert row["证件号码"] == "*" * 14 + given["id_number"][-4:]
    assert row["手机号码"] == "*" * 7 + given["phone"][-4:]
    assert row["专业特长"] == "'=cmd|' /C calc'!A0"
    assert given["email"] not in answer.body.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        "filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C-20270812.csv"
        in (answer.headers["Content-Disposition"])
    )
    [event] = exports(session)
    assert (event["format"], event["revealed"], event["reason"], event["count"]) == (
        "csv",
        False,
        "",
        1,
    )
    assert "id_number" in event["columns"]


def test_full_numbers_leave_for_a_reason_that_is_recorded(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers()
    approved(session, **given)
    client = staff_client(Role.REVIEWER)
    page = client.get(f"{ROSTER}?q=秀兰")

    for reason in ("", "  要 "):
        sent = {"format": "csv", "revealed": True, "reason": reason}
        refused = export(client, page, sent, status=422)
        assert refused.error_fields == {"reason": "请写明为什么需要完整号码，至少4个字"}
    assert exports(session) == []
    sent = {"format": "csv", "revealed": True, "reason": "办理聘书和保险"}
    [row] = rows(export(client, refused, sent))

    assert (row["证件号码"], row["手机号码"], row["电子邮箱"]) == (
        given["id_number"],
        given["phone"],
        given["email"],
    )
    [event] = exports(session)
    assert (event["revealed"], event["reason"]) == (True, "办理聘书和保险")
    assert event["filter"] == {"q": "*"}


def test_the_export_follows_the_filter(session: Session, staff_client: StaffClient) -> None:
    approved(session, name="乔秀兰", region="140100", county="140105")
    approved(session, name="武晓峰", region="140200", county="140213")
    client = staff_client(Role.REVIEWER)

    answer = export(client, client.get(f"{ROSTER}?region=140200"), {"format": "csv"})

    assert [row["姓名"] for row in rows(answer)] == ["武晓峰"]
    [event] = exports(session)
    assert event["filter"] == {"region": "140200"}


def test_who_is_bound_to_a_prefecture_exports_that_one_only(
    session: Session, staff_client: StaffClient
) -> None:
    approved(session, name="乔秀兰", region="140100", county="140105")
    approved(session, name="武晓峰", region="140200", county="140213")
    client = staff_client(Role.REVIEWER, region="140100")

    page = client.get(f"{ROSTER}?region=140200")
    answer = export(client, page, {"format": "csv"})

    assert names(page) == ["乔秀兰"]
    assert [row["姓名"] for row in rows(answer)] == ["乔秀兰"]


def test_the_spreadsheet_holds_text_and_leaves_no_file_behind(
    session: Session,
    staff_client: StaffClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    given = answers()
    approved(session, **given)
    client = staff_client(Role.REVIEWER)
    sent = {"format": "xlsx", "revealed": True, "reason": "办理聘书和保险"}

    answer = export(client, client.get(ROSTER), sent)

    with ZipFile(io.BytesIO(answer.body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert given["id_number"] in sheet
    assert "<f>" not in sheet
    assert list(tmp_path.iterdir()) == []


def test_a_viewer_is_offered_no_export(session: Session, staff_client: StaffClient) -> None:
    approved(session)
    client = staff_client(Role.VIEWER)

    page = client.get(ROSTER)

    assert "导出" not in page.text
    client.post(f"{ROSTER}export", {"format": "csv"}, status=403)


def test_walking_the_pages_visits_everybody_once(
    session: Session, staff_client: StaffClient
) -> None:
    for number in range(52):
        approved(session, name="甲乙丙丁"[number % 4] + "某")
    client = staff_client(Role.VIEWER)

    first = client.get(ROSTER)
    second = client.get(first.link("下一页"))

    references = [
        row.all("td")[0].text
        for page in (first, second)
        for body in page.tree.all("tbody")
        for row in body.all("tr")
    ]
    assert len(references) == len(set(references)) == 52
    assert names(client.get(second.link("上一页"))) == names(first)
