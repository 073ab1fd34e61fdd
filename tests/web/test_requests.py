"""请求: asked by the applicant, answered by staff, seen again by the applicant."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import Clock, StaffClient
from tests.factories import NOW, make_application
from tests.web.applicants import look_up, pass_an_hour
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.requests import RequestKind, RequestStatus
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Application, AuditEvent, Message, SubjectRequest
from volunteer_app.services import requesting
from volunteer_app.services.auditing import Actor
from volunteer_app.web.letters import letter_of

WORDS = "学历证书是2019年的，请看附件，号码140105199003074127。"
PERSON = Actor(name="applicant")


def opened(app: Flask, application: Application) -> tuple[Client, Page]:
    client = Client(app)
    return client, look_up(client, application.reference, application.id_number_last4)


def asked(
    session: Session, kind: RequestKind = RequestKind.SECOND_LOOK, **of: object
) -> SubjectRequest:
    """A request about a new application; committed."""
    status = Status.REJECTED if kind is RequestKind.SECOND_LOOK else Status.APPROVED
    application = make_application(session, **({"status": status} | of))  # type: ignore[arg-type]
    start_writing(session)
    made = requesting.ask(session, application, kind, WORDS, actor=PERSON, now=NOW)
    session.commit()
    return made


def current(session: Session, request: SubjectRequest) -> SubjectRequest:
    session.rollback()
    session.expire_all()
    return session.get_one(SubjectRequest, request.id)


def test_after_a_rejection_a_second_look_is_asked_for_once(app: Flask, session: Session) -> None:
    client, page = opened(app, make_application(session, status=Status.REJECTED))
    page = client.get(page.link("请再核对…"))
    assert "8月27日" in page.text

    page = client.submit(page, {"words": WORDS}, button="提交")

    assert "您提出：请再核对" in page.text
    assert "8月27日前答复" in page.text
    assert "请再核对…" not in page.links
    assert client.get("/status/requests/second_look", status=303).location == "/status/progress"
    stored = session.scalars(sa.select(SubjectRequest)).one()
    assert WORDS.encode() not in stored.words_sealed
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "ask"))
    assert WORDS not in str(event.detail)


def test_a_request_needs_words(app: Flask, session: Session) -> None:
    client, page = opened(app, make_application(session))
    page = client.get(page.link("请求更正资料…"))

    page = client.submit(page, {"words": " "}, button="提交", status=422)
    assert page.error_fields == {"words": "请填写哪一项要改，改成什么"}
    page = client.submit(page, {"words": "字" * 1001}, button="提交", status=422)

    assert "最多1000个字" in page.errors[0]
    assert page.values(button="提交")["words"] == "字" * 1001


def test_who_was_not_rejected_asks_for_no_second_look(app: Flask, session: Session) -> None:
    client, page = opened(app, make_application(session))

    assert "请再核对…" not in page.links
    assert client.get("/status/requests/second_look", status=303).location == "/status/progress"


def test_one_request_of_a_kind_is_open_at_a_time(app: Flask, session: Session) -> None:
    made = asked(session, RequestKind.DELETION)
    _client, page = opened(app, made.application)
    assert "请求更正资料…" in page.links
    assert "请求删除资料…" not in page.links


def test_a_second_press_is_told_that_it_was_asked(app: Flask, session: Session) -> None:
    application = make_application(session)
    client, page = opened(app, application)
    form = client.get(page.link("请求更正资料…"))
    client.submit(form, {"words": WORDS}, button="提交")

    page = client.submit(form, {"words": "再说一遍"}, button="提交", status=422)

    assert "还没有答复" in page.errors[0]
    assert page.values(button="提交")["words"] == "再说一遍"


def test_a_second_look_that_is_granted_opens_the_application_again(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    made = asked(session)
    approver = staff_client(Role.APPROVER)
    page = approver.get(f"/staff/requests/{made.slug}")
    assert WORDS in page.text

    approver.submit(page, {"words": "证书有效，重新审核"}, button="同意，重新审核")

    found = current(session, made)
    assert (found.status, found.application.status) == (RequestStatus.GRANTED, Status.SUBMITTED)
    assert found.application.decisions[-1].reason == "申请人请再核对。证书有效，重新审核"
    _client, page = opened(app, found.application)
    assert "请再核对：已办" in page.text
    assert "工作人员说：“证书有效，重新审核”" in page.text


def test_what_is_declined_needs_words_and_is_told(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    made = asked(session)
    approver = staff_client(Role.APPROVER)
    page = approver.get(f"/staff/requests/{made.slug}")
    page = approver.submit(page, button="不同意", status=422)
    assert page.error_fields == {"words": "不同意要写明理由，本人会看到"}

    approver.submit(page, {"words": "年龄超过规定"}, button="不同意")

    found = current(session, made)
    assert (found.status, found.application.status) == (RequestStatus.DECLINED, Status.REJECTED)
    kind = MessageKind.ANSWERED.value
    message = session.scalars(sa.select(Message).where(Message.kind == kind)).one()
    letter = letter_of(app, session, message, now=NOW)[1]
    assert "提出的请求（请再核对）已经有了答复" in letter.text
    assert "没有同意。年龄超过规定" in letter.text
    session.rollback()
    _client, page = opened(app, made.application)
    assert "年龄超过规定" in page.text
    assert "请再核对…" not in page.links


def test_who_rejected_does_not_take_the_second_look(
    session: Session, staff_client: StaffClient
) -> None:
    made = asked(session)
    rejecter = made.application.decisions[-1].staff
    assert rejecter is not None
    rejecter.role = Role.APPROVER
    session.commit()
    client = staff_client(Role.APPROVER, staff=rejecter)
    page = client.get(f"/staff/requests/{made.slug}")
    assert "请另一名复核员再核对" in page.text
    assert "同意，重新审核" not in page.html


def test_a_reviewer_sees_requests_and_answers_none(
    session: Session, staff_client: StaffClient
) -> None:
    made = asked(session)
    reviewer = staff_client(Role.REVIEWER)
    page = reviewer.get(f"/staff/requests/{made.slug}")

    assert "请求由复核员或管理员答复" in page.text
    reviewer.post(f"/staff/requests/{made.slug}", {}, status=403)


def test_two_answers_at_once_and_the_later_keeps_its_words(
    session: Session, staff_client: StaffClient
) -> None:
    made = asked(session, RequestKind.CORRECTION)
    first, second = staff_client(Role.APPROVER), staff_client(Role.APPROVER)
    late = second.get(f"/staff/requests/{made.slug}")
    first.submit(first.get(f"/staff/requests/{made.slug}"), {"words": "已改"}, button="已更正")

    page = second.submit(late, {"words": "号码核对不上"}, button="不同意", status=409)

    assert "您的答复没有记下" in page.text
    assert "号码核对不上" in page.text
    assert current(session, made).answer == "已改"


def test_the_list_goes_by_the_due_day_and_marks_what_is_late(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    asked(session, RequestKind.CORRECTION, name="武晓峰")
    asked(session, name="段志强")
    clock.at = NOW + dt.timedelta(days=16)

    page = staff_client(Role.REVIEWER).get("/staff/requests/")

    rows = [row.text for row in page.tree.all("tr")[1:]]
    assert [row[:3] for row in rows] == ["段志强", "武晓峰"]
    assert ["已超期1天" in row for row in rows] == [True, False]
    assert "1件已过答复期限" in page.text
    assert page.title.startswith("请求：待办（2）")


def test_the_list_is_narrowed_to_a_kind_and_to_what_is_done(
    session: Session, staff_client: StaffClient
) -> None:
    asked(session, RequestKind.CORRECTION, name="武晓峰")
    made = asked(session, name="段志强")
    client = staff_client(Role.APPROVER)
    page = client.get("/staff/requests/?kind=correction")
    assert ("武晓峰" in page.text, "段志强" in page.text) == (True, False)
    assert "没有答复过的请求" in client.get("/staff/requests/?done=1").text

    page = client.get(f"/staff/requests/{made.slug}")
    client.submit(page, {"words": "不符合"}, button="不同意")

    page = client.get("/staff/requests/?done=1")
    assert ("武晓峰" in page.text, "段志强" in page.text) == (False, True)


def test_a_long_list_goes_on_on_the_next_page(session: Session, staff_client: StaffClient) -> None:
    for number in range(51):
        asked(session, RequestKind.CORRECTION, name="乔秀兰" if number < 50 else "段志强")
    client = staff_client(Role.REVIEWER)
    page = client.get("/staff/requests/")
    assert "段志强" not in page.text
    [link] = [a for a in page.tree.all("a") if a.get("rel") == "next"]

    page = client.get(str(link.get("href")))

    assert ("段志强" in page.text, "乔秀兰" in page.text) == (True, False)


@pytest.mark.parametrize("path", ["", "{slug}"])
def test_another_prefectures_requests_are_as_if_they_were_not_there(
    session: Session, staff_client: StaffClient, path: str
) -> None:
    made = asked(session, RequestKind.CORRECTION, region="140100", county="140105")
    here = staff_client(Role.APPROVER, "140100")
    elsewhere = staff_client(Role.APPROVER, "140200")
    address = "/staff/requests/" + path.format(slug=made.slug)

    assert "乔秀兰" in here.get(address).text
    page = elsewhere.get(address, status=404 if path else 200)

    assert "乔秀兰" not in page.text
    elsewhere.post(f"/staff/requests/{made.slug}", {}, status=404)


def test_words_that_took_an_hour_are_not_lost(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = make_application(session, status=Status.REJECTED)
    client, page = opened(app, application)
    form = client.get(page.link("请再核对…"))
    pass_an_hour(monkeypatch)

    page = client.submit(form, {"words": WORDS}, button="提交", status=401)
    assert page.heading == "请重新查询"
    look_up(client, application.reference, application.id_number_last4)
    client.submit(page, button="再试一次")

    session.rollback()
    [asked] = session.scalars(sa.select(SubjectRequest)).all()
    assert asked.open_words(vault_of(session)) == WORDS


def test_who_decides_again_reads_the_persons_words_until_it_is_decided(
    session: Session, staff_client: StaffClient
) -> None:
    made = asked(session)
    approver = staff_client(Role.APPROVER)
    address = f"/staff/applications/{made.application.reference}"
    assert WORDS not in approver.get(address).text
    page = approver.get(f"/staff/requests/{made.slug}")
    approver.submit(page, {"words": ""}, button="同意，重新审核")

    page = staff_client(Role.REVIEWER).get(address)
    assert f"本人说：“{WORDS}”" in page.text
    assert page.link("看这个请求") == f"/staff/requests/{made.slug}"
    assert WORDS not in staff_client(Role.VIEWER).get(address).text
    approver.submit(approver.get(address), {"words": "还是不符合"}, button="不予通过")

    assert WORDS not in approver.get(address).text
