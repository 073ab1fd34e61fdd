"""The applicant's own page: found by two things one knows, corrected, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import ActorFor, Clock
from tests.factories import NOW, make_application, valid_identity
from tests.web.applicants import apply_online, look_up, pass_an_hour
from volunteer_app.db import start_writing
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import DocumentKind, Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application
from volunteer_app.services import reviewing


def current(session: Session, application: Application) -> Application:
    session.rollback()
    session.expire_all()
    return session.get_one(Application, application.id)


def test_the_receipt_leads_to_the_progress(client: Client) -> None:
    reference, given = apply_online(client)

    page = look_up(client, reference.lower().replace("-", " "), given["id_number"])

    assert page.title.startswith("待审核：报名进度")
    assert "乔*兰" in page.text
    assert "乔秀兰" not in page.text


@pytest.mark.parametrize("wrong", ["reference", "last4", "both"])
def test_an_unknown_reference_and_a_wrong_tail_get_one_answer(
    client: Client, session: Session, wrong: str
) -> None:
    number = valid_identity(born=dt.date(1990, 3, 7), serial=7)
    application = make_application(session, id_number=number)
    reference = application.reference if wrong == "last4" else "K7M4-2RQX-9"
    tail = number if wrong == "reference" else "0000"

    page = look_up(client, reference, tail, status=422)

    assert page.errors == [
        "报名编号或证件号码后四位不对，请核对后再试。编号在提交成功的页面、回执和通知里。"
    ]


def test_a_reference_cannot_be_tried_for_ever_from_anywhere(app: Flask, session: Session) -> None:
    application = make_application(session)
    for _ in range(5):
        look_up(Client(app), application.reference, "0000", status=422)

    page = look_up(Client(app), application.reference, application.id_number_last4, status=429)

    assert page.heading == "操作太频繁"


def test_nobody_sees_progress_without_looking_it_up(client: Client) -> None:
    assert client.get("/status/progress", status=303).location == "/status/"


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.SUBMITTED, "正在审核"),
        (Status.AWAITING_APPROVAL, "正在复核"),
        (Status.RETURNED, "请在8月19日前补正，还有7天"),
        (Status.APPROVED, "聘期从2027年9月1日到2029年8月31日"),
        (Status.REJECTED, "工作人员说：“材料与填写的不一致”"),
        (Status.WITHDRAWN, "您已撤回这份报名"),
    ],
)
def test_the_progress_says_who_must_act(
    client: Client, session: Session, status: Status, says: str
) -> None:
    application = make_application(session, status=status)

    page = look_up(client, application.reference, application.id_number_last4)

    assert page.title.startswith(status.label)
    assert says in page.text


def test_words_between_officers_are_not_for_the_applicant(client: Client, session: Session) -> None:
    application = make_application(session, status=Status.AWAITING_APPROVAL)

    page = look_up(client, application.reference, application.id_number_last4)

    assert "转另一名工作人员复核" in page.text
    assert "材料与填写的不一致" not in page.text


def test_only_what_was_sent_back_is_open_and_goes_back_to_the_queue(
    client: Client, session: Session
) -> None:
    application = make_application(session, status=Status.RETURNED, fields=("occupation",))
    look_up(client, application.reference, application.id_number_last4)
    page = client.get("/status/correct")
    assert set(page.values()) == {"csrf_token", "occupation"}
    assert "材料与填写的不一致" in page.text

    page = client.submit(page, {"occupation": "会计"}, button="提交补正")

    assert page.title.startswith("待审核")
    corrected = current(session, application)
    assert (corrected.status, corrected.occupation) == (Status.SUBMITTED, "会计")


def test_a_field_that_was_not_sent_back_cannot_be_changed(client: Client, session: Session) -> None:
    application = make_application(session, status=Status.RETURNED, fields=("occupation",))
    look_up(client, application.reference, application.id_number_last4)
    values = list(client.get("/status/correct").values().items())

    client.post("/status/correct", [*values, ("name", "别人")], status=303)

    assert current(session, application).name == "乔秀兰"


def test_a_correction_of_the_number_is_read_like_the_first(
    client: Client, session: Session
) -> None:
    application = make_application(session, status=Status.RETURNED, fields=("id_number",))
    look_up(client, application.reference, application.id_number_last4)
    page = client.get("/status/correct")
    wrong = client.submit(page, {"id_number": "140105199003074127"}, button="提交补正", status=422)
    assert wrong.error_fields == {"id_number": "校验码不符，请核对最后一位"}

    client.submit(wrong, {"id_number": valid_identity(born=dt.date(1985, 1, 2))}, button="提交补正")

    assert current(session, application).birth_date == dt.date(1985, 1, 2)


def test_a_correction_may_come_after_the_closing_day_but_not_after_its_own(
    app: Flask, client: Client, clock: Clock, session: Session
) -> None:
    made = [
        make_application(session, status=Status.RETURNED, due_on=dt.date(2027, 9, 6))
        for _ in range(2)
    ]
    clock.at = dt.datetime(2027, 9, 6, 23, 59, tzinfo=SHANGHAI)
    look_up(client, made[0].reference, made[0].id_number_last4)
    client.submit(client.get("/status/correct"), {"occupation": "会计"}, button="提交补正")
    assert current(session, made[0]).status is Status.SUBMITTED

    late = Client(app)
    look_up(late, made[1].reference, made[1].id_number_last4)
    asked = late.get("/status/correct")
    clock.at = dt.datetime(2027, 9, 7, tzinfo=SHANGHAI)
    page = late.submit(asked, {"occupation": "会计"}, button="提交补正")
    assert "刚才填的补正没有提交" in page.text
    assert "补正期限已过" in page.text
    assert current(session, made[1]).status is Status.RETURNED


def test_withdrawing_asks_once_and_frees_the_place(client: Client, session: Session) -> None:
    reference, given = apply_online(client)
    look_up(client, reference, given["id_number"])
    asked = client.get("/status/withdraw")

    page = client.submit(asked, button="撤回报名")

    assert "您已撤回这份报名" in page.text
    assert client.get("/status/withdraw", status=303).location == "/status/progress"
    assert client.get("/apply/", status=303).location == "/apply/identity"
    again, _ = apply_online(client, id_number=given["id_number"])
    assert again != reference


def test_leaving_closes_the_own_page_on_a_shared_device(client: Client, session: Session) -> None:
    application = make_application(session)
    page = look_up(client, application.reference, application.id_number_last4)

    client.submit(page, button="离开，下次再查")

    assert client.get("/status/progress", status=303).location == "/status/"


def test_two_browsers_correct_and_withdraw_and_only_one_counts(
    app: Flask, client: Client, session: Session
) -> None:
    application = make_application(session, status=Status.RETURNED)
    other = Client(app)
    look_up(client, application.reference, application.id_number_last4)
    look_up(other, application.reference, application.id_number_last4)
    correction = client.get("/status/correct")
    other.submit(other.get("/status/withdraw"), button="撤回报名")

    page = client.submit(correction, {"occupation": "会计"}, button="提交补正")

    assert "您已撤回这份报名" in page.text
    moves = session.scalars(sa.text("select move from decision order by id")).all()
    assert moves == ["submit", "return", "withdraw"]


def test_words_with_an_extension_do_not_hide_what_is_to_be_corrected(
    client: Client, session: Session, actor_for: ActorFor
) -> None:
    application = make_application(session, status=Status.RETURNED)
    move = find_move("extend", Status.RETURNED)
    assert move is not None
    start_writing(session)
    reviewing.make_move(
        session,
        application,
        move,
        actor=actor_for(Role.REVIEWER),
        now=NOW,
        due_on=dt.date(2027, 8, 30),
        reason="内部备注",
    )
    session.commit()

    page = look_up(client, application.reference, application.id_number_last4)

    assert "工作人员说：“材料与填写的不一致”" in page.text
    assert "内部备注" not in page.text
    assert "内部备注" not in client.get("/status/correct").text


def test_a_number_sent_back_is_not_shown_and_may_stay(client: Client, session: Session) -> None:
    number = valid_identity()
    application = make_application(
        session, status=Status.RETURNED, fields=("id_number", "phone"), id_number=number
    )
    look_up(client, application.reference, number)
    page = client.get("/status/correct")
    assert number not in page.html
    assert f"登记的是**************{number[-4:]}，不改就留空。" in page.text
    back = client.submit(page, {"phone": "139"}, button="提交补正", status=422)
    assert back.error_fields == {"phone": "手机号码应为11位，您填了3位"}
    assert number not in back.html

    client.submit(back, {"phone": "13900000009"}, button="提交补正")

    corrected = current(session, application)
    assert (corrected.id_number_last4, corrected.phone_last4) == (number[-4:], "0009")


def test_a_proof_is_looked_at_again_when_its_speciality_changed(
    client: Client, session: Session, actor_for: ActorFor
) -> None:
    application = make_application(session, speciality="食品检验二十年。")
    reviewer = actor_for(Role.REVIEWER)
    start_writing(session)
    kind = DocumentKind.SPECIALITY_PROOF
    reviewing.mark_seen(session, application, kind, actor=reviewer, now=NOW)
    move = find_move("return", Status.SUBMITTED)
    assert move is not None
    reviewing.make_move(
        session,
        application,
        move,
        actor=reviewer,
        now=NOW,
        reason="请写详细",
        fields=["speciality"],
        due_on=dt.date(2027, 8, 30),
    )
    session.commit()
    assert current(session, application).has_seen(kind)
    session.rollback()
    look_up(client, application.reference, application.id_number_last4)

    client.submit(client.get("/status/correct"), {"speciality": "法律"}, button="提交补正")

    assert not current(session, application).has_seen(kind)


def test_a_correction_that_took_an_hour_is_not_lost(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = make_application(session, status=Status.RETURNED)
    client = Client(app)
    page = look_up(client, application.reference, application.id_number_last4)
    page = client.get(page.link("去补正"))
    given = {name: "农民" for name in page.values(button="提交补正") if name == "occupation"}
    assert given
    pass_an_hour(monkeypatch)

    page = client.submit(page, given, button="提交补正", status=401)
    assert "过了一个小时" in page.text
    page = client.submit(page, button="再试一次", status=401)
    assert page.values(button="再试一次")["occupation"] == "农民"
    other_tab = look_up(client, application.reference, application.id_number_last4)
    client.submit(page, button="再试一次")

    assert other_tab.heading == "报名进度"
    found = current(session, application)
    assert (found.status, found.occupation) == (Status.SUBMITTED, "农民")
