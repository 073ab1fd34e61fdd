"""聘书: found by its code, issued anew under its number, in the order of the roster."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind, MessageStatus
from volunteer_app.domain.refusal import AlreadyDecided, NotAllowed
from volunteer_app.domain.terms import day_of, start_of
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Appointment, AuditEvent, Message
from volunteer_app.services import certifying, delivering, erasing
from volunteer_app.services.finding import RosterFilter

TODAY = day_of(NOW)
DAY = dt.timedelta(days=1)


def appointed(session: Session, **given: Any) -> Appointment:
    """Loaded in a writer's turn."""
    reference = make_application(session, status=Status.APPROVED, **given).reference
    start_writing(session)
    found = session.scalars(sa.select(Appointment).order_by(Appointment.id.desc())).first()
    assert found is not None
    assert found.application.reference == reference
    return found


def letters(session: Session) -> list[Message]:
    kind = MessageKind.CERTIFICATE.value
    query = sa.select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(session.scalars(query))


def test_a_new_certificate_keeps_the_number_and_the_old_code_is_replaced(
    session: Session, actor_for: ActorFor
) -> None:
    approver = actor_for(Role.APPROVER)
    term = appointed(session)
    number, old = term.number, term.code

    new = certifying.reissue(
        session, term, replaces=old, reason="遗失", actor=approver, now=NOW + DAY
    )
    session.commit()

    assert (term.number, term.code) == (number, new.code)
    assert new.code != old
    first, second = term.certificates
    assert (first.code, first.replaced_at) == (old, NOW + DAY)
    assert (second.issued_at, second.reason, second.replaced_at) == (NOW + DAY, "遗失", None)
    assert second.issued_by is approver.staff
    [message] = letters(session)
    assert message.application is term.application
    event = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "reissue_certificate")
    ).one()
    assert (event.subject, event.detail) == (term.application.reference, {})


def test_who_left_no_address_gets_no_letter_but_a_new_certificate(
    session: Session, actor_for: ActorFor
) -> None:
    approver = actor_for(Role.APPROVER)
    term = appointed(session, email="")

    certifying.reissue(session, term, replaces=term.code, reason="遗失", actor=approver, now=NOW)

    assert letters(session) == []
    assert len(term.certificates) == 2


def test_of_two_who_replace_one_certificate_the_second_is_told(
    session: Session, actor_for: ActorFor
) -> None:
    approver = actor_for(Role.APPROVER)
    term = appointed(session)
    old = term.code
    certifying.reissue(session, term, replaces=old, reason="遗失", actor=approver, now=NOW)

    with pytest.raises(AlreadyDecided, match="刚才已经由别人换发"):
        certifying.reissue(session, term, replaces=old, reason="遗失", actor=approver, now=NOW)

    assert len(term.certificates) == 2


@pytest.mark.parametrize(
    ("from_day", "words"), [(TODAY + DAY, "请先撤销提前解聘"), (TODAY, "聘期已经提前结束")]
)
def test_no_new_certificate_once_an_early_end_is_recorded(
    session: Session, actor_for: ActorFor, from_day: dt.date, words: str
) -> None:
    approver = actor_for(Role.APPROVER)
    term = appointed(session)
    term.terminated_on = from_day
    session.flush()

    with pytest.raises(NotAllowed, match=words):
        certifying.reissue(
            session, term, replaces=term.code, reason="遗失", actor=approver, now=NOW
        )

    assert len(term.certificates) == 1
    assert certifying.in_force(term, TODAY) is (from_day > TODAY)


def test_of_an_erased_person_nothing_is_printed_or_issued(
    session: Session, actor_for: ActorFor
) -> None:
    """The reason of a new certificate goes too: staff may have named the person in it."""
    admin, long_after = actor_for(Role.ADMIN), dt.date(2039, 9, 2)
    term = appointed(session)
    reason = "姓名由乔秀蓝更正为乔秀兰"
    certifying.reissue(session, term, replaces=term.code, reason=reason, actor=admin, now=NOW)
    session.commit()
    filters = RosterFilter(on=long_after)
    assert certifying.count_printable(session, filters, on=long_after) == 1
    start_writing(session)
    now = start_of(long_after)

    erasing.erase(session, term.application, reason="期满", actor=admin, now=now)
    session.commit()

    assert [each.reason for each in term.certificates] == ["", ""]
    assert reason not in str(session.scalars(sa.select(AuditEvent.detail)).all())
    assert certifying.count_printable(session, filters, on=long_after) == 0
    assert not certifying.in_force(term, long_after)
    start_writing(session)
    with pytest.raises(NotAllowed, match="资料已按规定删除"):
        certifying.reissue(session, term, replaces=term.code, reason="遗失", actor=admin, now=now)


def test_a_code_is_found_in_any_spelling_and_nothing_else_is(session: Session) -> None:
    term = appointed(session)

    found = certifying.find_certificate(session, term.code.lower().replace("-", " "))

    assert found is term.certificates[0]
    for other in ("", "K7M4-2RQX-9", term.number, term.application.reference, "\0"):
        assert certifying.find_certificate(session, other) is None


def test_the_letter_about_a_certificate_is_dropped_when_another_follows_or_the_term_ends(
    session: Session, actor_for: ActorFor
) -> None:
    approver = actor_for(Role.APPROVER)
    term = appointed(session)
    for _ in range(2):
        certifying.reissue(
            session, term, replaces=term.code, reason="遗失", actor=approver, now=NOW
        )
    first, second = letters(session)

    assert delivering.superseded(session, first) == "后来又换发了一次，以最新的通知为准"
    assert delivering.superseded(session, second) is None
    term.terminated_on = TODAY + DAY
    assert delivering.undeliverable(session, second, now=NOW) is None
    assert delivering.undeliverable(session, second, now=NOW + DAY) == "聘期已经提前结束"
    assert delivering.outdated(session, second, now=NOW + DAY) == "聘期已经提前结束"
    assert second.status is MessageStatus.WAITING


def test_certificates_are_printed_in_the_order_of_the_roster_without_those_ended_early(
    session: Session,
) -> None:
    terms = [
        appointed(session, name=f"{family}某", region=region, county=county)
        for family, region, county in (
            ("甲", "140100", "140105"),
            ("乙", "140200", "140213"),
            ("丙", "140100", "140105"),
            ("丁", "140100", "140105"),
        )
    ]
    session.commit()
    start_writing(session)
    session.get_one(Appointment, terms[2].id).terminated_on = TODAY
    session.commit()
    everywhere, here = RosterFilter(on=TODAY), RosterFilter(on=TODAY, region="140100")

    def names(filters: RosterFilter, skip: int = 0, most: int = 10, on: dt.date = TODAY) -> str:
        found = certifying.some_printable(session, filters, on=on, skip=skip, most=most)
        return "".join(each.application.name[0] for each in found)

    assert names(everywhere) == "甲乙丁"
    assert names(everywhere, skip=1, most=1) == "乙"
    assert names(here) == "甲丁"
    assert names(RosterFilter(on=TODAY - DAY)) == "甲乙丁"
    assert names(RosterFilter(on=TODAY - DAY), on=TODAY - DAY) == "甲乙丙丁"
    assert certifying.count_printable(session, here, on=TODAY) == 2
    assert names(RosterFilter(on=TODAY, text="乙某")) == "乙"
