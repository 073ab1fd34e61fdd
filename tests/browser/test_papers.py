"""Papers in a real browser: shown before they are sent, refused before, turned by staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests import papers
from tests.browser.conftest import Walker
from tests.browser.test_errand import invited
from tests.factories import APPLICANT, NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import DocumentKind, Role
from volunteer_app.models import Attachment
from volunteer_app.services import attaching

pytestmark = pytest.mark.browser

Walk = Callable[..., Walker]
PATH = "/apply/attachments"


def file(content: bytes, name: str = "自拍.jpg") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def choose(walker: Walker, content: bytes, kind: str = "照片") -> None:
    walker.page.get_by_label(kind, exact=True).check()
    walker.page.locator("#file").set_input_files(file(content))


def test_a_file_is_sent_without_leaving_the_page(walker: Walk, session: Session) -> None:
    applicant = walker()
    applicant.go(PATH)
    applicant.inspect()
    page = applicant.page
    upload = page.get_by_role("button", name="上传", exact=True)

    choose(applicant, b"\xff\xd8\xff" + b"\0" * 6_000_000)
    upload.click()
    expect(page.locator(".chosen")).to_contain_text("照片最多5MB，您选的有5.7MB")

    choose(applicant, b"no picture at all")
    upload.click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("这不是照片也不是PDF")
    applicant.inspect()

    choose(applicant, papers.photo(size=(300, 400)))
    expect(page.locator(".chosen img")).to_have_js_property("naturalWidth", 300)
    upload.click()
    expect(page.locator(".flashes")).to_contain_text("照片已上传")
    expect(page.locator(".files")).to_contain_text("自拍.jpg")
    applicant.inspect()
    session.rollback()
    assert [each.kind for each in session.scalars(sa.select(Attachment))] == [DocumentKind.PHOTO]


def test_a_file_is_sent_without_javascript(walker: Walk) -> None:
    applicant = walker(javascript=False)
    applicant.go(PATH)

    choose(applicant, papers.photo())
    applicant.press("上传")

    expect(applicant.page.locator(".files")).to_contain_text("自拍.jpg")


def test_staff_turn_and_enlarge_a_paper_by_keyboard(walker: Walk, session: Session) -> None:
    application = make_application(session)
    start_writing(session)
    for content in (papers.photo(size=(600, 300)), papers.pdf(2)):
        upload = attaching.read_upload(content, "证书", DocumentKind.SPECIALITY_PROOF)
        attaching.attach(session, upload, application, actor=APPLICANT, now=NOW)
    session.commit()
    reviewer = walker(width=1280, invitation=invited(session, Role.REVIEWER))
    reviewer.go(f"/staff/applications/{application.reference}")
    reviewer.inspect()
    paper = reviewer.page.locator("[data-paper]").first
    expect(paper.locator("img")).to_have_js_property("naturalWidth", 600)
    paper.get_by_role("button", name="向右转").focus()
    for _ in range(2):
        reviewer.page.keyboard.press("Enter")
    paper.get_by_role("button", name="放大").focus()
    reviewer.page.keyboard.press("Space")

    assert paper.evaluate("figure => [figure.dataset.turned, figure.dataset.zoomed]") == ["2", "2"]
    reviewer.inspect()
