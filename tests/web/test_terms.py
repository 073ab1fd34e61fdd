"""聘任: who stands in which list on which day, and one person's service."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Page
from tests.conftest import ActorFor, Clock, StaffClient
from tests.factories import answers, copy_applications
from tests.services.statements import statements_of
from tests.serving import FIRST, LAST, apply_again, at, days_before, end, make_term
from tests.serving import make_next_recruitment as next_recruitment
from volunteer_app.db import Base
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Application, Appointment

TERMS = "/staff/terms/"
DAY = dt.timedelta(days=1)
TODAY = dt.date(2028, 3, 1)


def names(page: Page) -> list[str]:
    """The people of the list; the prefectures below it have no link in their heading."""
    heads = [head for body in page.tree.all("tbody") for head in body.all("th")]
    return [link.text for head in heads for link in head.all("a")]


def numbers(page: Page) -> dict[str, str]:
    """The tabs with their counts."""
    tabs = page.tree.with_class("tabs")[0].all("a")
    words = [tab.text.rpartition(" ") for tab in tabs]
    return {word: count for word, _space, count in words if word}


@pytest.mark.parametrize(
    ("moment", "tab"),
    [
        (at(FIRST - DAY, 23, 59), "未开始"),
        (at(FIRST, 0, 0), "在聘"),
        (at(LAST - 91 * DAY), "在聘"),
        (at(LAST - 90 * DAY, 0, 0), "在聘 90天内期满"),
        (at(LAST - 30 * DAY, 0, 0), "在聘 90天内期满 30天内期满"),
        (at(LAST - 7 * DAY, 0, 0), "在聘 90天内期满 30天内期满 7天内期满"),
        (at(LAST, 23, 59), "在聘 90天内期满 30天内期满 7天内期满"),
        (at(LAST + DAY, 0, 0), "期满"),
    ],
)
def test_a_term_stands_where_its_dates_say_at_midnight_in_shanghai(
    session: Session, staff_client: StaffClient, clock: Clock, moment: dt.datetime, tab: str
) -> None:
    make_term(session)
    clock.at = moment
    client = staff_client(Role.VIEWER)
    tabs = client.get(TERMS).tree.with_class("tabs")[0].all("a")

    found = {
        each.text.partition(" ")[0]
        for each in tabs
        if names(client.get(each.get("href") or "")) == ["乔秀兰"]
    }

    assert found == {*tab.split(), "全部"}
    counted = {word for word, count in numbers(client.get(TERMS)).items() if count == "1"}
    assert counted == set(tab.split()) - {"期满"}


def test_who_was_ended_early_has_a_list_of_their_own(
    session: Session, staff_client: StaffClient, clock: Clock, actor_for: ActorFor
) -> None:
    term = make_term(session)
    end(session, term, actor_for(Role.REVIEWER), ends_from=TODAY, now=at(TODAY - DAY))
    client = staff_client(Role.VIEWER)

    clock.at = at(TODAY - DAY, 23, 59)
    assert names(client.get(f"{TERMS}?status=active")) == ["乔秀兰"]
    assert "2028年3月1日起解聘" in client.get(f"{TERMS}?status=active").text
    assert names(client.get(f"{TERMS}?status=terminated")) == []
    clock.at = at(TODAY, 0, 0)
    assert names(client.get(f"{TERMS}?status=active")) == []
    assert names(client.get(f"{TERMS}?status=terminated")) == ["乔秀兰"]
    clock.at = days_before(5)
    assert names(client.get(f"{TERMS}?within=90")) == []


def test_the_counts_of_each_prefecture_lead_to_its_people(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    make_term(session, name="乔秀兰", region="140100", county="140105")
    make_term(session, name="武晓峰", region="140200", county="140213")
    clock.at = days_before(90)
    client = staff_client(Role.VIEWER)

    page = client.get(TERMS)

    rows = page.tree.all("tbody")[-1].all("tr")
    assert [[cell.text for cell in row.all("th", "td")] for row in rows] == [
        ["太原市", "1人在聘，太原市", "0", "1人90天内期满，太原市"],
        ["大同市", "1人在聘，大同市", "0", "1人90天内期满，大同市"],
    ]
    [link] = rows[1].all("td")[2].all("a")
    there = client.get(link.get("href") or "")
    assert names(there) == ["武晓峰"]


def test_filters_and_search_stay_in_the_address(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    given = answers(name="阎思远")
    make_term(session, **given)
    make_term(session, name="白玉梅")
    clock.at = days_before(20)
    client = staff_client(Role.REVIEWER)

    page = client.submit(client.get(f"{TERMS}?within=30"), {"q": "思远"}, button="查找")

    assert names(page) == ["阎思远"]
    assert "within=30" in page.path
    assert client.submit(page, {"q": given["phone"]}, button="查找").heading == "阎思远"
    assert names(client.get(f"{TERMS}?within=12&status=x&recruitment=x&after=x")) == [
        "阎思远",
        "白玉梅",
    ]
    roster = client.get(client.get(f"{TERMS}?within=30").link("到花名册"))
    assert names(roster) == ["阎思远", "白玉梅"]
    assert "30天内期满" in roster.text


def test_who_is_bound_to_a_prefecture_sees_that_one_only(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    here = make_term(session, name="乔秀兰", region="140100", county="140105")
    there = make_term(session, name="武晓峰", region="140200", county="140213")
    clock.at = at(TODAY)
    client = staff_client(Role.APPROVER, region="140100")

    page = client.get(f"{TERMS}?region=140200")

    assert names(page) == ["乔秀兰"]
    assert numbers(page)["在聘"] == "1"
    assert client.get(f"{TERMS}{here.application.reference}").heading == "乔秀兰"
    for path in ("", "/end", "/undo"):
        client.get(f"{TERMS}{there.application.reference}{path}", status=404)
    for path in ("/end", "/undo"):
        client.post(f"{TERMS}{there.application.reference}{path}", {}, status=404)


def test_the_list_asks_as_much_however_long_it_is(
    app: Flask, session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    term = make_term(session)
    clock.at = at(TODAY)
    client = staff_client(Role.VIEWER)
    client.get(TERMS)
    with statements_of(app) as before:
        client.get(TERMS)

    copy_applications(session, 60)
    _appoint_all(session, term)

    with statements_of(app) as after:
        first = client.get(TERMS)
    assert len(names(first)) == 50
    assert len(after) == len(before) <= 10
    with statements_of(app) as further:
        second = client.get(first.link("下一页"))
    assert len(names(second)) == 11
    assert [sum("sum(CASE" in each for each in some) for some in (after, further)] == [1, 0]


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("", True),
        ("?within=30", True),
        ("?status=all", True),
        ("?region=140100", False),
        ("?recruitment=2027", False),
        ("?q=%E4%B9%94%E7%A7%80%E5%85%B0", False),
    ],
)
def test_counts_stand_where_nothing_is_searched_for(
    session: Session, staff_client: StaffClient, clock: Clock, query: str, counted: bool
) -> None:
    make_term(session)
    clock.at = days_before(20)

    page = staff_client(Role.VIEWER).get(f"{TERMS}{query}")

    assert names(page) == ["乔秀兰"]
    assert (numbers(page).get("在聘") == "1") is counted
    assert ("各市人数" in page.text) is counted


def _appoint_all(session: Session, term: Appointment) -> None:
    """A term like that one to everybody who has none."""
    table = Base.metadata.tables["appointment"]
    own = session.execute(sa.select(table).where(table.c.id == term.id)).mappings().one()
    ids = session.scalars(sa.select(Application.id).where(Application.id != term.application_id))
    rows = [
        dict(own) | {"id": 100 + n, "application_id": each, "serial": 100 + n}
        for n, each in enumerate(ids)
    ]
    session.execute(sa.insert(Appointment), rows)
    session.commit()


def test_the_service_history_has_every_term_of_the_person(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    given = answers()
    first = make_term(session, **given)
    make_term(session, name="武晓峰")
    following = next_recruitment(session)
    apply_again(session, first, given, recruitment=following, status=Status.APPROVED)
    session.rollback()
    second = session.scalars(sa.select(Appointment).order_by(Appointment.id.desc())).first()
    assert second is not None
    clock.at = at(LAST + DAY)
    client = staff_client(Role.VIEWER)

    page = client.get(f"{TERMS}{second.application.reference}")

    [history] = page.tree.all("tbody")
    assert [[cell.text for cell in row.all("th", "td")] for row in history.all("tr")] == [
        [first.number, "2027年9月1日至2029年8月31日", "731", "期满"],
        [f"{second.number} 这一段", "2029年9月1日至2031年8月31日", "1", "在聘"],
    ]
    assert "共730天，服务1天，还有729天" in page.text
    review = client.get(f"/staff/applications/{second.application.reference}")
    assert client.get(review.link(first.number)).path.endswith(first.application.reference)
    assert client.get(review.link(second.number)).heading == "乔秀兰"
