"""打电话: who is rung up, with what to say; ticked one by one or many at once, never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.factories import NOW, make_application
from tests.mail_server import post_office
from tests.services.statements import statements_of
from tests.web.callers import LIST, RESULT, message, newest, tick, to_be_called
from tests.web.reviewers import audited
from volunteer_app.cli.worker import deliver_next
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.vocabulary import Role, Status


@pytest.fixture
def reviewer(staff_client: StaffClient) -> Client:
    return staff_client(Role.REVIEWER)


def counted(page: Page) -> str:
    [tab] = [a.text for a in page.tree.with_class("tabs")[0].all("a") if "打电话" in a.text]
    return tab


def test_who_left_no_address_is_rung_up_with_what_to_say(
    app: Flask, session: Session, reviewer: Client
) -> None:
    slug = to_be_called(session, phone="13900001234")
    make_application(session, name="有邮箱的人", status=Status.REJECTED)

    page = reviewer.get(LIST)

    assert counted(page) == "打电话 1"
    [row] = page.tree.all("tr")[1:]
    for words in ("乔秀兰", "*******1234", "未通过", "原因：材料与填写的不一致", "没人接"):
        assert words in row.text
    assert "有疑问请" not in row.text
    assert "13900001234" not in page.html
    assert slug not in reviewer.get("/staff/messages/").html
    with post_office() as (office, server):
        while deliver_next(app, server):
            pass
    assert [r for r in office.recipients if "person" not in r] == []
    assert message(session, slug).attempts == 0


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("told", MessageStatus.SENT, ""),
        ("no_answer", MessageStatus.WAITING, "没人接"),
        ("wrong_number", MessageStatus.FAILED, "号码不对"),
    ],
)
def test_what_became_of_a_call_is_kept(
    session: Session, reviewer: Client, outcome: str, status: MessageStatus, words: str
) -> None:
    slug = to_be_called(session)

    page = tick(reviewer, reviewer.get(LIST), (slug, outcome))

    assert "记下了1条结果。" in page.text
    row = message(session, slug)
    assert (row.status, row.error, row.attempts, row.tried_at) == (status, words, 1, NOW)
    assert row.sent_at == (NOW if outcome == "told" else None)
    assert ("乔秀兰" in page.text) is (outcome == "no_answer")
    assert "没有要打电话的人" in page.text or "打过1次，最近8月12日 10:00，没人接" in page.text
    [event] = audited(session, "record_call")
    assert event.detail == {"message": "rejected", "call": outcome}


def test_many_are_ticked_at_once_and_the_others_stay(session: Session, reviewer: Client) -> None:
    slugs = [to_be_called(session, name) for name in ("乔秀兰", "段志强", "任月英", "贺建国")]

    page = tick(
        reviewer,
        reviewer.get(LIST),
        (slugs[0], "told"),
        (slugs[1], "no_answer"),
        (slugs[2], "wrong_number"),
    )

    assert "记下了3条结果。" in page.text
    assert [message(session, slug).status for slug in slugs] == [
        MessageStatus.SENT,
        MessageStatus.WAITING,
        MessageStatus.FAILED,
        MessageStatus.WAITING,
    ]
    assert counted(page) == "打电话 2"
    failed = reviewer.get("/staff/messages/?status=failed")
    assert "号码不对" in failed.text
    reviewer.submit(reviewer.get(f"/staff/messages/{slugs[2]}"), button="重新打电话")
    assert counted(reviewer.get(LIST)) == "打电话 3"


def test_a_row_that_a_colleague_ticked_is_told_and_the_others_count(
    session: Session, staff_client: StaffClient
) -> None:
    slugs = [to_be_called(session, name) for name in ("乔秀兰", "段志强", "任月英")]
    first, second = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    pages = [client.get(LIST) for client in (first, second)]
    tick(first, pages[0], (slugs[0], "told"), (slugs[1], "no_answer"))

    page = tick(second, pages[1], *[(slug, "no_answer") for slug in slugs])

    assert "记下了1条结果。" in page.text
    assert "乔秀兰：已经办过，现在是“已发”。" in page.text
    assert "段志强：同事刚打过，请看过结果再记。" in page.text
    assert [message(session, slug).attempts for slug in slugs] == [1, 1, 1]


def test_two_who_tick_at_once_count_each_call_once(
    session: Session, staff_client: StaffClient
) -> None:
    slugs = [to_be_called(session) for _ in range(3)]
    clients = [staff_client(Role.REVIEWER) for _ in range(2)]
    sent = [client.get(LIST).values(button=RESULT).to_dict(flat=False) for client in clients]

    def press(number: int) -> int:
        given = sent[number] | {f"outcome-{slug}": ["no_answer"] for slug in slugs}
        return clients[number].post(LIST, given, status=None).status

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, range(2))) == [303, 303]

    assert [message(session, slug).attempts for slug in slugs] == [1, 1, 1]
    assert len(audited(session, "record_call")) == 3


def test_nothing_ticked_is_said(session: Session, reviewer: Client) -> None:
    to_be_called(session)

    page = reviewer.submit(reviewer.get(LIST), button=RESULT, status=422)

    assert "还没有选结果" in page.text


def test_a_full_number_needs_a_reason_is_recorded_and_keeps_the_ticks(
    session: Session, reviewer: Client
) -> None:
    slugs = [
        to_be_called(session, "乔秀兰", phone="13900001234"),
        to_be_called(session, "段志强", phone="13900005678"),
    ]
    page = reviewer.get(LIST)
    given = {f"outcome-{slugs[0]}": "no_answer", "reason": "打"}

    page = reviewer.submit(page, given, button="显示这一页的号码", status=422)
    assert "请写明为什么需要完整号码" in page.error_fields["reason-phone"]
    assert audited(session, "reveal") == []
    given["reason"] = "打电话告诉结果"
    page = reviewer.submit(page, given, button=slugs[1], follow=False)

    assert "13900005678" in page.text
    assert "13900001234" not in page.html
    assert page.values(button=RESULT)[f"outcome-{slugs[0]}"] == "no_answer"
    [event] = audited(session, "reveal")
    assert event.detail == {"field": "phone", "message": "rejected", "reason": "打电话告诉结果"}
    page = reviewer.submit(page, button="显示这一页的号码", follow=False)
    assert "13900001234" in page.text
    assert len(audited(session, "reveal")) == 3
    assert "13900005678" not in reviewer.get(LIST).html


def test_another_prefectures_people_are_not_in_the_list(
    session: Session, staff_client: StaffClient
) -> None:
    slug = to_be_called(session, region="140100", county="140105")
    here, elsewhere = staff_client(Role.REVIEWER, "140100"), staff_client(Role.REVIEWER, "140200")
    page = here.get(LIST)
    assert "乔秀兰" in page.text

    assert "乔秀兰" not in elsewhere.get(LIST).text
    sent = {f"outcome-{slug}": "told", f"tried-{slug}": "0", "row": slug}
    elsewhere.get(f"/staff/messages/{slug}", status=404)
    token = elsewhere.get("/staff/messages/").tree.all("input")[0].get("value")
    elsewhere.post(LIST, sent | {"csrf_token": token}, status=303)
    elsewhere.post(f"{LIST}/numbers", sent | {"csrf_token": token, "reason": "打电话通知"})

    assert message(session, slug).status is MessageStatus.WAITING
    assert audited(session, "reveal") == []


def test_what_is_not_on_the_list_cannot_be_ticked(session: Session, reviewer: Client) -> None:
    """A letter on its way is not somebody's to call; odd values are no error."""
    make_application(session, name="有邮箱的人")
    letter = newest(session).slug
    to_be_called(session)
    token = reviewer.get(LIST).values(button=RESULT)["csrf_token"]
    odd: list[dict[str, str]] = [
        {"row": letter, f"outcome-{letter}": "told", f"tried-{letter}": "0"},
        {"row": letter, f"outcome-{letter}": "gone", f"tried-{letter}": "0"},
        {"row": letter, f"outcome-{letter}": "told", f"tried-{letter}": "-1"},
        {"row": "%00", "outcome-%00": "told", "tried-%00": "9" * 40},
    ]

    statuses = [
        reviewer.post(LIST, sent | {"csrf_token": token}, status=None).status for sent in odd
    ]

    assert statuses == [303, 422, 422, 303]
    assert message(session, letter).status is MessageStatus.WAITING


@pytest.mark.parametrize("status", [Status.REJECTED, Status.APPROVED, Status.RETURNED])
def test_a_long_list_asks_the_database_no_more_than_a_short_one(
    app: Flask, session: Session, reviewer: Client, status: Status
) -> None:
    asked = []
    for _more in range(2):
        for _person in range(3):
            make_application(session, email="", status=status)
        with statements_of(app) as sent:
            page = reviewer.get(LIST)
        asked.append(len(sent))

    assert counted(page) == "打电话 6"
    assert page.html.count('class="letter"') == 6
    assert asked[0] == asked[1]


def test_a_long_list_goes_on_on_the_next_page(session: Session, reviewer: Client) -> None:
    for number in range(26):
        to_be_called(session, "乔秀兰" if number < 25 else "段志强")
    page = reviewer.get(LIST)
    assert "段志强" not in page.text
    [link] = [a for a in page.tree.all("a") if a.get("rel") == "next"]

    page = reviewer.get(str(link.get("href")))

    assert "段志强" in page.text
    assert "乔秀兰" not in page.text
    assert counted(page) == "打电话 26"
