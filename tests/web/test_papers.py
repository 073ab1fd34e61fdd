"""报名表 to take away: blank from the notice, filled for the applicant and for staff."""

from __future__ import annotations

import datetime as dt
import io
import secrets
from urllib.parse import unquote

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import Clock, StaffClient
from tests.documents.reading import pages, positions, word_text
from tests.factories import NOW, make_application
from tests.web.applicants import apply_online, look_up
from tests.web.reviewers import address, audited
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Channel, DocumentKind, Role
from volunteer_app.models import Application, Attachment
from volunteer_app.vault import Vault


def named(page: Page) -> str:
    return unquote(page.headers["Content-Disposition"].partition("''")[2])


def test_the_notice_offers_the_blank_form_for_paper_and_for_word(client: Client) -> None:
    home = client.get("/")
    assert "下载空白报名表" in home.text

    pdf = client.get(home.link("PDF空白报名表"))
    word = client.get(home.link("Word空白报名表"))

    [text] = pages(pdf.body)
    positions(text, ["姓名", "证件号码", "本人声明", "单位公章", "协会意见", "太原市府西街29号"])
    assert "8月30日" in text
    positions(word_text(word.body), ["姓名", "证件号码", "本人声明", "协会意见"])
    assert named(pdf).endswith("空白报名表.pdf")
    assert word.headers["Content-Type"].endswith("wordprocessingml.document")


@pytest.mark.parametrize("day", [dt.date(2027, 7, 1), dt.date(2027, 9, 9)])
def test_the_blank_form_is_there_before_and_after_the_days_of_the_notice(
    client: Client, clock: Clock, day: dt.date
) -> None:
    clock.at = dt.datetime.combine(day, dt.time(9), NOW.tzinfo)

    pdf = client.get(client.get("/").link("PDF空白报名表"))

    assert len(pages(pdf.body)) == 1


def test_who_has_just_submitted_gets_the_form_with_full_numbers(client: Client) -> None:
    reference, given = apply_online(client, speciality="#5 *号* [楼] $x$ @甲")
    receipt = client.get("/apply/receipt")

    pdf = client.get(receipt.link("下载报名表（PDF）"))
    shown = client.get(receipt.link("打印报名表"))

    [text] = pages(pdf.body)
    positions(text, [reference, "乔秀兰", given["id_number"], given["phone"], "#5*号*[楼]$x$@甲"])
    assert "同意协会为办理" in text
    assert given["id_number"] in shown.text
    assert shown.heading == "消费维权志愿者报名表"
    assert named(pdf) == f"报名表-{reference}.pdf"
    assert pdf.headers["Cache-Control"] == "no-store"


def test_an_hour_later_the_same_browser_sees_only_the_last_four(
    client: Client, clock: Clock
) -> None:
    _reference, given = apply_online(client)
    clock.at += dt.timedelta(minutes=59)
    assert given["id_number"] in client.get("/apply/form").text

    clock.at += dt.timedelta(minutes=2)

    for text in (client.get("/apply/form").text, *pages(client.get("/apply/form.pdf").body)):
        assert given["id_number"] not in text
        assert given["phone"] not in text
        assert "*" * 14 + given["id_number"][-4:] in text


def test_a_look_up_gives_the_form_with_masked_numbers(client: Client, session: Session) -> None:
    application = make_application(session, phone="13912340001")
    progress = look_up(client, application.reference, application.id_number_last4)

    pdf = client.get(progress.link("下载报名表（PDF）"))
    shown = client.get(progress.link("打印报名表"))

    for text in (*pages(pdf.body), "".join(shown.text.split())):
        positions(text, [application.reference, "乔秀兰", application.id_number_last4])
        assert "13912340001" not in text
        assert "号码只" in text


@pytest.mark.parametrize("path", ["/apply/form", "/apply/form.pdf", "/status/form.pdf"])
def test_a_stranger_is_asked_for_the_reference(client: Client, path: str) -> None:
    assert client.get(path, status=303).location == "/status/"


