"""What a reviewer sees of earlier terms, and of what was answered then; 续聘 in the queue."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Clock, StaffClient
from tests.factories import answers, make_application, make_staff
from tests.renewals import LATER, approve, next_recruitment, renewed, volunteer
from tests.web.reviewers import address
from volunteer_app.db import start_writing
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.vocabulary import Channel, Role
from volunteer_app.models import Application, Ending


@pytest.fixture(autouse=True)
def later(clock: Clock) -> Clock:
    clock.at = LATER
    return clock


def dismissed(session: Session, earlier: Application) -> None:
    staff = make_staff(session)
    start_writing(session)
    term = earlier.appointment
    assert term is not None
    term.terminated_on = dt.date(2028, 3, 1)
    ending = Ending(
        reason=EndReason.DISMISSED,
        words="私下的话",
        ends_from=dt.date(2028, 3, 1),
        staff_id=staff.id,
        at=LATER,
    )
    term.endings.append(ending)
    session.commit()


def test_the_earlier_term_and_the_changes_stand_beside_a_renewal(
    session: Session, staff_client: StaffClient
) -> None:
    earlier = volunteer(session, occupation="教师", employer="")
    recruitment = next_recruitment(session)
    application = renewed(
        session, earlier, recruitment, occupation="会计", employer="某厂", phone="13812345678"
    )

    page = staff_client(Role.REVIEWER).get(address(application))

    assert f"{application.reference} 个人报名，续聘" in page.text
    assert "以前的聘期（1次） 2027年度招募 晋消志聘〔2027〕第0001号 在聘" in page.text
    assert "2027年9月1日至2029年8月31日" in page.text
    changed = page.tree.by_id("changed")
    assert changed is not None
    assert "手机号码 改过，内容不在这里显示 职业 教师 → 会计 工作单位 未填 → 某厂" in page.text
    assert "职业 会计 上次：教师" in page.text
    assert "与上次不同" in page.text
    assert "*******5678 上次" not in page.text
    assert earlier.reference in page.links
    assert "13812345678" not in page.html


def test_a_renewal_without_changes_says_so(session: Session, staff_client: StaffClient) -> None:
    application = renewed(session, volunteer(session), next_recruitment(session))

    page = staff_client(Role.REVIEWER).get(address(application))

    assert "除了声明和同意，各项都和上次一样。" in page.text
    assert "上次：" not in page.text


def test_a_dismissal_is_seen(session: Session, staff_client: StaffClient) -> None:
    earlier = volunteer(session)
    dismissed(session, earlier)
    application = renewed(session, earlier, next_recruitment(session))

    page = staff_client(Role.REVIEWER).get(address(application))

    assert "提前解聘 2027年9月1日至2029年8月31日" in page.text
    assert "提前解聘（解聘），2028年3月1日起不再服务" in page.text
    assert "私下的话" not in page.text


def test_another_prefectures_reviewer_sees_the_term_but_not_the_answers(
    session: Session, staff_client: StaffClient
) -> None:
    earlier = volunteer(session, occupation="教师", region="140100", county="140105")
    recruitment = next_recruitment(session)
    application = renewed(
        session, earlier, recruitment, region="140200", county="140213", occupation="会计"
    )

    here = staff_client(Role.REVIEWER, region="140200").get(address(application))
    anywhere = staff_client(Role.REVIEWER).get(address(application))

    assert "教师 → 会计" in anywhere.text
    assert "晋消志聘〔2027〕第0001号" in here.text
    assert "上次在别的市，只看得到聘期，看不到当时填的内容。" in here.text
    assert "教师" not in here.text
    assert earlier.reference not in here.html


@pytest.mark.parametrize("channel", [Channel.INDIVIDUAL, Channel.PAPER])
def test_who_served_before_and_did_not_say_so_is_known_by_the_number(
    session: Session, staff_client: StaffClient, channel: Channel
) -> None:
    given = answers(occupation="教师")
    volunteer(session, **given)
    application = make_application(
        session,
        recruitment=next_recruitment(session),
        channel=channel,
        now=LATER,
        **given | {"occupation": "会计"},
    )

    page = staff_client(Role.REVIEWER).get(address(application))

    assert "，以前聘任过" in page.text
    assert "晋消志聘〔2027〕第0001号" in page.text
    assert "职业 教师 → 会计" in page.text
    approve(session, application, now=LATER)
    assert application.appointment is not None
    assert application.appointment.starts_on == dt.date(2029, 9, 1)


def test_a_first_application_has_no_earlier_terms(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)

    page = staff_client(Role.REVIEWER).get(address(application))

    assert "以前的聘期" not in page.text
    assert "与上次报名相比" not in page.text


def test_the_queue_shows_renewals_and_can_show_only_them(
    session: Session, staff_client: StaffClient
) -> None:
    earlier = volunteer(session)
    recruitment = next_recruitment(session)
    application = renewed(session, earlier, recruitment)
    first = make_application(session, recruitment=recruitment, now=LATER)
    client = staff_client(Role.REVIEWER)
    page = client.get("/staff/queue/")
    assert first.reference in page.text
    assert "个人报名 续聘" in page.text

    page = client.submit(page, {"renewal": "yes"}, button="查找")

    assert page.path == "/staff/queue/?recruitment=2029&renewal=yes"
    assert application.reference in page.text
    assert first.reference not in page.text
    [chips] = page.tree.with_class("chips")
    assert [link.text for link in chips.all("a")] == ["续聘 ，去掉"]


def test_a_term_that_has_to_wait_for_another_is_said_before_the_decision(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers()
    volunteer(session, **given)
    early = next_recruitment(session, term_starts_on=dt.date(2028, 9, 1))
    application = make_application(session, recruitment=early, now=LATER, **given)

    page = staff_client(Role.REVIEWER).get(address(application))

    words = "到2029年8月31日，这次从2029年9月1日起，不是从2028年9月1日起。"
    assert f"通过以后的聘期：本人的聘期（晋消志聘〔2027〕第0001号）{words}" in page.text
    other = make_application(session, recruitment=early, now=LATER)
    assert "通过以后的聘期" not in staff_client(Role.REVIEWER).get(address(other)).text


def test_a_left_over_application_cannot_be_approved_and_the_page_says_why(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers()
    old = make_application(session, **given)
    new = make_application(session, recruitment=next_recruitment(session), now=LATER, **given)
    client = staff_client(Role.REVIEWER)
    stale = client.get(address(old))
    assert "要到2031年9月1日才开始" not in stale.text
    approve(session, new, now=LATER)

    refused = client.submit(stale, {"words": "写了一半"}, button="通过", status=409)

    assert "本人在后来的“2029年度招募”里已经聘任" in refused.text
    assert refused.values(button="不予通过")["words"] == "写了一半"
    page = client.get(address(old))
    assert "通过：本人在后来的" in page.text
    assert "通过" not in [button.text for button in page.tree.all("button")]
