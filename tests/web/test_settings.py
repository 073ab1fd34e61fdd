"""招募设置: saved with what follows from it, wrong values at their field, nobody overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.factories import answers, make_application, valid_identity
from volunteer_app.domain.vocabulary import Education, Role, Verdict
from volunteer_app.models import Association, AuditEvent, Recruitment
from volunteer_app.services.recruiting import find_recruitment

SETTINGS = "/staff/settings/"


def save(client: Client, given: dict[str, Any], status: int = 200) -> Page:
    page = client.get(f"{SETTINGS}2027")
    return client.submit(page, given, button="保存设置", status=status)


def stored(session: Session, slug: str = "2027") -> Recruitment:
    session.rollback()
    found = find_recruitment(session, slug)
    assert found is not None
    session.refresh(found)
    return found


def test_saving_without_a_change_changes_nothing(
    session: Session, staff_client: StaffClient
) -> None:
    before = stored(session).version

    page = save(staff_client(Role.ADMIN), {})

    assert "设置已保存。" in page.text
    assert stored(session).version == before


def test_a_changed_rule_is_said_to_change_outcomes(
    session: Session, staff_client: StaffClient
) -> None:
    young = make_application(session)
    old = make_application(session, **answers(id_number=valid_identity(dt.date(1962, 9, 30))))
    client = staff_client(Role.ADMIN)

    page = save(client, {"age_max": "６０", "relaxed_max": "", "education_min": "college"})

    assert "有1份报名的资格核对结果随之改变" in page.text
    recruitment = stored(session)
    assert (recruitment.age_max, recruitment.relaxed_max) == (60, None)
    assert recruitment.education_min is Education.COLLEGE
    session.refresh(young)
    session.refresh(old)
    assert (young.outcome, old.outcome) == (Verdict.PASS, Verdict.FAIL)
    [fields] = session.scalars(
        sa.select(AuditEvent.detail).where(AuditEvent.action == "change_settings")
    )
    assert set(fields["fields"]) == {"age_max", "relaxed_max", "education_min"}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"age_min": "十八"}, {"age_min": "最小年龄应是0到120的整数，您填了“十八”"}),
        ({"age_min": ""}, {"age_min": "最小年龄应是0到120的整数"}),
        ({"age_max": "17"}, {"age_max": "最大年龄小于最小年龄，请核对"}),
        (
            {"age_max": "999999999999"},
            {"age_max": "最大年龄应是0到120的整数，您填了“999999999999”"},
        ),
        ({"closes_on": "2027-07-01"}, {"closes_on": "截止日早于开始日，请核对两个日期"}),
        ({"closes_on": "2027-02-30"}, {"closes_on": "2027年2月30日不存在，请核对"}),
        ({"closes_on": "9999-12-31"}, {"closes_on": "年份应在2000到2100之间，请核对"}),
        ({"opens_on": "1999-12-31"}, {"opens_on": "年份应在2000到2100之间，请核对"}),
        ({"term_starts_on": "2101-01-01"}, {"term_starts_on": "年份应在2000到2100之间，请核对"}),
        ({"relaxed_max": "60"}, {"relaxed_max": "放宽后的最大年龄应不小于最大年龄"}),
        ({"term_starts_on": ""}, {"term_starts_on": "选了固定日期，请填写聘期第一日"}),
        ({"title": ""}, {"title": "请填写名称"}),
        (
            {"reminder_days": "31"},
            {"reminder_days": "提前几天提醒应是0到30的整数，您填了“31”"},
        ),
        ({"term_years": "11"}, {"term_years": "聘期年数应是1到10的整数，您填了“11”"}),
    ],
)
def test_a_wrong_setting_is_named_at_its_field_and_kept(
    session: Session, staff_client: StaffClient, given: dict[str, str], errors: dict[str, str]
) -> None:
    before = stored(session).version

    page = save(staff_client(Role.ADMIN), {**given, "lead": "新的导语"}, status=422)

    assert page.error_fields == errors
    kept = page.values(button="保存设置")
    assert {name: kept[name] for name in given} == given
    assert kept["lead"] == "新的导语"
    assert stored(session).version == before


def test_without_days_nobody_is_reminded(session: Session, staff_client: StaffClient) -> None:
    admin = staff_client(Role.ADMIN)
    assert stored(session).reminder_days == 5

    save(admin, {"reminder_days": "０"})
    assert stored(session).reminder_days == 0
    save(admin, {"reminder_days": ""})

    assert stored(session).reminder_days is None


def test_who_saves_second_overwrites_nobody_and_keeps_the_text(
    session: Session, staff_client: StaffClient
) -> None:
    first, second = staff_client(Role.ADMIN), staff_client(Role.ADMIN)
    pages = [client.get(f"{SETTINGS}2027") for client in (first, second)]
    first.submit(pages[0], {"age_max": "66"}, button="保存设置")

    page = second.submit(pages[1], {"lead": "第二个人写的"}, button="保存设置", status=409)

    assert "别人改过这些设置" in page.text
    assert "18至66周岁" in page.text
    assert page.values(button="保存设置")["lead"] == "第二个人写的"
    assert stored(session).age_max == 66
    second.submit(page, {"age_max": "66"}, button="保存设置")
    assert (stored(session).age_max, stored(session).lead) == (66, "第二个人写的")


def test_the_associations_details_reach_the_public_pages(
    session: Session, staff_client: StaffClient, client: Client
) -> None:
    admin = staff_client(Role.ADMIN)
    given = {"telephone": "0351-1234567", "mailbox": "Ａ@Example.com"}

    admin.submit(admin.get(SETTINGS), given, button="保存协会信息")

    assert "0351-1234567" in client.get("/").text
    session.rollback()
    assert session.get_one(Association, 1).mailbox == "A@example.com"


def test_a_wrong_mailbox_is_named_and_a_stale_form_is_kept(staff_client: StaffClient) -> None:
    admin = staff_client(Role.ADMIN)
    stale = admin.get(SETTINGS)

    page = admin.submit(stale, {"mailbox": "无"}, button="保存协会信息", status=422)
    assert list(page.error_fields) == ["mailbox"]
    admin.submit(stale, {"telephone": "12315"}, button="保存协会信息")
    page = admin.submit(stale, {"address": "新址"}, button="保存协会信息", status=409)

    assert page.values(button="保存协会信息")["address"] == "新址"


def test_the_next_recruitment_is_a_copy_a_year_later(
    session: Session, staff_client: StaffClient
) -> None:
    admin = staff_client(Role.ADMIN)
    save(admin, {"age_max": "66"})

    page = admin.submit(admin.get(f"{SETTINGS}2027"), button="以此为模板开启下一次招募")

    assert page.path == f"{SETTINGS}2028"
    copy = stored(session, "2028")
    assert (copy.age_max, copy.closes_on) == (66, dt.date(2028, 8, 30))
    again = admin.submit(page, button="以此为模板开启下一次招募")
    assert "还没有开始，请直接修改它的设置" in again.text


def test_a_recruitment_that_does_not_exist_is_not_found(staff_client: StaffClient) -> None:
    admin = staff_client(Role.ADMIN)

    for slug in ("1999", "%00", "x" * 2000):
        admin.get(f"{SETTINGS}{slug}", status=404)


def test_wordings_of_what_does_not_exist_are_not_found(staff_client: StaffClient) -> None:
    admin = staff_client(Role.ADMIN)
    kinds = "/staff/settings/2027/wordings"
    for path in (f"{kinds}/nothing", "/staff/settings/1999/wordings", f"{kinds}/%00"):
        admin.get(path, status=404)
