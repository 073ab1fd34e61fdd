"""One person whom two units name: neither sees, changes or ends what the other brought."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.units import PERSON, UNIT, begin, confirm_in_person, handed_in, nominee
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.vocabulary import Declaration, Status, Verdict
from volunteer_app.models import Nominee
from volunteer_app.services import handing_in, nominating, recommending


def named_twice(session: Session) -> tuple[Nominee, Nominee]:
    """One person whom two units name, with what each wrote."""
    [first] = handed_in(session, count=1).nominees
    second = begin(session, count=0, unit_name="大同市质量协会")
    start_writing(session)
    number = first.open_answers(vault_of(session))["id_number"]
    other = nominee(id_number=number, occupation="会计", phone="13911112222")
    recommending.add_nominees(session, second, [other], actor=UNIT, now=NOW)
    handing_in.hand_in(session, second, actor=UNIT, now=NOW)
    session.commit()
    return first, second.nominees[0]


def test_a_second_unit_s_link_neither_shows_nor_changes_the_first_one_s(session: Session) -> None:
    first, second = named_twice(session)
    confirm_in_person(session, first, occupation="工程师")
    assert first.application is second.application

    shown = nominating.answers_for(session, second)
    confirm_in_person(session, second, occupation="律师")

    assert shown["occupation"] == "会计"
    assert first.application is not None
    assert first.application.occupation == "工程师"


def test_confirming_a_second_unit_is_not_the_word_for_the_first(session: Session) -> None:
    first, second = named_twice(session)

    confirm_in_person(session, second)

    assert first.application is not None
    assert first.application.declared is None
    assert first.application.outcome is Verdict.PENDING


def test_declining_a_second_unit_leaves_the_first(session: Session) -> None:
    first, second = named_twice(session)
    start_writing(session)

    nominating.decline(session, second, actor=PERSON, now=NOW)

    assert first.application is not None
    assert first.application.status is Status.SUBMITTED


def test_declining_the_first_leaves_the_second_with_its_own_words(session: Session) -> None:
    first, second = named_twice(session)
    start_writing(session)

    nominating.decline(session, first, actor=PERSON, now=NOW)
    session.commit()

    assert second.application is not None
    assert second.application.status is Status.SUBMITTED
    assert second.application.occupation == "会计"
    confirm_in_person(session, second)
    assert second.application.declared == frozenset(Declaration)