def test_staff_take_the_form_and_it_is_recorded(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, phone="13912340001")
    client = staff_client(Role.VIEWER)
    page = client.get(address(application))

    pdf = client.submit(page, button="下载报名表（PDF）", follow=False, status=200)

    [text] = pages(pdf.body)
    positions(text, [application.reference, "乔秀兰", "*" * 14 + application.id_number_last4])
    assert "13912340001" not in text
    [event] = audited(session, "print_form")
    assert (event.subject, event.detail) == (application.reference, {"format": "pdf"})


def test_staff_print_from_the_browser_what_they_see(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, channel=Channel.UNIT, phone="13912340001")
    client = staff_client(Role.VIEWER)

    page = client.get(client.get(address(application)).link("打印报名表"))

    positions("".join(page.text.split()), ["乔秀兰", "本人声明", "（单位公章）", "（协会盖章）"])
    assert "13912340001" not in page.text


def test_another_prefectures_form_is_not_there(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session, region="140200", county="140213")
    client = staff_client(Role.APPROVER, region="140100")
    own = make_application(session)
    page = client.get(address(own))
    form = page.values(button="下载报名表（PDF）")

    client.get(f"{address(application)}/form", status=404)
    client.post(f"{address(application)}/form.pdf", list(form.items()), status=404)

    assert audited(session, "print_form") == []


def test_staff_are_told_which_characters_to_write_by_hand(
    session: Session, staff_client: StaffClient
) -> None:
    plain = make_application(session)
    rare = make_application(session, name="欧阳·𠮷", address="\U0002b746村𠮷巷")
    client = staff_client(Role.VIEWER)

    page = client.get(address(rare))

    assert "姓名中的“𠮷”字库里没有，打印后请手写。" in page.text
    assert "通信地址中的“\U0002b746𠮷”字库里没有，打印后请手写。" in page.text
    assert "打印后请手写" not in client.get(address(plain)).text
    pdf = client.submit(page, button="下载报名表（PDF）", follow=False, status=200)
    assert "欧阳·〔U+20BB7〕" in pages(pdf.body)[0]


def test_the_photo_stands_on_what_staff_print(
    session: Session, staff_client: StaffClient, vault: Vault
) -> None:
    application = make_application(session)
    client = staff_client(Role.VIEWER)
    form = f"/staff/applications/{application.reference}/form"
    assert "贴照片处" in client.get(form).text
    add_photo(session, application, vault)

    shown = client.get(form)
    page = client.get(address(application))
    pdf = client.submit(page, button="下载报名表（PDF）", follow=False, status=200)

    [picture] = shown.tree.all("img")
    assert (picture.get("src") or "").startswith("data:image/jpeg;base64,")
    assert "贴照片处" not in pages(pdf.body)[0]


def test_who_knows_four_figures_is_shown_no_photo(
    session: Session, client: Client, vault: Vault
) -> None:
    application = make_application(session)
    add_photo(session, application, vault)
    look_up(client, application.reference, application.id_number_last4)

    assert client.get("/status/form").tree.all("img") == []
    assert "贴照片处" in pages(client.get("/status/form.pdf").body)[0]


@pytest.fixture
def vault(session: Session) -> Vault:
    vault: Vault = session.info["vault"]
    return vault


def add_photo(session: Session, application: Application, vault: Vault) -> None:
    written = io.BytesIO()
    Image.new("RGB", (60, 80), "red").save(written, "JPEG")
    content = written.getvalue()
    start_writing(session)
    attachment = Attachment(
        slug=secrets.token_urlsafe(16),
        kind=DocumentKind.PHOTO,
        filename="照片.jpg",
        media_type="image/jpeg",
        size=len(content),
        digest="0" * 64,
        uploaded_by="applicant",
        uploaded_at=NOW,
        application=application,
    )
    attachment.content_sealed = attachment.seal(content, vault)
    session.add(attachment)
    session.commit()
