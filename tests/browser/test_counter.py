"""A paper form in a real browser: entered by keyboard, its receipt printed, approved, exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests.browser.conftest import Walker
from tests.browser.test_errand import invited
from tests.factories import valid_identity
from tests.web.clerks import picture
from volunteer_app.domain.vocabulary import Declaration, DocumentKind, Role
from volunteer_app.models import Attachment

pytestmark = pytest.mark.browser

Walk = Callable[..., Walker]
NUMBER = valid_identity(serial=2)


def at_the_first_page(clerk: Walker) -> None:
    """The number is typed as it is read from the card; Tab leads to it, Enter goes on."""
    clerk.follow("登记纸质报名")
    clerk.inspect()
    page = clerk.page
    assert page.evaluate("document.activeElement.id") == "received_via-0"
    page.locator("#id_type").focus()
    page.keyboard.press("Tab")
    page.keyboard.type(f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:].lower()}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert clerk.heading == "录入纸质报名表"


def the_form(clerk: Walker) -> None:
    """As it is on the paper, one box forgotten at first."""
    assert clerk.page.evaluate("document.activeElement.id") == "name"
    clerk.inspect()
    clerk.press("登记")
    assert clerk.page.title().startswith("错误：")
    clerk.inspect()
    clerk.fill(name="欧阳·𠮷", phone="１３９ ００００ ０００２", occupation="退休")
    clerk.choose(ethnicity="汉族", region="140100", county="140105", political_status="masses")
    clerk.page.get_by_label("大专").check()
    clerk.tick("service_areas-0", "availability-2", "consent", "consent_sensitive")
    scan = {"name": "扫描.png", "mimeType": "image/png", "buffer": picture()}
    clerk.page.locator("#file_paper_form").set_input_files(scan)  # type: ignore[arg-type]
    clerk.press("上传选好的文件")
    assert clerk.page.locator(".paper img").evaluate("image => image.naturalWidth") == 60
    clerk.inspect()
    clerk.tick(*(each.value for each in Declaration if each is not Declaration.ABILITY))
    clerk.press("登记")
    assert "没有声明：有较好的组织协调能力。" in clerk.page.content()
    clerk.inspect()
    clerk.tick("ability")
    clerk.press("照样登记")


def printed(page: Page) -> list[str]:
    """What of the page would come out of the printer, by the ids of its parts."""
    page.emulate_media(media="print")
    parts = {"masthead": ".masthead", "receipt": ".receipt", "aloud": "#aloud", "sheet": "#sheet"}
    seen = [name for name, selector in parts.items() if page.locator(selector).is_visible()]
    page.emulate_media(media="screen")
    return seen


def test_a_paper_form_from_the_counter_to_the_roster(
    session: Session, walker: Walk, tmp_path: Path
) -> None:
    clerk = walker(width=1280, invitation=invited(session, Role.REVIEWER))
    at_the_first_page(clerk)
    the_form(clerk)
    assert clerk.heading == "山西省消费者协会报名回执"
    reference = clerk.page.locator("#reference").inner_text()
    clerk.inspect()
    assert clerk.page.get_by_role("button", name="打印回执").is_visible()
    assert printed(clerk.page) == ["receipt"]
    assert NUMBER[:14] not in clerk.page.content()
    [scan] = session.scalars(sa.select(Attachment))
    assert (scan.kind, scan.filename) == (DocumentKind.PAPER_FORM, "扫描.png")
    assert scan.application is not None
    assert scan.application.reference == reference
    session.rollback()

    clerk.follow("打开这份报名")
    clerk.inspect()
    clerk.press("通过")
    clerk.go("/staff/roster/")
    clerk.page.get_by_label("CSV文本").check()
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("button", name="导出", exact=True).click()
    roster = tmp_path / "roster.csv"
    download.value.save_as(roster)
    assert f"{reference}," in roster.read_text("utf-8-sig")

    citizen = walker()
    citizen.go("/status/")
    citizen.fill(reference=reference, last4=NUMBER[-4:])
    citizen.press("查询")
    assert "收到您当面递交的报名表" in citizen.page.content()
    citizen.inspect()


@pytest.mark.parametrize("engine_name", ["sqlite"])  # the pages do not know which it is
def test_the_counter_works_on_a_phone(session: Session, walker: Walk) -> None:
    clerk = walker(width=390, invitation=invited(session, Role.REVIEWER))

    at_the_first_page(clerk)
    the_form(clerk)

    assert clerk.heading == "山西省消费者协会报名回执"
    clerk.inspect()
