"""Letters leave: once, or later, or never with the server's words; nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.commands import free_port
from tests.conftest import Clock
from tests.factories import APPLICANT, NOW, make_application
from tests.mail_server import SENDER, PostOffice, post_office, server_at, silent_server
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.vocabulary import Status
from volunteer_app.mail import MailServer
from volunteer_app.models import Message
from volunteer_app.services import correcting, delivering, nominating


@pytest.fixture
def mail() -> Iterator[tuple[PostOffice, MailServer]]:
    with post_office() as found:
        yield found


@pytest.fixture
def office(mail: tuple[PostOffice, MailServer]) -> PostOffice:
    return mail[0]


@pytest.fixture
def server(mail: tuple[PostOffice, MailServer]) -> MailServer:
    return mail[1]


def deliver_all(app: Flask, server: MailServer) -> int:
    count = 0
    while deliver_next(app, server):
        count += 1
    return count


def messages(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(sa.select(Message).order_by(Message.id)))


def only(session: Session) -> Message:
    [message] = messages(session)
    return message


def test_a_letter_is_sent_once_and_marked(
    app: Flask, session: Session, office: PostOffice, server: MailServer
) -> None:
    application = make_application(session, name="乔秀兰", email="qiao@example.com")

    assert deliver_all(app, server) == 1
    assert deliver_all(app, server) == 0

    message, [letter] = only(session), office.letters
    assert (message.status, message.sent_at) == (MessageStatus.SENT, NOW)
    assert (message.attempts, message.leased_until, message.error) == (1, None, "")
    assert office.recipients == ["qiao@example.com"]
    assert letter["Subject"] == f"报名已收到，编号{application.reference}"
    assert str(letter["From"]) == f"山西省消费者协会 <{SENDER}>"
    assert letter["Message-ID"] == f"<{message.slug}.1@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert "乔秀兰，您好：" in letter.get_content()


@pytest.mark.parametrize("place", ["at_rcpt", "at_data"])
def test_a_server_that_is_busy_delays(
    app: Flask,
    session: Session,
    clock: Clock,
    office: PostOffice,
    server: MailServer,
    place: str,
) -> None:
    make_application(session)
    setattr(office, place, "451 4.3.0 try again later")

    deliver_all(app, server)

    message = only(session)
    assert message.status is MessageStatus.WAITING
    assert message.error == "451 4.3.0 try again later"
    assert message.next_try_at == NOW + dt.timedelta(minutes=1)
    setattr(office, place, "250 OK")
    clock.at += dt.timedelta(seconds=59)
    assert deliver_all(app, server) == 0
    clock.at += dt.timedelta(seconds=1)
    deliver_all(app, server)
    message = only(session)
    assert (message.status, message.attempts, message.error) == (MessageStatus.SENT, 2, "")
    assert len(office.letters) == 1


@pytest.mark.parametrize("place", ["at_rcpt", "at_data"])
def test_a_refusal_for_good_keeps_the_servers_words_without_the_address(
    app: Flask, session: Session, office: PostOffice, server: MailServer, place: str
) -> None:
    make_application(session, email="qiao@example.com")
    setattr(office, place, "550 5.1.1 <Qiao@example.com>: no such mailbox")

    deliver_all(app, server)

    message = only(session)
    assert message.status is MessageStatus.FAILED
    assert message.error == "550 5.1.1 <（收件地址）>: no such mailbox"
    assert (message.sent_at, office.letters) == (None, [])


def test_a_server_that_hangs_up_after_the_text_delays_and_the_double_can_be_recognised(
    app: Flask, session: Session, clock: Clock, office: PostOffice, server: MailServer
) -> None:
    make_application(session)
    office.drops = True

    deliver_all(app, server)

    message = only(session)
    assert (message.status, message.error) == (MessageStatus.WAITING, "服务器中断了连接")
    office.drops = False
    clock.at += dt.timedelta(minutes=1)
    deliver_all(app, server)
    assert only(session).status is MessageStatus.SENT
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_nobody_at_the_port_delays(app: Flask, session: Session) -> None:
    make_application(session)

    deliver_all(app, server_at(free_port()))

    message = only(session)
    assert message.status is MessageStatus.WAITING
    assert message.error.startswith("连不上服务器：")


@pytest.mark.parametrize("drip", [b"", b"2"])
def test_a_server_that_hangs_is_left_in_time(app: Flask, session: Session, drip: bytes) -> None:
    make_application(session)
    started = time.monotonic()

    with silent_server(drip=drip) as port:
        deliver_all(app, server_at(port, longest=2.0))

    assert time.monotonic() - started < 6
    message = only(session)
    assert (message.status, message.leased_until) == (MessageStatus.WAITING, None)
    assert message.error


def test_after_the_last_wait_it_is_left_to_staff(
    app: Flask, session: Session, clock: Clock, office: PostOffice, server: MailServer
) -> None:
    make_application(session)
    office.at_rcpt = "450 greylisted"
    waits = []

    while only(session).status is MessageStatus.WAITING:
        waits.append(only(session).next_try_at - clock.at)
        clock.at = only(session).next_try_at
        deliver_all(app, server)

    assert waits == [dt.timedelta(0), *delivering.BACK_OFF]
    message = only(session)
    assert (message.status, message.error) == (MessageStatus.FAILED, "450 greylisted")


def test_requests_are_not_held_up_by_a_letter_under_way(
    app: Flask, session: Session, office: PostOffice, server: MailServer
) -> None:
    make_application(session)
    office.seconds = 0.8

    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(deliver_next, app, server)
        while not office.letters:
            time.sleep(0.01)
        started = time.monotonic()
        make_application(session)
        took = time.monotonic() - started
        assert not under_way.done()

    assert took < 0.7


def test_pollers_at_once_send_each_letter_once(
    app: Flask, session: Session, office: PostOffice, server: MailServer
) -> None:
    for _person in range(12):
        make_application(session)

    with ThreadPoolExecutor(4) as pool:
        counts = [pool.submit(deliver_all, app, server) for _poller in range(4)]
        assert sum(count.result() for count in counts) >= 12

    assert len({letter["Message-ID"] for letter in office.letters}) == 12
    assert len(office.letters) == 12
    assert {message.status for message in messages(session)} == {MessageStatus.SENT}


def test_who_died_with_a_letter_in_hand_leaves_it_to_another_after_the_lease(
    app: Flask, session: Session, clock: Clock, office: PostOffice, server: MailServer
) -> None:
    make_application(session)
    start_writing(session)
    assert delivering.lease(session, now=clock()) is not None
    session.commit()

    assert deliver_all(app, server) == 0
    clock.at += delivering.LEASE
    assert deliver_all(app, server) == 1
    assert len(office.letters) == 1


def test_what_is_no_longer_true_is_not_sent(
    app: Flask, session: Session, office: PostOffice, server: MailServer
) -> None:
    application = make_application(session, status=Status.RETURNED)
    start_writing(session)
    correcting.withdraw(session, application, actor=APPLICANT, now=NOW)
    session.commit()

    deliver_all(app, server)

    assert {message.kind: message.status for message in messages(session)} == {
        "received": MessageStatus.CANCELLED,
        "returned": MessageStatus.CANCELLED,
        "withdrawn": MessageStatus.SENT,
    }
    assert office.subjects == [f"报名已撤回，编号{application.reference}"]


def test_old_news_wait_for_staff(
    app: Flask, session: Session, clock: Clock, office: PostOffice, server: MailServer
) -> None:
    """Mail that is set up in autumn does not send what was true in August."""
    make_application(session)
    clock.at += delivering.STALE + dt.timedelta(seconds=1)

    deliver_all(app, server)

    message = only(session)
    assert (message.status, message.error) == (MessageStatus.FAILED, delivering.STALE_WORDS)
    assert office.letters == []


def test_a_nominee_gets_the_private_link_and_no_receipt(
    app: Flask, session: Session, office: PostOffice, server: MailServer
) -> None:
    recommendation = units.proven(session, count=1)
    [nominee] = recommendation.nominees
    token = nominee.open_token(app.extensions["vault"])

    deliver_all(app, server)

    [letter] = office.letters
    assert "推荐您做消费维权志愿者，请本人确认" in letter["Subject"]
    assert f"http://127.0.0.1:8000/nominee/{token}\n" in letter.get_content()
    assert nominating.find_nominee(session, token) is not None


def test_a_nominee_who_answered_is_not_asked(
    app: Flask, session: Session, office: PostOffice, server: MailServer
) -> None:
    recommendation = units.proven(session, count=1)
    units.confirm_in_person(session, recommendation.nominees[0])

    deliver_all(app, server)

    assert [str(s).partition("，")[0] for s in office.subjects] == ["报名已收到"]
