"""聘书 in the mail: the letter of an approval brings it, as it is when the letter leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import ActorFor, Clock
from tests.documents.reading import pages, positions
from tests.factories import NOW, make_application
from tests.mail_server import PostOffice, post_office
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.terms import day_of
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.mail import MailServer
from volunteer_app.models import Appointment
from volunteer_app.services import certifying


@pytest.fixture
def mail() -> Iterator[tuple[PostOffice, MailServer]]:
    with post_office() as found:
        yield found


def delivered(app: Flask, mail: tuple[PostOffice, MailServer]) -> dict[str, EmailMessage]:
    """What came in, by the beginning of its subject."""
    office, server = mail
    while deliver_next(app, server):
        pass
    return {str(letter["Subject"]).partition("，")[0]: letter for letter in office.letters}


def only_term(session: Session) -> Appointment:
    start_writing(session)
    return session.scalars(sa.select(Appointment)).one()


def enclosed(letter: EmailMessage) -> list[EmailMessage]:
    return list(letter.iter_attachments())


def words(letter: EmailMessage) -> str:
    body = letter.get_body()
    assert body is not None
    text: str = body.get_content()
    return text


def test_the_letter_of_an_approval_brings_the_certificate(
    app: Flask, session: Session, mail: tuple[PostOffice, MailServer]
) -> None:
    application = make_application(session, status=Status.APPROVED, name="乔秀兰")
    term = application.appointment
    assert term is not None

    letter = delivered(app, mail)["报名已通过"]

    [certificate] = enclosed(letter)
    assert certificate.get_content_type() == "application/pdf"
    assert certificate.get_filename() == "聘书.pdf"
    assert b"filename*=utf-8''%E8%81%98%E4%B9%A6.pdf" in certificate.as_bytes()
    [page] = pages(certificate.get_content())
    positions(page, ["乔秀兰同志：", "自2027年9月1日起至2029年8月31日止。", term.number, term.code])
    assert "聘书可以在“查询进度”里下载、打印" in words(letter)
    assert f"别人可以在这里查验：http://127.0.0.1:8000/verify/{term.code}\n" in words(letter)


def test_other_letters_bring_nothing(
    app: Flask, session: Session, mail: tuple[PostOffice, MailServer]
) -> None:
    make_application(session, status=Status.APPROVED)

    first = delivered(app, mail)
    make_application(session, status=Status.REJECTED)

    assert first.keys() == {"报名已通过"}
    assert enclosed(delivered(app, mail)["报名审核结果"]) == []


def test_nobody_is_congratulated_whose_term_was_ended_meanwhile(
    app: Flask, session: Session, mail: tuple[PostOffice, MailServer]
) -> None:
    make_application(session, status=Status.APPROVED)
    only_term(session).terminated_on = day_of(NOW)
    session.commit()

    assert delivered(app, mail) == {}


def test_a_new_certificate_goes_out_with_its_own_code(
    app: Flask,
    session: Session,
    mail: tuple[PostOffice, MailServer],
    actor_for: ActorFor,
    clock: Clock,
) -> None:
    approver = actor_for(Role.APPROVER)
    make_application(session, status=Status.APPROVED)
    term = only_term(session)
    old, clock.at = term.code, NOW + dt.timedelta(days=40)
    certifying.reissue(session, term, replaces=old, reason="遗失", actor=approver, now=clock())
    session.commit()

    letters = delivered(app, mail)

    [page] = pages(enclosed(letters["聘书已换发"])[0].get_content())
    assert old not in page
    positions(page, [term.number, term.code, "2027年9月21日"])
    assert term.code in words(letters["聘书已换发"])
    assert "遗失" not in words(letters["聘书已换发"])
