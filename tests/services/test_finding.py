"""Lists by key and names by two characters: everybody once, in order, with constant work."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import (
    copy_applications,
    make_application,
    make_applications,
    make_staff,
    valid_identity,
)
from tests.services.statements import statements_of
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.terms import term_status
from volunteer_app.domain.vocabulary import Channel, Role, Status, TermStatus, Verdict
from volunteer_app.models import Appointment, Recruitment
from volunteer_app.services import counting, finding
from volunteer_app.services.finding import QueueFilter, RosterFilter


def found(session: Session, recruitment: Recruitment, **filters: Any) -> list[str]:
    """The names that a queue page with these filters shows."""
    query, key = finding.queue(
        QueueFilter(recruitment_id=recruitment.id, **filters), vault_of(session)
    )
    return [row.name for row in finding.page(session, query, key).rows]


NAMES = [
    "乔秀兰",
    "乔秀",
    "秀兰",
    "欧阳·𠮷",
    "阿依古丽·买买提",
    "䶮",
    "Anna Li",
    "兰秀乔",
    "秀秀秀",
]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("乔", ["乔秀兰", "乔秀", "兰秀乔"]),
        ("秀兰", ["乔秀兰", "秀兰"]),
        ("乔秀兰", ["乔秀兰"]),
        ("阳𠮷", ["欧阳·𠮷"]),
        ("阳·𠮷", ["欧阳·𠮷"]),
        ("𠮷", ["欧阳·𠮷"]),
        ("古丽买买", ["阿依古丽·买买提"]),
        ("䶮", ["䶮"]),
        ("anna", ["Anna Li"]),
        ("NA LI", ["Anna Li"]),
        ("秀秀", ["秀秀秀"]),
        (" 秀兰　", ["乔秀兰", "秀兰"]),
        ("张", []),
        ("兰乔", []),
        ("·", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_name_is_found_by_neighbouring_characters(
    session: Session, recruitment: Recruitment, text: str, names: list[str]
) -> None:
    for name in NAMES:
        make_application(session, name=name)

    assert found(session, recruitment, text=text) == names


def test_a_number_is_found_however_it_is_typed(session: Session, recruitment: Recruitment) -> None:
    number = valid_identity(born=dt.date(1980, 1, 1))
    application = make_application(session, name="李雷", id_number=number, phone="13912345678")
    make_application(session, name="韩梅")
    spoken = f"{number[:6]} {number[6:14]} {number[14:]}".lower()

    typed = [number, spoken, "13912345678", "139 1234 5678", "+86 139-1234-5678",
             application.reference, application.reference.lower().replace("-", "")]  # fmt: skip

    assert {text: found(session, recruitment, text=text) for text in typed} == {
        text: ["李雷"] for text in typed
    }
    assert found(session, recruitment, text="13912345679") == []
    assert found(session, recruitment, text="5678") == []


def test_a_passport_is_found_by_its_number(session: Session, recruitment: Recruitment) -> None:
    passport: dict[str, Any] = {"id_type": "passport", "birth_date": "1990-01-01", "gender": "male"}
    make_application(session, name="李雷", id_number="E12345678", **passport)
    make_application(session, name="韩梅", id_number="E12345679", **passport)

    assert found(session, recruitment, text="e1234-5678") == ["李雷"]


def test_filters_narrow_together(session: Session, recruitment: Recruitment) -> None:
    place: dict[str, Any] = {"region": "140200", "county": "140213"}
    make_application(session, name="甲")
    make_application(session, name="乙", **place)
    make_application(session, name="丙", status=Status.REJECTED, **place)
    make_application(session, name="丁", education="junior_high", human_review=True, **place)
    make_application(session, name="戊", channel=Channel.PAPER, **place)

    def names(**filters: Any) -> list[str]:
        return found(session, recruitment, **filters)

    assert names() == ["甲", "乙", "丙", "丁", "戊"]
    assert names(region="140200") == ["乙", "丙", "丁", "戊"]
    assert names(region="140200", status=Status.REJECTED) == ["丙"]
    assert names(outcome=Verdict.FAIL) == ["丁"]
    assert names(channel=Channel.PAPER) == ["戊"]
    assert names(channel=Channel.PAPER, text="乙") == []
    assert found(session, Recruitment(id=recruitment.id + 1)) == []


@pytest.mark.parametrize("text", ["", "秀"])
def test_keyset_pages_visit_everybody_once_forwards_and_back(
    session: Session, recruitment: Recruitment, text: str
) -> None:
    make_applications(session, 7, name="秀兰")
    query, key = finding.queue(
        QueueFilter(recruitment_id=recruitment.id, text=text), vault_of(session)
    )
    everybody = [row.reference for row in finding.page(session, query, key).rows]
    assert len(everybody) == 7

    def page(**place: int | None) -> finding.Page:
        return finding.page(session, query, key, size=3, **place)

    pages = [page()]
    while pages[-1].has_next:
        pages.append(page(after=finding.id_of(session, pages[-1].rows[-1].reference)))
    assert [row.reference for each in pages for row in each.rows] == everybody
    assert [len(each.rows) for each in pages] == [3, 3, 1]
    assert [each.has_previous for each in pages] == [False, True, True]

    back = page(before=finding.id_of(session, pages[-1].rows[0].reference))
    assert [row.reference for row in back.rows] == everybody[3:6]
    assert (back.has_previous, back.has_next) == (True, True)
    first = page(before=finding.id_of(session, back.rows[0].reference))
    assert [row.reference for row in first.rows] == everybody[:3]
    assert first.has_previous is False


def test_the_last_full_page_has_no_next_one(session: Session, recruitment: Recruitment) -> None:
    make_applications(session, 3)
    query, key = finding.queue(QueueFilter(recruitment_id=recruitment.id), vault_of(session))

    assert finding.page(session, query, key, size=3).has_next is False
    assert finding.page(session, query, key, size=2).has_next is True


def test_neighbours_are_those_of_the_list(session: Session, recruitment: Recruitment) -> None:
    first = make_application(session, name="秀兰")
    make_application(session, name="李雷")
    third = make_application(session, name="秀英")
    query, key = finding.queue(
        QueueFilter(recruitment_id=recruitment.id, text="秀"), vault_of(session)
    )

    def neighbour(of: int, *, forward: bool) -> str | None:
        return finding.neighbour(session, query, key, of, forward=forward)

    assert neighbour(first.id, forward=True) == third.reference
    assert neighbour(third.id, forward=False) == first.reference
    assert neighbour(third.id, forward=True) is None
    assert neighbour(first.id, forward=False) is None


def test_staff_of_a_prefecture_see_only_theirs(session: Session) -> None:
    here = make_application(session, region="140200", county="140213")
    there = make_application(session, region="140100", county="140105")

    def seen(region: str | None) -> set[str]:
        staff = make_staff(session, Role.REVIEWER, region)
        return {each.reference for each in session.scalars(finding.visible_to(staff))}

    assert seen("140200") == {here.reference}
    assert seen(None) == {here.reference, there.reference}


@pytest.mark.parametrize(
    ("on", "terminated_on", "expected"),
    [
        (dt.date(2027, 8, 31), None, TermStatus.UPCOMING),
        (dt.date(2027, 9, 1), None, TermStatus.ACTIVE),
        (dt.date(2029, 8, 31), None, TermStatus.ACTIVE),
        (dt.date(2029, 9, 1), None, TermStatus.ENDED),
        (dt.date(2028, 1, 1), dt.date(2028, 1, 1), TermStatus.TERMINATED),
        (dt.date(2027, 12, 31), dt.date(2028, 1, 1), TermStatus.ACTIVE),
        (dt.date(2030, 1, 1), dt.date(2028, 1, 1), TermStatus.TERMINATED),
        (dt.date(2027, 8, 1), dt.date(2028, 1, 1), TermStatus.UPCOMING),
    ],
)
def test_database_and_domain_say_the_same_of_a_term(
    session: Session, on: dt.date, terminated_on: dt.date | None, expected: TermStatus
) -> None:
    appointment = make_application(session, status=Status.APPROVED).appointment
    assert appointment is not None
    start_writing(session)
    appointment.terminated_on = terminated_on
    session.commit()

    def roster(status: TermStatus) -> int:
        query, key = finding.roster(
            RosterFilter(on=on, status=status), vault_of(session), [Appointment.id]
        )
        return len(finding.page(session, query, key).rows)

    assert appointment.status(on) is expected
    assert term_status(appointment.starts_on, appointment.ends_on, terminated_on, on) is expected
    assert [status for status in TermStatus if roster(status)] == [expected]


def test_work_does_not_grow_with_how_many_there_are(
    app: Flask, session: Session, recruitment: Recruitment
) -> None:
    recruitment_id, vault = recruitment.id, vault_of(session)

    def asked() -> list[str]:
        with statements_of(app) as sent:
            for text in ("", "秀兰", "13900000000"):
                filters = QueueFilter(recruitment_id=recruitment_id, text=text)
                query, key = finding.queue(filters, vault)
                finding.page(session, query, key)
            counting.counts(session, recruitment_id, None)
        return [statement for statement in sent if statement != "BEGIN"]

    make_applications(session, 10, name="秀兰")
    few = asked()
    copy_applications(session, 990)
    many = asked()

    assert len(found(session, recruitment, text="秀兰")) == 50
    assert len(few) == 4
    assert many == few
