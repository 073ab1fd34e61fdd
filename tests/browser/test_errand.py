"""The whole errand in a real browser: a citizen applies, a reviewer decides, the roster leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import Walker
from tests.factories import NOW, make_application, valid_identity
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Declaration, Role, Status
from volunteer_app.services import staffing
from volunteer_app.services.auditing import Actor

pytestmark = pytest.mark.browser

Walk = Callable[..., Walker]
NUMBER = valid_identity(born=dt.date(1961, 8, 30), serial=1)


def invited(session: Session, role: Role) -> str:
    """A one-time link's token for a new member of staff of that role."""
    start_writing(session)
    token = staffing.invite(
        session,
        username=role.value,
        name=role.label,
        role=role,
        region=None,
        actor=Actor(name="tests"),
        now=NOW,
    )
    session.commit()
    return token


def apply(walker: Walker, look: Callable[[], None]) -> str:
    """From the notice to the receipt, by somebody of 66 with a speciality; the reference."""
    walker.go("/")
    look()
    with walker.page.expect_navigation():
        walker.page.get_by_role("link", name="个人报名").click()
    look()
    walker.press("保存并继续")
    assert walker.page.title().startswith("错误：身份")
    look()
    walker.fill(
        name="欧阳·𠮷", id_number=NUMBER, phone="１３９ ００００ ０００１", email="a@example.com"
    )
    walker.choose(ethnicity="汉族", region="140100", county="140105")
    walker.press("保存并继续")
    assert walker.heading == "有1项不符合公告的条件"
    look()
    walker.fill(speciality="食品检验二十六年，有高级工程师证。")
    walker.press("申请放宽，继续填写")
    look()
    walker.page.get_by_label("大专").check()
    walker.choose(political_status="masses")
    walker.fill(occupation="退休")
    walker.press("保存并继续")
    look()
    walker.tick("service_areas-0", "availability-2")
    walker.press("保存并继续")
    look()
    walker.tick(*(declaration.value for declaration in Declaration), "consent", "consent_sensitive")
    walker.press("保存并继续")
    assert walker.heading == "核对后提交"
    look()
    walker.press("提交报名")
    assert walker.heading == "报名已提交"
    look()
    return walker.page.locator("#reference").inner_text()


def test_the_whole_errand(session: Session, walker: Walk, tmp_path: Path) -> None:
    citizen = walker()
    reference = apply(citizen, citizen.inspect)

    reviewer = walker(width=1280, invitation=invited(session, Role.REVIEWER))
    assert reviewer.heading == "工作台"
    reviewer.inspect()
    reviewer.go("/staff/queue/")
    reviewer.inspect()
    reviewer.follow("欧阳·𠮷")
    reviewer.inspect()
    reviewer.press("专业特长证明：原件已核")
    reviewer.fill(words="二十六年检验经历，证书编号清楚。")
    reviewer.press("提请复核")

    approver = walker(width=1280, invitation=invited(session, Role.APPROVER))
    approver.go(f"/staff/applications/{reference}")
    approver.inspect()
    approver.press("同意放宽并通过")

    approver.go("/staff/roster/")
    assert "欧阳·𠮷" in approver.page.content()
    approver.inspect()
    approver.page.get_by_label("CSV文本").check()
    with approver.page.expect_download() as download:
        approver.page.get_by_role("button", name="导出", exact=True).click()
    roster = tmp_path / "roster.csv"
    download.value.save_as(roster)
    lines = roster.read_bytes()
    assert lines.startswith(b"\xef\xbb\xbf")
    assert f"{reference}," in lines.decode()
    assert "欧阳·𠮷" in lines.decode()
    assert NUMBER not in lines.decode()

    citizen.go("/status/")
    citizen.fill(reference=reference, last4=NUMBER[-4:])
    citizen.press("查询")
    assert "聘期从2027年9月1日到2029年8月31日" in citizen.page.content()
    citizen.inspect()


def test_the_form_works_without_javascript(walker: Walk) -> None:
    citizen = walker(javascript=False)

    reference = apply(citizen, lambda: None)

    assert len(reference) == len("K7M4-2RQX-9")


def test_the_elder_look_keeps_what_was_typed(walker: Walk) -> None:
    citizen = walker()
    citizen.go("/apply/identity")
    citizen.fill(name="乔秀兰")

    citizen.page.get_by_role("link", name="长辈版").click()

    assert citizen.page.locator("html").get_attribute("data-ui") == "elder"
    assert citizen.page.locator("#name").input_value() == "乔秀兰"
    citizen.go("/")
    assert citizen.page.locator("html").get_attribute("data-ui") == "elder"


def test_the_counties_follow_the_prefecture(walker: Walk) -> None:
    citizen = walker()
    citizen.go("/apply/identity")

    citizen.choose(region="140300")

    offered = citizen.page.locator("#county option:visible").all_inner_texts()
    names = [name for name in citizen.page.locator("#county option").all_inner_texts() if name]
    assert "平定县" in names
    assert "小店区" not in (offered or names)


def test_correction_and_withdrawal_by_phone(session: Session, walker: Walk) -> None:
    application = make_application(session, status=Status.RETURNED, fields=("occupation",))
    citizen = walker()
    citizen.go("/status/")
    citizen.inspect()
    citizen.fill(reference=application.reference, last4=application.id_number_last4)
    citizen.press("查询")
    citizen.inspect()
    citizen.follow("去补正")
    citizen.inspect()
    citizen.fill(occupation="会计")
    citizen.press("提交补正")
    assert "正在审核" in citizen.page.content()
    citizen.follow("撤回报名…")
    citizen.inspect()

    citizen.press("撤回报名")

    assert "您已撤回这份报名" in citizen.page.content()


@pytest.mark.parametrize("engine_name", ["sqlite"])  # the pages do not know which it is
@pytest.mark.parametrize("width", [390, 1280])
def test_every_staff_page_is_fit_for_everybody(session: Session, walker: Walk, width: int) -> None:
    made = [make_application(session, status=status) for status in Status]
    term = next(each for each in made if each.status is Status.APPROVED).reference
    walk = walker(width=width, invitation=invited(session, Role.ADMIN))
    paths = [
        "",
        "terms/?status=all",
        f"terms/{term}",
        f"terms/{term}/end",
        "queue/",
        "queue/?status=rejected&channel=paper",
        *(f"applications/{application.reference}" for application in made[:3]),
        "roster/",
        "settings/",
        "settings/2027",
        "people/",
        "people/admin",
        "audit/",
        "password",
    ]

    for path in paths:
        walk.go(f"/staff/{path}")
        walk.inspect()


def test_birth_date_and_gender_are_asked_only_where_the_paper_does_not_say(walker: Walk) -> None:
    citizen = walker()
    citizen.go("/apply/identity")
    assert not citizen.page.locator("#birth_date").is_visible()

    citizen.choose(id_type="passport")

    assert citizen.page.locator("#birth_date").is_visible()
    assert citizen.page.locator("#gender").is_visible()
