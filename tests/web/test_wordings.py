"""通知用语: changed for one recruitment with a preview, refused where it would go wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.factories import NOW, make_application
from tests.mail_server import post_office
from tests.services.statements import statements_of
from tests.web.reviewers import audited
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.refusal import AlreadyDecided, Invalid, Refused
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Message, Recruitment, Wording
from volunteer_app.services import recruiting, wordings
from volunteer_app.services.auditing import Actor

LIST = "/staff/settings/2027/wordings"
OURS = {"subject": "收到啦，{姓名}", "text": "{姓名}：\n您在{招募}的报名收到了。\n\n编号{报名编号}"}


@pytest.fixture
def admin(staff_client: StaffClient) -> Client:
    return staff_client(Role.ADMIN)


def stored(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    return [(w.kind, w.subject, w.text) for w in session.scalars(sa.select(Wording))]


def page_of(client: Client, kind: str = "received") -> Page:
    return client.get(f"{LIST}/{kind}")


def test_a_changed_wording_is_what_is_delivered(
    app: Flask, session: Session, admin: Client
) -> None:
    application = make_application(session, name="乔秀兰", email="qiao@example.com")

    admin.submit(page_of(admin), OURS, button="保存")

    with post_office() as (office, server):
        deliver_next(app, server)
    [letter] = office.letters
    assert letter["Subject"] == "收到啦，乔秀兰"
    assert letter.get_content().startswith(
        f"乔秀兰：\n您在{application.recruitment.title}的报名收到了。\n\n编号{application.reference}\n"
    )
    assert "有疑问请写信到sxxsjdb@163.com。" in letter.get_content()
    [event] = audited(session, "change_wording")
    assert (event.subject, event.detail) == ("2027", {"message": "received"})


def test_the_list_says_what_was_changed(session: Session, admin: Client) -> None:
    page = admin.submit(page_of(admin), OURS, button="保存")

    assert page.path == LIST
    rows = {row.all("th")[0].text: row.text for row in page.tree.all("tr")[1:]}
    assert "已改" in rows["已收到"]
    assert "收到啦，{姓名}" in rows["已收到"]
    assert "原文" in rows["退回补正"]


def test_a_preview_shows_the_newest_real_letter_and_stores_nothing(
    session: Session, admin: Client
) -> None:
    make_application(session, name="段志强")
    make_application(session, name="乔秀兰")

    page = admin.submit(page_of(admin), OURS, button="预览", follow=False)

    assert "预览：收到啦，乔秀兰" in page.text
    assert "没有发出，也没有保存" in page.text
    assert page.values(button="预览")["text"].replace("\r\n", "\n") == OURS["text"]
    assert stored(session) == []
    assert {m.attempts for m in session.scalars(sa.select(Message))} == {0}


def test_nobody_waits_for_their_turn_to_write_while_a_preview_is_made(
    app: Flask, session: Session, admin: Client
) -> None:
    make_application(session)
    page = page_of(admin)

    with statements_of(app) as sent:
        admin.submit(page, OURS, button="预览", follow=False)

    assert sent
    assert "BEGIN IMMEDIATE" not in sent


def test_a_preview_about_nobody_says_so(admin: Client) -> None:
    page = admin.submit(page_of(admin), OURS, button="预览", follow=False)

    assert "示例资料，不是真人" in page.text
    assert "编号（示例：报名编号）" in page.text


@pytest.mark.parametrize("button", ["保存", "预览"])
@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"subject": ""}, {"subject": "请填写标题"}),
        ({"subject": "字" * 101}, {"subject": "标题最多100个字，现在是101个字，请删短"}),
        ({"text": "字" * 5001}, {"text": "正文最多5000个字，现在是5001个字，请删短"}),
        ({"text": "{报名编码}"}, {"text": "没有{报名编码}这个词，您要写的可能是{报名编号}"}),
        ({"subject": "{姓名"}, {"subject": "有一个“{”没有配对，花括号要成对，例如{姓名}"}),
    ],
)
def test_what_would_go_wrong_is_refused_and_kept(
    session: Session, admin: Client, button: str, given: dict[str, str], errors: dict[str, str]
) -> None:
    page = admin.submit(page_of(admin), OURS | given, button=button, status=422)

    assert page.error_fields == errors
    assert stored(session) == []
    kept = page.values(button="保存")
    assert {name: kept[name] for name in given} == given


def test_the_private_link_cannot_be_left_out(session: Session, admin: Client) -> None:
    page = admin.submit(
        page_of(admin, "confirm_nomination"), {"text": "请您确认。"}, button="保存", status=422
    )

    assert "这种通知要有{专用链接}" in page.error_fields["text"]
    assert stored(session) == []


def test_what_an_administrator_writes_stays_text(
    app: Flask, session: Session, admin: Client
) -> None:
    """Markup, a header, formats of other programs, and 2,000 lines."""
    hostile = "<script>alert(1)</script>\n%(name)s ％s $姓名"
    lines = "\n".join(["一"] * 2000)
    make_application(session)
    given = {"subject": "你好\r\nBcc: all@example.com", "text": f"{hostile}\n{lines}"}

    page = admin.submit(page_of(admin), given, button="预览", follow=False)
    assert "<script>alert" not in page.html
    admin.submit(page, button="保存")

    with post_office() as (office, server):
        deliver_next(app, server)
    [letter] = office.letters
    assert (letter["Bcc"], letter["Subject"]) == (None, "你好 Bcc: all@example.com")
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().startswith("<script>alert(1)</script>\n%(name)s ％s $姓名\n一\n")
    assert letter.get_content().count("\n一") == 2000


def test_a_subject_without_its_value_is_that_of_the_file(
    app: Flask, session: Session, admin: Client
) -> None:
    make_application(session)
    admin.submit(page_of(admin), OURS | {"subject": "{解聘日}"}, button="保存")

    with post_office() as (office, server):
        deliver_next(app, server)

    assert office.subjects[0].startswith("报名已收到，编号")


def test_who_saves_second_overwrites_nobody_and_keeps_the_text(
    session: Session, staff_client: StaffClient
) -> None:
    first, second = staff_client(Role.ADMIN), staff_client(Role.ADMIN)
    pages = [page_of(client) for client in (first, second)]
    first.submit(pages[0], OURS, button="保存")

    page = second.submit(pages[1], {"subject": "第二个人写的"}, button="保存", status=409)

    assert "别人改过这种通知的用语" in page.text
    assert "收到啦，{姓名}" in page.text
    assert page.values(button="保存")["subject"] == "第二个人写的"
    assert [subject for _kind, subject, _text in stored(session)] == ["收到啦，{姓名}"]
    second.submit(page, button="保存")
    assert [subject for _kind, subject, _text in stored(session)] == ["第二个人写的"]


def test_two_who_save_at_once_do_not_both_win(session: Session, staff_client: StaffClient) -> None:
    clients = [staff_client(Role.ADMIN) for _ in range(2)]
    sent = [page_of(client).values(button="保存").to_dict() for client in clients]

    def save(number: int) -> int:
        given = sent[number] | {"subject": f"第{number}个", "then": "save"}
        return clients[number].post(f"{LIST}/received", given, status=None).status

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(save, range(2)))

    assert statuses == [303, 409]
    assert len(stored(session)) == 1


def test_the_original_comes_back(session: Session, admin: Client) -> None:
    admin.submit(page_of(admin), OURS, button="保存")
    old = page_of(admin)
    admin.submit(page_of(admin), {"subject": "又改了"}, button="保存")

    page = admin.submit(old, button="恢复原文", status=409)
    assert "别人改过" in page.text
    admin.submit(page_of(admin), button="恢复原文")

    assert stored(session) == []
    assert len(audited(session, "restore_wording")) == 1
    assert page_of(admin).values(button="保存")["subject"] == "报名已收到，编号{报名编号}"


def test_a_page_left_open_too_long_says_so_and_restores_nothing(
    session: Session, admin: Client
) -> None:
    admin.submit(page_of(admin), OURS, button="保存")

    page = admin.submit(
        page_of(admin), {"csrf_token": "of yesterday"}, button="恢复原文", status=422
    )

    assert "页面停留太久，没有恢复，请再点一次。" in page.text
    assert "别人改过" not in page.text
    assert len(stored(session)) == 1
    admin.submit(page, button="恢复原文")
    assert stored(session) == []


def test_the_next_recruitment_says_it_in_the_same_words(
    session: Session, admin: Client, recruitment: Recruitment
) -> None:
    admin.submit(page_of(admin), OURS, button="保存")
    start_writing(session)
    source = recruiting.find_recruitment(session, "2027")
    assert source is not None
    copy = recruiting.open_next(session, source, actor=Actor(name="tests"), now=NOW)
    session.commit()

    wording = wordings.wording_of(session, copy.id, MessageKind.RECEIVED)

    assert wording is not None
    assert (wording.subject, wording.text) == (OURS["subject"], OURS["text"])
    wording.text = "另一次招募的。"
    session.commit()
    assert (MessageKind.RECEIVED.value, OURS["subject"], OURS["text"]) in stored(session)


@pytest.mark.parametrize(
    ("text", "version", "refusal"), [("好", 0, Invalid), ("{专用链接}", 1, AlreadyDecided)]
)
def test_the_service_refuses_too(
    session: Session, recruitment: Recruitment, text: str, version: int, refusal: type[Refused]
) -> None:
    given = {"subject": "请确认", "text": text, "version": version, "now": NOW}

    with pytest.raises(refusal):
        wordings.change(
            session,
            recruitment,
            MessageKind.CONFIRM_NOMINATION,
            actor=Actor(name="tests"),
            **given,  # type: ignore[arg-type]  # of several types
        )


def test_a_nominees_link_is_in_the_letter_whatever_the_words(
    app: Flask, session: Session, admin: Client
) -> None:
    recommendation = units.proven(session, count=1)
    token = recommendation.nominees[0].open_token(app.extensions["vault"])
    given = {"subject": "请确认", "text": "{单位}推荐了您。\n{专用链接}"}

    admin.submit(page_of(admin, "confirm_nomination"), given, button="保存")

    with post_office() as (office, server):
        while deliver_next(app, server):
            pass
    assert f"/nominee/{token}\n" in office.letters[-1].get_content()


def test_other_kinds_keep_their_words(app: Flask, session: Session, admin: Client) -> None:
    admin.submit(page_of(admin), OURS, button="保存")
    make_application(session, status=Status.REJECTED)

    with post_office() as (office, server):
        while deliver_next(app, server):
            pass

    assert [subject[:6] for subject in office.subjects] == ["报名审核结果"]
