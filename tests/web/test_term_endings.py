"""提前解聘 on its pages: confirmed, refused with the text kept, taken back by an approver."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Page
from tests.conftest import ActorFor, Clock, StaffClient
from tests.factories import answers
from tests.serving import LAST, apply_again, at, end, make_term
from tests.serving import make_next_recruitment as next_recruitment
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Appointment, Ending
from volunteer_app.services import ending

TERMS = "/staff/terms/"
DAY = dt.timedelta(days=1)
TODAY = dt.date(2028, 3, 1)


def fresh(session: Session, term: Appointment) -> Appointment:
    session.rollback()
    session.refresh(term)
    return term


def give(client: Any, term: Appointment, given: dict[str, Any], status: int = 200) -> Page:
    page = client.get(f"{TERMS}{term.application.reference}/end")
    answer: Page = client.submit(page, given, button="提前解聘", status=status)
    return answer


def test_ending_early_is_confirmed_and_shown_with_who_and_why(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    term = make_term(session)
    clock.at = at(TODAY, 10)
    client = staff_client(Role.REVIEWER)
    assert client.staff is not None
    asked = client.get(client.get(f"{TERMS}{term.application.reference}").link("提前解聘…"))
    assert "只有复核员可以撤销" in asked.text

    page = give(
        client, term, {"reason": "dismissed", "ends_from": "2028年3月15日", "words": "多次缺席"}
    )

    assert page.path == f"{TERMS}{term.application.reference}"
    assert "从2028年3月15日起不再在聘" in page.text
    assert f"{client.staff.name} 从2028年3月15日起不再在聘 “多次缺席”" in page.text
    assert fresh(session, term).terminated_on == dt.date(2028, 3, 15)
    assert "提前解聘…" not in page.links
    assert "撤销提前解聘…" not in page.links


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({}, {"reason-0": "请选择原因", "ends_from": "请填写从哪一天起不再在聘"}),
        (
            {"reason": "resigned", "ends_from": "2028-02-29", "words": "写了一段话"},
            {
                "ends_from": "解聘日不能早于今天：过去的名册不能改，昨天以前仍算在聘。"
                "请改为今天或以后的一天。"
            },
        ),
        (
            {"reason": "moved", "ends_from": "2029-09-01", "words": "写了一段话"},
            {
                "ends_from": "聘期到2029年8月31日为止，期满自行解聘。"
                "解聘日最晚是这一天，请改早一些。"
            },
        ),
        (
            {"reason": "other", "ends_from": "2028-03-01"},
            {"words": "原因是“其他”的，请写明情况"},
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_lost(
    session: Session,
    staff_client: StaffClient,
    clock: Clock,
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    term = make_term(session)
    clock.at = at(TODAY)

    page = give(staff_client(Role.REVIEWER), term, given, status=422)

    assert page.error_fields == errors
    values = page.values(button="提前解聘")
    assert {name: values.get(name) for name in given} == given
    assert fresh(session, term).terminated_on is None


def test_of_two_pages_the_second_gets_its_text_back(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    term = make_term(session)
    clock.at = at(TODAY)
    first, second = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    given = {"reason": "dismissed", "ends_from": "2028-03-01", "words": "多次缺席，电话联系不上"}
    late = second.get(f"{TERMS}{term.application.reference}/end")
    give(first, term, given | {"words": "第一个写的"})

    page = second.submit(late, given, button="提前解聘", status=409)

    assert "别人改过这段聘期，您的操作没有记下" in page.text
    assert "多次缺席，电话联系不上" in page.text
    session.rollback()
    assert session.scalars(sa.select(Ending.words)).all() == ["第一个写的"]


def test_a_page_from_before_an_ending_and_its_undoing_is_sent_again(
    session: Session, staff_client: StaffClient, clock: Clock, actor_for: ActorFor
) -> None:
    term = make_term(session)
    clock.at = at(TODAY)
    client, approver = staff_client(Role.REVIEWER), actor_for(Role.APPROVER)
    late = client.get(f"{TERMS}{term.application.reference}/end")
    end(session, term, approver, ends_from=TODAY, now=at(TODAY))
    ending.undo(session, fresh(session, term), reason="错了", actor=approver, now=at(TODAY))
    session.commit()
    given = {"reason": "resigned", "ends_from": "2028-03-02", "words": "本人来信"}

    page = client.submit(late, given, button="提前解聘", status=409)

    assert page.values(button="提前解聘")["words"] == "本人来信"
    client.submit(page, button="提前解聘")
    assert fresh(session, term).terminated_on == dt.date(2028, 3, 2)


def test_only_an_approver_takes_an_ending_back(
    session: Session, staff_client: StaffClient, clock: Clock, actor_for: ActorFor
) -> None:
    term = make_term(session)
    end(session, term, actor_for(Role.REVIEWER), ends_from=TODAY, now=at(TODAY))
    clock.at = at(TODAY + DAY)
    address = f"{TERMS}{term.application.reference}"
    reviewer, approver = staff_client(Role.REVIEWER), staff_client(Role.APPROVER)
    assert "请复核员撤销" in reviewer.get(address).text
    reviewer.get(f"{address}/undo", status=403)
    reviewer.post(f"{address}/undo", {"reason": "错了"}, status=403)
    assert fresh(session, term).terminated_on == TODAY

    asked = approver.get(approver.get(address).link("撤销提前解聘…"))
    refused = approver.submit(asked, {"reason": ""}, button="撤销提前解聘", status=422)
    assert refused.error_fields == {"reason": "请填写为什么撤销"}
    late = approver.get(f"{address}/undo")
    page = approver.submit(refused, {"reason": "办错了人"}, button="撤销提前解聘")

    assert "“办错了人”" in page.text
    assert "在聘" in page.text
    assert fresh(session, term).terminated_on is None
    again = approver.submit(late, {"reason": "我也来撤"}, button="撤销提前解聘", status=409)
    assert "我也来撤" in again.text


def test_an_overlap_is_refused_with_the_reason_kept(
    session: Session, staff_client: StaffClient, clock: Clock, actor_for: ActorFor
) -> None:
    given = answers()
    term = make_term(session, **given)
    end(session, term, actor_for(Role.REVIEWER), ends_from=LAST, now=at(LAST - 60 * DAY))
    following = next_recruitment(session)
    following.term_starts_on = LAST
    session.commit()
    apply_again(session, term, given, recruitment=following, status=Status.APPROVED)
    clock.at = at(LAST - 10 * DAY)
    client = staff_client(Role.APPROVER)
    asked = client.get(f"{TERMS}{term.application.reference}/undo")

    page = client.submit(asked, {"reason": "本人反悔"}, button="撤销提前解聘", status=409)

    assert "撤销以后两段会重叠" in page.text
    assert page.values(button="撤销提前解聘")["reason"] == "本人反悔"


def test_a_viewer_is_offered_nothing_to_do(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    term = make_term(session)
    clock.at = at(TODAY)
    client = staff_client(Role.VIEWER)

    page = client.get(f"{TERMS}{term.application.reference}")

    assert "办理" not in page.text
    client.get(f"{TERMS}{term.application.reference}/end", status=403)


def test_a_term_that_is_over_says_so(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    term = make_term(session)
    clock.at = at(LAST + DAY, 0, 0)
    client = staff_client(Role.REVIEWER)

    assert "自行解聘，不用办手续" in client.get(f"{TERMS}{term.application.reference}").text
    page = client.get(f"{TERMS}{term.application.reference}/end")
    assert "已于2029年8月31日期满" in page.text
    assert not page.forms or all("/end" not in (f.get("action") or "") for f in page.forms)


def test_every_reason_can_be_chosen(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    clock.at = at(TODAY)
    client = staff_client(Role.REVIEWER)
    for reason in EndReason:
        term = make_term(session)
        given = {"reason": reason.value, "ends_from": "2028-03-01", "words": "有说明"}
        assert f"提前解聘：{reason.label}" in give(client, term, given).text
