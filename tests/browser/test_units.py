"""A unit recommends thirty people: spreadsheet, seal, own word, decision, roster; in real pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from PIL import ImageDraw
from playwright.sync_api import FilePayload
from sqlalchemy.orm import Session

from tests import workbooks
from tests.browser.conftest import Walker
from tests.browser.test_errand import invited
from tests.client import Client
from tests.conftest import StaffClient
from tests.units import valid_uscc
from volunteer_app.domain.vocabulary import Declaration, Role, SealCheck
from volunteer_app.models import Nominee

pytestmark = pytest.mark.browser

Walk = Callable[..., Walker]
PLEDGES = (*(declaration.value for declaration in Declaration), "consent", "consent_sensitive")
#: What is wrong in which row of the list, counted from 0.
WRONG: dict[int, dict[str, Any]] = {
    2: {"id_number": 140105199003070000},
    7: {"phone": "139"},
    11: {"name": ""},
    19: {"education": "初中"},
    28: {"county": "平遥县"},
}


def begin(clerk: Walker) -> None:
    """单位信息, by somebody who first forgets everything."""
    clerk.go("/")
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("link", name=re.compile("^单位推荐")).first.click()
    clerk.inspect()
    clerk.follow("开始推荐")
    clerk.press("保存")
    clerk.inspect()
    clerk.fill(unit_name="太原市消费研究中心", uscc=valid_uscc(), contact_name="段志强")
    clerk.fill(phone="138 0000 0001")
    clerk.choose(region="140100")
    clerk.press("保存")
    assert clerk.heading == "太原市消费研究中心"
    clerk.inspect()


def choose_file(walker: Walker, name: str, content: bytes, button: str) -> None:
    walker.page.locator("#file").set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    )
    walker.press(button)


def downloaded(walker: Walker, link: str, folder: Path) -> bytes:
    with walker.page.expect_download() as download:
        walker.page.get_by_role("link", name=link, exact=True).click()
    path = folder / "download"
    download.value.save_as(path)
    return path.read_bytes()


def import_thirty(clerk: Walker, people: list[dict[str, Any]], folder: Path) -> None:
    """Five rows are wrong; they are put right in the sheet that comes back."""
    clerk.follow("被推荐人名单")
    clerk.inspect()
    clerk.follow("用电子表格导入")
    clerk.inspect()
    rows = [person | WRONG.get(n, {}) for n, person in enumerate(people)]
    choose_file(clerk, "名单.xlsx", workbooks.xlsx(workbooks.table(rows)), "上传并核对")
    assert "30人，5人的资料有错" in clerk.page.content()
    clerk.inspect()
    back: list[Any] = workbooks.rows_of(downloaded(clerk, "下载带错误说明的表格", folder))
    for place, overrides in WRONG.items():
        for name in overrides:
            back[place + 1][workbooks.NAMES.index(name) + 1] = people[place][name]
    choose_file(clerk, "改好的.xlsx", workbooks.xlsx(back), "重新上传")
    clerk.press("全部导入（30人）")
    assert "已导入30人。" in clerk.page.content()
    clerk.inspect()
    clerk.follow("单位推荐")


def sealed(form: bytes) -> bytes:
    """The form's first page as a picture, with a round red seal."""
    page = pypdfium2.PdfDocument(form)[0].render(scale=1.5).to_pil().convert("RGB")
    ImageDraw.Draw(page).ellipse((500, 700, 740, 940), outline="#c00", width=7)
    written = io.BytesIO()
    page.save(written, "JPEG")
    return written.getvalue()


