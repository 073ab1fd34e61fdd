"""聘书 of a roster: as many files as it takes, in its order, each recorded before it leaves."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.documents.reading import pages
from tests.factories import make_application, make_staff
from tests.web.reviewers import audited
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Appointment
from volunteer_app.web import certificate_batch

ROSTER = "/staff/roster/"
HERE, ELSEWHERE = {"region": "140100", "county": "140105"}, {"region": "140200", "county": "140213"}


def appoint(session: Session, *names: str, **given: Any) -> None:
    for name in names:
        make_application(session, name=name, status=Status.APPROVED, **given)


def names(file: Page) -> list[str]:
    return [page.partition("同志")[0].removeprefix("聘书") for page in pages(file.body)]


def batch(client: Client, query: str = "") -> Page:
    """From the roster, as it is filtered."""
    return client.get(client.get(f"{ROSTER}{query}").link("批量下载这些人的聘书"))


def download(client: Client, page: Page, button: str, status: int = 200) -> Page:
    return client.submit(page, button=button, status=status, follow=False)


def in_roster(page: Page) -> list[str]:
    return [head.all("a")[0].text for body in page.tree.all("tbody") for head in body.all("th")]


def test_one_file_has_the_certificates_of_the_roster_in_its_order(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "丁一", "甲二", "乙三", "丙四", "白五", "阿六", "苏七")
    client = staff_client(Role.REVIEWER)

    page = batch(client)
    file = download(client, page, "第1至7份")

    assert "共7份" in page.text
    assert names(file) == in_roster(client.get(ROSTER)) != []
    assert file.headers["Content-Type"] == "application/pdf"
    assert "-20270812-1-7.pdf" in file.headers["Content-Disposition"]
    [event] = audited(session, "print_certificates")
    extent = event.detail.pop("extent")
    assert extent.startswith("7-")
    assert event.detail == {"part": 1, "count": 7, "filter": {}, "region": None}


def test_more_than_a_file_holds_are_numbered_parts_and_done_ones_are_marked(
    session: Session, staff_client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate_batch, "PART", 2)
    appoint(session, "甲某", "乙某", "丙某", "丁某", "戊某")
    client, other = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    page = batch(client)
    assert "每2份一个文件，共3个" in page.text

    parts = [download(client, page, text) for text in ("第1至2份", "第3至4份", "第5份")]

    assert [names(part) for part in parts] == [["甲某", "乙某"], ["丙某", "丁某"], ["戊某"]]
    assert "您今天已经生成过3个，还有0个" in batch(client).text
    assert "生成过" not in batch(other).text
    assert "生成过" not in batch(client, "?region=140100").text


def test_the_filter_of_the_roster_holds_and_a_searched_name_is_not_recorded(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "乔秀兰", **HERE)
    appoint(session, "乔晓峰", **ELSEWHERE)
    client = staff_client(Role.REVIEWER)

    file = download(client, batch(client, "?region=140200&q=晓峰"), "第1份")

    assert names(file) == ["乔晓峰"]
    [event] = audited(session, "print_certificates")
    assert event.detail["filter"]["region"] == "140200"
    assert re.fullmatch("[0-9a-f]{16}", event.detail["filter"]["q"])
    assert "晓峰" not in str(event.detail)
    log = staff_client(Role.ADMIN).get("/staff/audit/?action=print_certificates").text
    assert "姓名*" in log
    assert event.detail["filter"]["q"] not in log


def test_who_is_bound_to_a_prefecture_gets_that_one_only(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "乔秀兰", **HERE)
    appoint(session, "乔晓峰", **ELSEWHERE)
    client = staff_client(Role.REVIEWER, region="140100")

    file = download(client, batch(client, "?region=140200"), "第1份")

    assert names(file) == ["乔秀兰"]


def test_a_term_that_was_ended_early_is_left_out_and_a_changed_list_is_counted_anew(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "甲某", "乙某")
    client = staff_client(Role.REVIEWER)
    page = batch(client)
    start_writing(session)
    first = session.scalars(sa.select(Appointment).order_by(Appointment.id)).first()
    assert first is not None
    first.terminated_on = dt.date(2027, 8, 12)
    session.commit()

    stale = download(client, page, "第1至2份", status=409)

    assert "名单有变动" in stale.text
    assert names(download(client, stale, "第1份")) == ["乙某"]
    assert len(audited(session, "print_certificates")) == 1


def end_first(session: Session) -> None:
    start_writing(session)
    first = session.scalars(sa.select(Appointment).order_by(Appointment.id)).first()
    assert first is not None
    first.terminated_on = dt.date(2027, 8, 12)
    session.commit()


def test_after_a_change_between_two_files_all_are_to_be_made_anew(
    session: Session, staff_client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as before, but others: without this the third person would be in neither file."""
    monkeypatch.setattr(certificate_batch, "PART", 2)
    appoint(session, "甲某", "乙某", "丙某")
    client = staff_client(Role.REVIEWER)
    page = batch(client)
    download(client, page, "第1至2份")
    assert "今天已经生成过1个" in batch(client).text
    end_first(session)
    appoint(session, "丁某")

    stale = download(client, page, "第3份", status=409)

    assert "名单有变动，份数已经重新算过，请从第1份重新生成" in stale.text
    page = batch(client)
    assert "名单在生成以后有变动，请从第1份重新生成" in page.text
    assert "生成过" not in page.text.replace("生成过的", "")
    files = [download(client, page, text) for text in ("第1至2份", "第3份")]
    assert [names(file) for file in files] == [["乙某", "丙某"], ["丁某"]]
    page = batch(client)
    assert "今天已经生成过2个" in page.text
    assert "有变动" not in page.text


