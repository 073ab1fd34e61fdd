"""Every message has its letter, which says what is needed, and nothing that does not belong."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.factories import APPLICANT, NOW, make_application, make_staff
from volunteer_app.db import start_writing
from volunteer_app.documents import letters
from volunteer_app.documents.letters import Facts, Letter, envelope, write
from volunteer_app.domain import wording
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.requests import RequestKind
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.domain.workflow import MOVES
from volunteer_app.models import Application, Appointment, Message
from volunteer_app.services import certifying, disclosing, requesting, resuming
from volunteer_app.services.auditing import Actor, staff_actor
from volunteer_app.web.letters import enclosed, letter_of

FACTS = Facts(
    name="乔秀兰",
    reference="K7M4-2RQX-9",
    recruitment="2027年招募",
    association="山西省消费者协会",
    contact="写信到office@example.com",
    mailbox="office@example.com",
    look_up="https://volunteer.example.org/status/",
)
STATUS = {
    MessageKind.RECEIVED: Status.SUBMITTED,
    MessageKind.RETURNED: Status.RETURNED,
    MessageKind.APPROVED: Status.APPROVED,
    MessageKind.REJECTED: Status.REJECTED,
    MessageKind.WITHDRAWN: Status.WITHDRAWN,
}
KINDS = [
    *STATUS,
    MessageKind.CONFIRM_NOMINATION,
    MessageKind.OWN_DATA,
    MessageKind.ANSWERED,
    MessageKind.CERTIFICATE,
]


def written(app: Flask, session: Session, kind: MessageKind) -> tuple[Application, Letter]:
    """The letter of that kind about somebody of the factory."""
    if kind is MessageKind.CONFIRM_NOMINATION:
        units.proven(session, count=1)
    elif kind is MessageKind.CERTIFICATE:
        issued_anew(session)
    elif kind in STATUS:
        make_application(session, status=STATUS[kind])
    else:
        _about_own_data(session, kind)
    message = session.scalars(sa.select(Message).where(Message.kind == kind.value)).one()
    assert message.application is not None
    return message.application, letter_of(app, session, message, now=NOW)[1]


def _about_own_data(session: Session, kind: MessageKind) -> None:
    """The link to everything, or the answer to a request."""
    application = make_application(session)
    approver = staff_actor(make_staff(session, Role.APPROVER))
    start_writing(session)
    if kind is MessageKind.OWN_DATA:
        disclosing.send_link(session, application, actor=APPLICANT, now=NOW)
    else:
        asked = requesting.ask(
            session, application, RequestKind.CORRECTION, "请改", actor=APPLICANT, now=NOW
        )
        requesting.answer(session, asked, granted=False, words="核对不上", actor=approver, now=NOW)
    session.commit()


def issued_anew(session: Session) -> None:
    reference = make_application(session, status=Status.APPROVED).reference
    start_writing(session)
    term = session.scalars(sa.select(Appointment)).one()
    actor = Actor(name=f"staff:{reference}")
    certifying.reissue(session, term, replaces=term.code, reason="遗失", actor=actor, now=NOW)
    session.commit()


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_says_about_what_where_to_look_and_whom_to_ask(
    app: Flask, session: Session, kind: MessageKind
) -> None:
    application, letter = written(app, session, kind)

    assert letter.subject
    assert "\n" not in letter.subject
    for needed in (
        application.name,
        application.reference,
        application.recruitment.title,
        "http://127.0.0.1:8000/status/",
        "山西省消费者协会",
        "sxxsjdb@163.com",
    ):
        assert needed in letter.text
    assert "\n\n\n" not in letter.text
    assert not re.search(r"[{}%]|None|Undefined", letter.text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_has_a_number_of_the_person(
    app: Flask, session: Session, kind: MessageKind
) -> None:
    application, letter = written(app, session, kind)
    vault = app.extensions["vault"]

    for column in ("id_number", "phone"):
        number = application.open(column, vault)
        assert number not in letter.text
    assert application.id_number_last4 not in letter.text.replace(application.reference, "")


def test_the_letters_say_the_officers_words_and_until_when(app: Flask, session: Session) -> None:
    _application, returned = written(app, session, MessageKind.RETURNED)

    assert returned.subject.startswith("报名需要补正，请在2027年8月19日前办好")
    assert "工作人员说明：材料与填写的不一致" in returned.text
    assert "要补正的内容：职业" in returned.text
    assert "期限：2027年8月19日" in returned.text


def test_a_rejection_gives_its_reason(app: Flask, session: Session) -> None:
    _application, rejected = written(app, session, MessageKind.REJECTED)

    assert "原因：材料与填写的不一致" in rejected.text


def test_an_approval_says_the_term(app: Flask, session: Session) -> None:
    application, approved = written(app, session, MessageKind.APPROVED)
    term = application.appointment

    assert term is not None
    assert f"聘期：{term.starts_on.year}年{term.starts_on.month}月" in approved.text


def test_every_move_that_tells_has_a_kind() -> None:
    told = {move.message for move in MOVES if move.message}

    assert told <= {kind.value for kind in MessageKind}


def test_an_unknown_placeholder_is_found() -> None:
    assert wording.unknown("{姓名}，您的{昵称}和{ 姓名 }，{昵称}") == ["昵称", " 姓名 "]
    assert wording.unknown("多了一个}") == ["}"]
    assert wording.unknown("{姓名}") == []


def test_every_file_uses_known_placeholders_only() -> None:
    files = [path for path in letters._FOLDER.iterdir() if path.suffix == ".txt"]

    assert len(files) > len(KINDS)
    assert {path.name: wording.unknown(path.read_text("utf-8")) for path in files} == {
        path.name: [] for path in files
    }


def test_a_line_without_its_value_is_left_out() -> None:
    text = wording.fill("{姓名}：\n\n原因：{说明}\n\n再见", dataclasses.asdict(FACTS))

    assert text == "乔秀兰：\n\n再见\n"


def test_what_people_wrote_stays_text() -> None:
    hostile = dataclasses.replace(
        FACTS, name="<b>&乔{{ reference }}", reason='第一行\nBcc: all@example.com\n"引号"'
    )

    letter = write(letters.standard(MessageKind.REJECTED), hostile)

    assert "<b>&乔{{ reference }}，您好" in letter.text
    assert 'Bcc: all@example.com\n"引号"' in letter.text


def test_nothing_becomes_a_header() -> None:
    hostile = dataclasses.replace(
        FACTS,
        name="乔\r\nBcc: all@example.com",
        unit="某单位\r\nBcc: all@example.com",
        association="协会\r\nBcc: all@example.com",
        private_link="https://volunteer.example.org/nominee/x",
    )
    letter = write(letters.standard(MessageKind.CONFIRM_NOMINATION), hostile)

    message = envelope(
        letter,
        hostile,
        sender="volunteer@example.org",
        recipient="qiao@example.com",
        name="abc.1",
        at=dt.datetime(2027, 8, 12, tzinfo=dt.UTC),
    )

    assert message["Bcc"] is None
    headers = message.as_bytes().partition(b"\n\n")[0]
    assert b"\nBcc" not in headers
    assert message.get_content_charset() == "utf-8"


def test_an_address_with_a_new_line_is_refused() -> None:
    letter = write(letters.standard(MessageKind.RECEIVED), FACTS)

    with pytest.raises(ValueError, match=r"line|CR or LF"):
        envelope(
            letter,
            FACTS,
            sender="volunteer@example.org",
            recipient="qiao@example.com\r\nBcc: all@example.com",
            name="abc.1",
            at=dt.datetime(2027, 8, 12, tzinfo=dt.UTC),
        )


def test_a_link_to_go_on_says_until_when_it_is_good(app: Flask, session: Session) -> None:
    units.begin(session, email="office@example.com")
    start_writing(session)
    resuming.send_links(session, "office@example.com", actor=APPLICANT, now=NOW)
    session.commit()
    message = session.scalars(sa.select(Message)).one()

    letter = letter_of(app, session, message, now=NOW)[1]

    assert letter.subject == "继续办理的链接（2027年度招募）"
    for needed in ("段志强，您好", "单位推荐：太原市消费研究中心", "/link/", "2027年9月10日"):
        assert needed in letter.text
    assert not re.search(r"[{}%]|None|Undefined", letter.text)


def test_a_letter_about_a_new_certificate_claims_no_enclosure_where_there_is_none(
    app: Flask, session: Session
) -> None:
    _application, letter = written(app, session, MessageKind.CERTIFICATE)
    assert "邮件里也附了一份" in letter.text
    start_writing(session)
    session.scalars(sa.select(Appointment)).one().terminated_on = NOW.date()
    session.commit()
    message = session.scalars(sa.select(Message).where(Message.kind == "certificate")).one()

    assert enclosed(app, session, message, now=NOW) == {}
    assert "附" not in letter_of(app, session, message, now=NOW)[1].text
