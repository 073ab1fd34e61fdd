"""工作台: numbers that are those of the lists they lead to, by role and prefecture."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.client import Client, Page
from tests.conftest import ActorFor, Clock, StaffClient
from tests.factories import NOW, copy_applications, make_application
from tests.services.statements import statements_of
from tests.serving import at, days_before, make_term
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import JobRun, Message, Recruitment
from volunteer_app.services import daily

DESK = "/staff/"
DAY = dt.timedelta(days=1)


def numbers(page: Page, place: int) -> dict[str, str]:
    """The large numbers of the first or second group."""
    group = page.tree.with_class("numbers")[place]
    found = [(each.all("b")[0].text, each.text) for each in group.all("a")]
    return {text.removeprefix(number).strip(): number for number, text in found}


def listed(client: Client, page: Page, word: str) -> int:
    """Rows of the list that the number with that word leads to."""
    groups = page.tree.with_class("numbers")
    [link] = [a for group in groups for a in group.all("a") if a.text.endswith(word)]
    body = client.get(link.get("href") or "").tree.all("tbody")
    return len(body[0].all("tr")) if body else 0


def prepare(session: Session) -> None:
    for _person in range(3):
        make_application(session)
    for _person in range(2):
        make_application(session, status=Status.AWAITING_APPROVAL)
    make_application(session, status=Status.RETURNED, due_on=dt.date(2027, 8, 14))
    make_application(session, status=Status.RETURNED)
    units.handed_in(session)  # with two people, whose applications wait as well
    start_writing(session)
    failed = session.scalars(sa.select(Message).order_by(Message.id)).first()
    assert failed is not None
    failed.status = MessageStatus.FAILED
    session.commit()


EVERYTHING = {
    "待复核": "2",
    "待审核": "5",
    "补正已超期": "1",
    "单位推荐待核对": "1",
    "没发出的通知": "1",
    "请求待答复": "0",
    "聘期90天内期满": "0",
}


@pytest.mark.parametrize(
    ("role", "mine"),
    [
        (Role.VIEWER, set()),
        (Role.REVIEWER, set(EVERYTHING) - {"待复核"}),
        (Role.APPROVER, set(EVERYTHING)),
        (Role.ADMIN, set(EVERYTHING)),
    ],
)
def test_what_waits_for_me_is_what_my_role_may_do(
    session: Session, staff_client: StaffClient, clock: Clock, role: Role, mine: set[str]
) -> None:
    prepare(session)
    clock.at = at(dt.date(2027, 8, 15), 0, 0)

    page = staff_client(role).get(DESK)

    groups = page.tree.with_class("numbers")
    of_me, of_others = (numbers(page, 0), numbers(page, 1)) if mine else ({}, numbers(page, 0))
    hidden = {"没发出的通知", "请求待答复"} if role is Role.VIEWER else set()
    assert len(groups) == (2 if mine else 1)
    assert of_me == {word: EVERYTHING[word] for word in mine}
    others = {word: EVERYTHING[word] for word in set(EVERYTHING) - mine - hidden}
    assert of_others == others | {"等申请人补正": "2", "已通过": "0", "距截止": "15天"}


def test_each_number_leads_to_its_list(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    prepare(session)
    make_term(session)
    clock.at = days_before(60)
    client = staff_client(Role.ADMIN)

    page = client.get(DESK)

    shown = numbers(page, 0) | numbers(page, 1)
    wanted = {**EVERYTHING, "补正已超期": "2", "聘期90天内期满": "1", "等申请人补正": "2"}
    assert {word: shown[word] for word in wanted} == wanted
    assert {word: str(listed(client, page, word)) for word in wanted} == wanted


@pytest.mark.parametrize(
    ("moment", "late"),
    [(at(dt.date(2027, 8, 19), 23, 59), "0"), (at(dt.date(2027, 8, 20), 0, 0), "1")],
)
def test_a_correction_is_overdue_from_midnight_in_shanghai(
    session: Session, staff_client: StaffClient, clock: Clock, moment: dt.datetime, late: str
) -> None:
    make_application(session, status=Status.RETURNED, due_on=dt.date(2027, 8, 19))
    clock.at = moment
    client = staff_client(Role.REVIEWER)

    page = client.get(DESK)

    assert numbers(page, 0)["补正已超期"] == late
    assert str(listed(client, page, "补正已超期")) == late
    chip = client.get("/staff/queue/?status=returned&overdue=1")
    [without] = [a for group in chip.tree.with_class("chips") for a in group.all("a")]
    assert (without.text, "overdue" in (without.get("href") or "")) == ("补正已超期 ，去掉", False)


@pytest.mark.parametrize(
    ("day", "number", "word"),
    [
        (dt.date(2027, 8, 29), "1天", "距截止"),
        (dt.date(2027, 8, 30), "0天", "距截止"),
        (dt.date(2027, 8, 31), "1天", "已截止"),
        (dt.date(2027, 7, 27), "1天", "距开始"),
    ],
)
def test_the_days_to_the_deadline(
    session: Session,
    staff_client: StaffClient,
    clock: Clock,
    day: dt.date,
    number: str,
    word: str,
) -> None:
    clock.at = at(day)

    assert numbers(staff_client(Role.VIEWER).get(DESK), 0)[word] == number


def test_the_map_counts_each_prefecture_and_leads_to_its_applications(
    session: Session, staff_client: StaffClient
) -> None:
    make_application(session, region="140200", county="140213")
    make_application(session, region="140200", county="140213", status=Status.REJECTED)
    make_application(session)
    client = staff_client(Role.VIEWER)

    page = client.get(DESK)

    tiles = page.tree.with_class("tile")
    counted = {tile.text: tile.get("href") or "" for tile in tiles}
    assert len(tiles) == 11
    assert {"大同2", "太原1", "运城0"} <= {text.replace(" ", "") for text in counted}
    [there] = [href for text, href in counted.items() if text.startswith("大同")]
    assert len(client.get(there).tree.all("tbody")[0].all("tr")) == 2


def test_who_is_bound_to_a_prefecture_sees_its_numbers_only(
    session: Session, staff_client: StaffClient, actor_for: ActorFor, clock: Clock
) -> None:
    make_application(session, region="140200", county="140213", name="武晓峰")
    make_application(session, name="乔秀兰")
    make_term(session, region="140200", county="140213")
    clock.at = days_before(3)

    page = staff_client(Role.REVIEWER, region="140100").get(DESK)

    assert numbers(page, 0) | {"已通过": numbers(page, 1)["已通过"]} == {
        **dict.fromkeys(set(EVERYTHING) - {"待复核"}, "0"),
        "待审核": "1",
        "已通过": "0",
    }
    assert "太原市共1份报名" in page.text
    assert page.tree.with_class("tile") == []
    assert "乔秀兰" in page.text
    assert "武晓峰" not in page.text


def test_the_jobs_say_when_they_ran_and_when_that_is_too_long_ago(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    make_term(session)
    client = staff_client(Role.VIEWER)
    clock.at = at(dt.date(2027, 7, 29))  # the recruitment opened yesterday
    assert "每天的事有两天以上没有办" not in client.get(DESK).text
    assert "还没有办过" in client.get(DESK).text
    clock.at = NOW
    assert "每天的事有两天以上没有办" in client.get(DESK).text

    morning = days_before(7)
    for job in daily.JOBS:
        start_writing(session)
        daily.run_due(session, job, now=morning)
        session.commit()

    assert session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == len(daily.JOBS)
    clock.at = morning + 2 * DAY
    page = client.get(DESK)
    assert "聘期快满和届满的通知 8月24日 08:00 1条" in page.text
    assert "两天以上没有办" not in page.text
    clock.at += dt.timedelta(seconds=1)
    assert "两天以上没有办" in client.get(DESK).text


def test_it_costs_the_same_however_much_there_is(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    make_application(session)
    client = staff_client(Role.ADMIN)
    client.get(DESK)
    with statements_of(app) as before:
        client.get(DESK)

    copy_applications(session, 300)

    with statements_of(app) as after:
        client.get(DESK)
    assert len(after) == len(before) <= 14
    counts = [each for each in after if "count(*)" in each and "FROM application" in each]
    assert all("LIMIT" in each for each in counts)


def test_without_a_recruitment_it_says_what_to_do(
    session: Session, staff_client: StaffClient
) -> None:
    admin, viewer = staff_client(Role.ADMIN), staff_client(Role.VIEWER)
    start_writing(session)
    session.execute(sa.delete(Recruitment))
    session.commit()

    for path in (DESK, "/staff/queue/", "/staff/queue/?recruitment=2027&status=all"):
        assert "开启一次招募" in admin.get(path).text
        assert "请管理员开启一次招募" in viewer.get(path).text
    assert daily.NOTIFY_EXPIRY.label in viewer.get(DESK).text
    page = viewer.get("/staff/terms/")
    assert viewer.get(page.link("审核队列")).heading == "审核队列"


def test_staff_begin_here_and_the_brand_leads_back(staff_client: StaffClient) -> None:
    client = staff_client(Role.VIEWER)

    page = client.get("/staff/roster/")

    assert page.link("工作台") == DESK
    [brand] = page.tree.with_class("brand")
    assert brand.get("href") == DESK
    assert page.links.index("工作台") < page.links.index("审核队列") < page.links.index("聘任")
