"""审核队列: tabs, filters in the address, pages by key, numbers that never get into an address."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import Clock, StaffClient
from tests.factories import NOW, answers, copy_applications, make_application, make_applications
from tests.services.statements import statements_of
from volunteer_app.domain.vocabulary import Channel, Role, Status

QUEUE = "/staff/queue/"


def references(page: Page) -> list[str]:
    return [row.all("td")[0].text for body in page.tree.all("tbody") for row in body.all("tr")]


def tabs(page: Page) -> dict[str, str]:
    [bar] = page.tree.with_class("tabs")
    return dict(link.text.split(" ") for link in bar.all("a"))


def search(client: Client, page: Page, **given: str) -> Page:
    return client.submit(page, given, button="查找")


def search_in_place(client: Client, page: Page, **given: str) -> Page:
    """None or several found: the answer itself says so, at an address without a number."""
    return client.submit(page, given, button="查找", follow=False)


def test_the_queue_shows_what_waits_and_the_oldest_is_first(
    session: Session, staff_client: StaffClient
) -> None:
    first = make_application(session, now=NOW - dt.timedelta(days=3))
    returned = make_application(session, status=Status.RETURNED)
    second = make_application(session)

    page = staff_client(Role.REVIEWER).get(QUEUE)

    assert references(page) == [first.reference, second.reference]
    assert returned.reference not in page.text
    assert "8月9日 已等3天" in page.text
    assert "8月12日 今天" in page.text


def test_each_tab_has_its_count_and_all_is_their_sum(
    session: Session, staff_client: StaffClient
) -> None:
    for status in (*Status, Status.SUBMITTED):
        make_application(session, status=status)

    page = staff_client(Role.VIEWER).get(QUEUE)

    assert tabs(page) == {
        "待审核": "2",
        "待补正": "1",
        "待复核": "1",
        "已通过": "1",
        "未通过": "1",
        "已撤回": "1",
        "全部": "7",
    }


def test_filters_narrow_and_each_has_a_chip_that_removes_it(
    session: Session, staff_client: StaffClient
) -> None:
    wanted = make_application(
        session, channel=Channel.PAPER, region="140200", county="140213", name="武晓峰"
    )
    make_application(session, region="140200", county="140213")
    make_application(session)
    client = staff_client(Role.REVIEWER)

    page = search(client, client.get(QUEUE), region="140200", channel="paper", q="晓峰")

    assert references(page) == [wanted.reference]
    [chips] = page.tree.with_class("chips")
    assert [link.text for link in chips.all("a")] == [
        "大同市 ，去掉",
        "纸质（邮件）报名 ，去掉",
        "“晓峰” ，去掉",
    ]
    without = client.get(chips.all("a")[2].attributes["href"])
    assert "q=" not in without.path
    assert "region=140200" in without.path
    assert "channel=paper" in without.path


def test_an_empty_answer_says_what_to_do(session: Session, staff_client: StaffClient) -> None:
    make_application(session)
    client = staff_client(Role.REVIEWER)

    assert "没有符合筛选条件的报名" in client.get(f"{QUEUE}?channel=unit").text
    assert "这一栏没有报名" in client.get(f"{QUEUE}?status=rejected").text


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "region=999999",
        "region=140100%00",
        "channel=pigeon",
        "outcome=perfect",
        "after=ABCD-EFGH-J",
        "before=x",
        "recruitment=1999",
        "q=13900000001",
        "q=%F0%9F",
        "next=//elsewhere&_external=1&reference=x",
    ],
)
def test_a_filter_that_does_not_exist_is_no_error(
    session: Session, staff_client: StaffClient, query: str
) -> None:
    application = make_application(session)

    page = staff_client(Role.REVIEWER).get(f"{QUEUE}?{query}")

    if "%F0" not in query:
        assert references(page) == [application.reference]


def test_walking_the_pages_visits_everybody_once_and_comes_back(
    session: Session, staff_client: StaffClient
) -> None:
    make_application(session)
    copy_applications(session, 119)
    client = staff_client(Role.REVIEWER)

    page = client.get(QUEUE)
    pages = [references(page)]
    while "下一页" in page.links:
        page = client.get(page.link("下一页"))
        pages.append(references(page))

    assert [len(each) for each in pages] == [50, 50, 20]
    assert len({reference for each in pages for reference in each}) == 120
    assert references(client.get(page.link("上一页"))) == pages[1]


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    make_applications(session, 10)
    client.get(QUEUE)
    counted = []
    for more in (0, 190):
        if more:
            copy_applications(session, more)
        with statements_of(app) as sent:
            client.get(f"{QUEUE}?q=秀兰")
        counted.append(len(sent))

    assert counted[0] == counted[1]


def test_a_number_leads_to_its_application_and_stands_in_no_address(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers(name="阎思远")
    application = make_application(session, **given)
    client = staff_client(Role.REVIEWER)
    for number in (given["phone"], f"+86 {given['phone']}", given["id_number"].lower()):
        page = search(client, client.get(QUEUE), q=number)

        assert page.heading == "阎思远"
        assert page.path == f"/staff/applications/{application.reference}"


def test_a_reference_finds_its_application_in_any_recruitment(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, status=Status.REJECTED)
    client = staff_client(Role.REVIEWER)

    page = search(client, client.get(QUEUE), q=application.reference.lower().replace("-", " "))

    assert application.reference in page.path


def test_a_passport_is_found_by_its_number(session: Session, staff_client: StaffClient) -> None:
    make_application(
        session,
        name="JOHN SMITH",
        id_type="passport",
        id_number="E1234567",
        birth_date="1990-03-07",
        gender="male",
    )
    client = staff_client(Role.REVIEWER)

    assert search(client, client.get(QUEUE), q="e1234567").heading == "JOHN SMITH"


def test_a_telephone_that_two_people_left_lists_both(
    session: Session, staff_client: StaffClient
) -> None:
    for name in ("尚志强", "药文秀"):
        make_application(session, name=name, phone="13912345678")
    client = staff_client(Role.REVIEWER)

    page = search_in_place(client, client.get(QUEUE), q="139 1234 5678")

    assert page.heading == "找到2份报名"
    assert {"尚志强", "药文秀"} <= set(page.links)
    assert "1391234" not in page.path


def test_a_number_nobody_left_says_so(staff_client: StaffClient) -> None:
    client = staff_client(Role.REVIEWER)

    page = search_in_place(client, client.get(QUEUE), q="13900000000")

    assert page.heading == "没有找到"
    assert page.path == "/staff/queue/search"


def test_who_is_bound_to_a_prefecture_sees_that_one_only(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers(region="140200", county="140213")
    make_application(session, **given)
    own = make_application(session, region="140100", county="140105")
    client = staff_client(Role.REVIEWER, region="140100")

    page = client.get(f"{QUEUE}?region=140200")

    assert references(page) == [own.reference]
    assert tabs(page)["全部"] == "1"
    assert page.tree.by_id("region") is None
    assert search_in_place(client, page, q=given["phone"]).heading == "没有找到"


def test_preparing_the_next_recruitment_empties_no_queue(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    application = make_application(session)
    clock.at = dt.datetime(2027, 9, 20, 2, 0, tzinfo=dt.UTC)
    admin = staff_client(Role.ADMIN)
    admin.submit(admin.get("/staff/settings/2027"), button="以此为模板开启下一次招募")

    assert references(staff_client(Role.REVIEWER).get(QUEUE)) == [application.reference]


def test_a_correction_that_is_late_is_called_so(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    make_application(session, status=Status.RETURNED, due_on=dt.date(2027, 8, 19))
    client = staff_client(Role.REVIEWER)

    clock.at = dt.datetime(2027, 8, 19, 15, 59, tzinfo=dt.UTC)
    assert "8月19日前" in client.get(f"{QUEUE}?status=returned").text
    clock.at = dt.datetime(2027, 8, 19, 16, 0, tzinfo=dt.UTC)
    assert "已超期1天" in client.get(f"{QUEUE}?status=returned").text


def test_a_request_for_a_human_decision_is_marked(
    session: Session, staff_client: StaffClient
) -> None:
    make_application(session)
    client = staff_client(Role.REVIEWER)
    assert "请工作人员核定" not in client.get(QUEUE).text

    make_application(session, education="junior_high", human_review=True)

    assert "请工作人员核定" in client.get(QUEUE).text


def test_corrections_that_are_overdue_are_a_click_away(
    session: Session, staff_client: StaffClient
) -> None:
    late = make_application(session, status=Status.RETURNED, due_on=NOW.date())
    make_application(session, status=Status.RETURNED, due_on=NOW.date() + dt.timedelta(days=1))
    late.due_on = NOW.date() - dt.timedelta(days=1)
    session.commit()
    client = staff_client(Role.REVIEWER)
    page = client.get(f"{QUEUE}?status=returned")
    assert len(references(page)) == 2

    page = client.get(page.link("只看补正已超期的"))

    assert references(page) == [late.reference]
    assert "补正已超期" in page.text
    assert len(references(client.get(f"{QUEUE}?status=all&overdue=1"))) == 2