def words_in(form: bytes) -> str:
    document = pypdfium2.PdfDocument(form)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def print_and_seal(clerk: Walker, people: list[dict[str, Any]], folder: Path) -> str:
    """Print, seal, upload, hand in; returns the code that stands on the form."""
    clerk.follow("推荐表：打印、盖章、上传")
    clerk.inspect()
    form = downloaded(clerk, "推荐表（PDF）", folder)
    text = words_in(form)
    assert all(str(person["name"]) in text for person in people)
    assert not any(str(person["id_number"]) in text for person in people)
    [code] = set(re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b(?!-)", text))
    choose_file(clerk, "盖章.jpg", sealed(form), "上传")
    clerk.inspect()
    clerk.follow("单位推荐")
    clerk.follow("核对提交")
    clerk.inspect()
    clerk.press("提交推荐")
    assert "等工作人员核对公章" in clerk.page.content()
    clerk.inspect()
    return str(code)


def confirm_one(clerk: Walker, nominee: Walker, name: str) -> None:
    """By the link that the clerk hands over, on the nominee's own phone."""
    clerk.follow(name)
    clerk.inspect()
    link = clerk.page.locator("#link").inner_text()
    nominee.go("/nominee/" + link.rpartition("/")[2])
    nominee.inspect()
    nominee.press("我愿意参加，确认")
    nominee.inspect()
    nominee.tick(*PLEDGES)
    nominee.press("我愿意参加，确认")
    assert nominee.heading == "已确认"
    nominee.inspect()


def confirm_the_others(app: Flask, session: Session) -> int:
    """The same pages without a screen; returns how many."""
    session.rollback()
    waiting = [n for n in session.query(Nominee) if n.status.value == "asked"]
    for nominee in waiting:
        client = Client(app)
        page = client.get(f"/nominee/{nominee.open_token(session.info['vault'])}")
        client.submit(page, dict.fromkeys(PLEDGES, True), button="我愿意参加，确认")
    return len(waiting)


def confirm_the_seal(reviewer: Walker, code: str) -> None:
    reviewer.follow("单位推荐")
    reviewer.inspect()
    reviewer.follow("太原市消费研究中心")
    reviewer.inspect()
    reviewer.tick(*(f"checks-{number}" for number in range(len(SealCheck))))
    reviewer.fill(printed_code=code.lower())
    reviewer.press("公章核对无误")
    assert "公章已核对" in reviewer.page.content()
    reviewer.inspect()


def approve_the_others(client: Client, session: Session, references: list[str]) -> None:
    for reference in references:
        client.submit(client.get(f"/staff/applications/{reference}"), button="通过")


def test_thirty_people_from_a_spreadsheet_to_the_roster(
    app: Flask, session: Session, walker: Walk, staff_client: StaffClient, tmp_path: Path
) -> None:
    people = [workbooks.words(name=f"张{'一二三四五六七八九十'[n // 10]}{n}".rstrip("0123456789")
              + "甲乙丙丁戊己庚辛壬癸"[n % 10]) for n in range(30)]  # fmt: skip
    clerk, nominee = walker(width=1280), walker()
    begin(clerk)
    import_thirty(clerk, people, tmp_path)
    code = print_and_seal(clerk, people, tmp_path)
    confirm_one(clerk, nominee, str(people[0]["name"]))
    assert confirm_the_others(app, session) == 29

    reviewer = walker(width=1280, invitation=invited(session, Role.REVIEWER))
    confirm_the_seal(reviewer, code)
    session.rollback()
    references = [n.application.reference for n in session.query(Nominee) if n.application]
    reviewer.go(f"/staff/applications/{references[0]}")
    reviewer.inspect()
    reviewer.press("通过")
    approve_the_others(staff_client(Role.REVIEWER), session, references[1:])

    reviewer.go("/staff/roster/")
    reviewer.page.get_by_label("CSV文本").check()
    with reviewer.page.expect_download() as download:
        reviewer.page.get_by_role("button", name="导出", exact=True).click()
    download.value.save_as(tmp_path / "roster.csv")
    roster = (tmp_path / "roster.csv").read_text("utf-8-sig")
    assert len(references) == 30
    assert all(reference in roster for reference in references)
    assert all(str(person["name"]) in roster for person in people)