def test_files_of_one_searched_name_are_not_those_of_another(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "乔晓峰")
    client = staff_client(Role.REVIEWER)

    download(client, batch(client, "?q=晓峰"), "第1份")

    assert "生成过</span>" in batch(client, "?q=晓峰").html
    assert "生成过</span>" not in batch(client, "?q=乔晓").html


def test_who_is_to_be_written_by_hand_stands_below_the_file_that_was_made(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "乔秀兰", "乔\U0002b746兰")
    client = staff_client(Role.REVIEWER)
    page = batch(client)
    assert "打印后请手写；下载以后刷新这一页" in page.text
    assert "打印后请手写：" not in page.text

    download(client, page, "第1至2份")

    text = batch(client).text
    assert "打印后请手写：乔\U0002b746兰（“\U0002b746”）" in text
    assert "手写：乔秀兰" not in text


def test_while_one_file_is_made_another_has_to_wait(
    session: Session, staff_client: StaffClient
) -> None:
    appoint(session, "甲某")
    client = staff_client(Role.REVIEWER)
    page = batch(client)

    with certificate_batch._turn:
        busy = download(client, page, "第1份", status=409)

    assert "请过半分钟再点一次" in busy.text
    assert audited(session, "print_certificates") == []
    assert names(download(client, busy, "第1份")) == ["甲某"]


@pytest.mark.parametrize("start", ["0", "2", "-1", "200", "x", ""])
def test_a_part_that_does_not_exist_is_not_made(
    session: Session, staff_client: StaffClient, start: str
) -> None:
    appoint(session, "甲某")
    client = staff_client(Role.REVIEWER)

    answer = client.submit(batch(client), {"start": start}, button="第1份", status=409)

    assert "名单有变动" in answer.text


def test_an_empty_roster_says_so(session: Session, staff_client: StaffClient) -> None:
    client = staff_client(Role.REVIEWER)

    assert "没有可以打印的聘书" in client.get("/staff/certificates/").text
    assert "没有可以打印的聘书" in client.get("/staff/certificates/?region=140200").text


def test_a_viewer_takes_none_away(session: Session, staff_client: StaffClient) -> None:
    appoint(session, "甲某")
    make_staff(session, Role.REVIEWER)
    viewer = staff_client(Role.VIEWER)

    assert "批量下载这些人的聘书" not in viewer.get(ROSTER).links
    viewer.get("/staff/certificates/", status=403)
    viewer.post("/staff/certificates/certificates.pdf", {"start": "1"}, status=403)
