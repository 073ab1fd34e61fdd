"""删除资料: what is stored of a person goes, when it may; the record that something was stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import units
from tests.conftest import ActorFor
from tests.factories import APPLICANT, NOW, answers, make_application, valid_identity
from volunteer_app.db import Base, start_writing, vault_of
from volunteer_app.domain.refusal import NotAllowed
from volunteer_app.domain.requests import LinkPurpose, RequestKind, RequestStatus
from volunteer_app.domain.vocabulary import DocumentKind, Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application, AuditEvent, Message, NameToken, RenewalWish
from volunteer_app.services import (
    attaching,
    correcting,
    counting,
    drafting,
    erasing,
    linking,
    nominating,
    outbox,
    requesting,
    reviewing,
)
from volunteer_app.services.attaching import JPEG, Upload
from volunteer_app.services.auditing import Actor

PERSON = {
    "name": "武晓峰",
    "phone": "13912345678",
    "email": "wuxiaofeng@example.com",
    "wechat": "wuxiaofeng_wx",
    "occupation": "会计师傅",
    "employer": "某某百货公司",
    "job_title": "主任科员",
    "address": "并州南路七号",
    "speciality": "食品检验二十年",
    "experience": "参加过调解",
    "ethnicity": "回族",
    "id_number": valid_identity(born=dt.date(1981, 12, 3)),
}


def erase(session: Session, application: Application, actor: Actor, now: dt.datetime = NOW) -> None:
    start_writing(session)
    erasing.erase(session, application, reason="本人要求", actor=actor, now=now)
    session.commit()


def full(session: Session) -> Application:
    """Rejected, with everything that can hang on it; committed."""
    application = make_application(session, status=Status.REJECTED, **PERSON)  # type: ignore[arg-type]
    start_writing(session)
    upload = Upload(
        kind=DocumentKind.PHOTO, filename="武晓峰.jpg", media_type=JPEG, content=b"x", pages=1
    )
    attaching.attach(session, upload, application, actor=APPLICANT, now=NOW)
    for kind in RequestKind:
        requesting.ask(session, application, kind, "我是武晓峰", actor=APPLICANT, now=NOW)
    linking.new_link(session, LinkPurpose.OWN_DATA, application=application, now=NOW, days=1)
    session.add(RenewalWish(application_id=application.id, asked_at=NOW))
    drafting.save_answers(
        session, "t" * 32, application.recruitment_id, {"name": "武晓峰"}, now=NOW
    )
    draft = drafting.find_draft(session, "t" * 32)
    assert draft is not None
    draft.renews_id = application.id
    decision = application.decisions[-1]
    decision.reason = "武晓峰材料不符"
    decision.seal_before({"employer": "某某百货公司"}, vault_of(session))
    session.commit()
    return application


def dump(session: Session) -> str:
    """Every value of every table but the audit, sealed ones opened as far as that is known."""
    session.rollback()
    rows = [
        repr(row)
        for table in Base.metadata.sorted_tables
        if table.name not in ("audit_event", "staff")
        for row in session.execute(sa.select(table))
    ]
    session.rollback()
    return "\n".join(rows)


def test_nothing_of_the_person_is_left_in_any_table(session: Session, actor_for: ActorFor) -> None:
    application = full(session)
    before = dump(session)
    clear = [value for name, value in PERSON.items() if name not in _SEALED]
    assert all(value in before for value in clear)
    indexes = (application.id_number_index, application.phone_index)
    sealed = [application.open(name, vault_of(session)) for name in _SEALED]
    assert sealed == [PERSON[name] for name in _SEALED]

    erase(session, application, actor_for(Role.ADMIN))

    after = dump(session)
    assert [value for value in [*clear, "1981", "12, 3"] if value in after] == []
    assert [index for index in indexes if repr(index) in after] == []
    session.expire_all()
    found = session.get_one(Application, application.id)
    vault = vault_of(session)
    assert [found.open(name, vault) for name in _SEALED] == ["", "", "", ""]
    assert {each.open_words(vault) for each in found.requests} == {""}
    for table in ("attachment", "private_link", "renewal_wish", "draft", "name_token"):
        count = sa.select(sa.func.count()).select_from(Base.metadata.tables[table])
        assert session.scalar(count) == 0


_SEALED = ("id_number", "phone", "email", "wechat")


def test_what_happened_and_the_counts_stay(session: Session, actor_for: ActorFor) -> None:
    application = full(session)
    counted = counting.counts(session, application.recruitment_id, None)
    reference = application.reference

    erase(session, application, actor_for(Role.ADMIN))

    assert (application.reference, application.status) == (reference, Status.REJECTED)
    assert [each.move for each in application.decisions] == ["submit", "reject"]
    assert counting.counts(session, application.recruitment_id, None) == counted
    assert counting.recount(session) == 0
    states = {each.kind: each.status for each in application.requests}
    assert states == {
        RequestKind.SECOND_LOOK: RequestStatus.DECLINED,
        RequestKind.CORRECTION: RequestStatus.DECLINED,
        RequestKind.DELETION: RequestStatus.GRANTED,
    }


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.AWAITING_APPROVAL])
def test_what_is_undecided_is_not_erased(
    session: Session, actor_for: ActorFor, status: Status
) -> None:
    application = make_application(session, status=status)

    with pytest.raises(NotAllowed, match="请先由本人撤回"):
        erase(session, application, actor_for(Role.ADMIN))


@pytest.mark.parametrize(
    ("on", "erased"), [(dt.date(2039, 8, 31), False), (dt.date(2039, 9, 1), True)]
)
def test_a_service_record_is_kept_for_ten_years(
    session: Session, actor_for: ActorFor, on: dt.date, erased: bool
) -> None:
    application = make_application(session, status=Status.APPROVED)
    assert application.appointment is not None
    assert application.appointment.ends_on == dt.date(2029, 8, 31)
    now = dt.datetime.combine(on, dt.time(12), tzinfo=NOW.tzinfo)

    if not erased:
        with pytest.raises(NotAllowed, match="2039年8月31日"):
            erase(session, application, actor_for(Role.ADMIN), now)
        return
    erase(session, application, actor_for(Role.ADMIN), now)

    assert (application.name, application.appointment.serial) == ("已删除", 1)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.APPROVER])
def test_only_an_administrator_erases(session: Session, actor_for: ActorFor, role: Role) -> None:
    application = make_application(session, status=Status.WITHDRAWN)

    with pytest.raises(NotAllowed, match="由管理员删除"):
        erase(session, application, actor_for(role))


def test_what_was_erased_is_not_opened_again(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session, status=Status.REJECTED)
    erase(session, application, actor_for(Role.ADMIN))
    move = find_move("reopen", Status.REJECTED)
    assert move is not None
    approver = actor_for(Role.APPROVER)
    start_writing(session)

    with pytest.raises(NotAllowed, match="已经删除"):
        reviewing.make_move(session, application, move, actor=approver, now=NOW, reason="再看")


def test_another_application_of_the_person_stays_as_it_is(
    session: Session, actor_for: ActorFor
) -> None:
    given: dict[str, Any] = {"id_number": valid_identity(), "name": "武晓峰"}
    gone = make_application(session, status=Status.WITHDRAWN, **given)
    kept = make_application(session, **given)

    erase(session, gone, actor_for(Role.ADMIN))

    session.refresh(kept)
    assert kept.name == "武晓峰"
    tokens = sa.select(NameToken.application_id).distinct()
    assert session.scalars(tokens).all() == [kept.id]


def test_what_a_unit_wrote_of_the_person_goes_too(session: Session, actor_for: ActorFor) -> None:
    recommendation = units.proven(session, count=1)
    [nominee] = recommendation.nominees
    application = nominee.application
    assert application is not None
    name, code = nominee.name, recommendation.content_code
    start_writing(session)
    correcting.withdraw(session, application, actor=APPLICANT, now=NOW)
    session.commit()

    erase(session, application, actor_for(Role.ADMIN))

    assert name not in dump(session)
    assert nominee.open_answers(vault_of(session)) == {}
    assert recommendation.content_code == code


def test_a_message_of_an_erased_person_is_not_put_back(
    session: Session, actor_for: ActorFor
) -> None:
    application = make_application(session, status=Status.REJECTED, email="")
    erase(session, application, actor_for(Role.ADMIN))
    start_writing(session)
    messages = session.scalars(sa.select(Message)).all()
    assert messages

    for message in messages:
        with pytest.raises(NotAllowed, match="资料已删除"):
            outbox.send_again(session, message, actor=actor_for(Role.REVIEWER), now=NOW)


def test_the_unit_is_told_a_row_and_not_a_name(session: Session, actor_for: ActorFor) -> None:
    recommendation = units.proven(session, count=1)
    [nominee] = recommendation.nominees
    application = nominee.application
    assert application is not None
    number = application.open("id_number", vault_of(session))
    corrected = answers(id_number=number, name="武晓峰")
    start_writing(session)
    nominating.confirm(session, nominee, corrected, actor=APPLICANT, now=NOW)
    assert recommendation.return_reason.startswith("第1行的本人确认时改正了姓名")
    recommendation.return_reason += "武晓峰"  # as it was written once
    correcting.withdraw(session, application, actor=APPLICANT, now=NOW)
    session.commit()

    erase(session, application, actor_for(Role.ADMIN))

    session.refresh(recommendation)
    assert recommendation.return_reason.endswith("已删除")


def test_the_reason_of_a_correction_goes_with_the_person(
    session: Session, actor_for: ActorFor
) -> None:
    application = make_application(session, status=Status.REJECTED)
    start_writing(session)
    correcting.amend(
        session, application, {"occupation": "会计"}, reason="武晓峰来电话",
        actor=actor_for(Role.APPROVER), now=NOW,
    )  # fmt: skip
    session.commit()

    erase(session, application, actor_for(Role.ADMIN))

    assert "武晓峰来电话" not in dump(session)
    events = session.scalars(sa.select(AuditEvent)).all()
    assert [each for each in events if "武晓峰来电话" in repr(each.detail)] == []
