"""聘书 on pages: the applicant's own, those that staff print and issue anew."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import Clock, StaffClient
from tests.documents.reading import pages, positions
from tests.factories import make_application
from tests.web.applicants import look_up
from tests.web.reviewers import audited
from volunteer_app.db import start_writing
from volunteer_app.domain.terms import start_of
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Appointment


def appointed(session: Session, **given: Any) -> Appointment:
    term = make_application(session, status=Status.APPROVED, **given).appointment
    assert term is not None
    assert term.code
    return term


def end_early(session: Session, term: Appointment, day: dt.date) -> None:
    start_writing(session)
    session.get_one(Appointment, term.id).terminated_on = day
    session.commit()


def own_page(client: Client, term: Appointment) -> Page:
    application = term.application
    return look_up(client, application.reference, application.id_number_last4)


def address(term: Appointment, more: str = "") -> str:
    return f"/staff/certificates/{term.application.reference}{more}"


def test_who_is_appointed_sees_and_downloads_the_certificate(
    client: Client, session: Session
) -> None:
    term = appointed(session, name="乔秀兰")

    page = client.get(own_page(client, term).link("看聘书，下载、打印"))

    assert page.title.startswith("未开始：聘书")
    [certificate] = page.tree.with_class("certificate")
    positions(
        "".join(certificate.text.split()), ["乔秀兰同志：", "聘期两年", term.number, term.code]
    )
    file = client.get(page.link("下载PDF"))
    assert file.headers["Content-Type"] == "application/pdf"
    assert "filename*=UTF-8''%E8%81%98%E4%B9%A6-" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    [sheet] = pages(file.body)
    positions(sheet, ["乔秀兰同志：", "2027年9月1日起至2029年8月31日", term.number, term.code])


def test_the_code_on_the_paper_leads_a_phone_to_the_right_certificate(
    client: Client, session: Session
) -> None:
    term = appointed(session)
    own_page(client, term)

    content = client.get("/status/certificate.pdf").body
    picture = pypdfium2.PdfDocument(content)[0].render(scale=1.2).to_pil()
    [read] = zxingcpp.read_barcodes(askew(picture))

    assert read.text == f"http://127.0.0.1:8000/verify/{term.code}"
    assert term.number in client.get(read.text.removeprefix("http://127.0.0.1:8000")).text


def askew(picture: Image.Image) -> Image.Image:
    """As a phone takes it: turned a little, on a grey table, small and compressed."""
    turned = picture.convert("L").rotate(8, expand=True, fillcolor=110)
    taken = io.BytesIO()
    turned.point(lambda value: int(40 + value * 0.6)).save(taken, "JPEG", quality=50)
    return Image.open(taken)


def test_who_looked_nothing_up_or_is_not_approved_is_sent_to_their_progress(
    client: Client, session: Session
) -> None:
    assert client.get("/status/certificate", status=303).location == "/status/progress"
    application = make_application(session)
    page = look_up(client, application.reference, application.id_number_last4)

    assert "看聘书，下载、打印" not in page.links
    for path in ("/status/certificate", "/status/certificate.pdf"):
        assert client.get(path, status=303).location == "/status/progress"


def test_renewal_begins_at_the_certificate_when_the_term_is_nearly_over(
    client: Client, session: Session, clock: Clock
) -> None:
    term = appointed(session)
    own_page(client, term)
    assert "办续聘" not in client.get("/status/certificate").links

    clock.at = start_of(dt.date(2029, 9, 1))

    page = client.get("/status/certificate")
    assert page.title.startswith("期满：聘书")
    assert page.link("办续聘") == "/renew"


def test_a_term_that_was_ended_early_shows_no_certificate_any_more(
    client: Client, session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    term = appointed(session)
    end_early(session, term, dt.date(2028, 3, 1))
    own_page(client, term)
    clock.at = start_of(dt.date(2028, 2, 29))
    client.get("/status/certificate")

    clock.at = start_of(dt.date(2028, 3, 1))

    assert client.get("/status/certificate", status=303).location == "/status/progress"
    assert "看聘书，下载、打印" not in client.get("/status/progress").links
    page = staff_client(Role.APPROVER).get(address(term))
    assert page.tree.with_class("certificate") == []
    assert "聘期从2028年3月1日起提前结束" in page.text
    assert page.forms == [form for form in page.forms if form.inside("header")]


def test_staff_print_one_and_it_is_recorded(session: Session, staff_client: StaffClient) -> None:
    term = appointed(session, name="乔秀兰")
    viewer = staff_client(Role.VIEWER)

    page = viewer.get(address(term))
    file = viewer.submit(page, button="下载PDF", follow=False, status=200)

    positions(pages(file.body)[0], ["乔秀兰同志：", term.number])
    [event] = audited(session, "print_certificate")
    assert event.subject == term.application.reference
    assert "换发聘书" not in page.text
    assert term.number in viewer.get(f"/staff/applications/{term.application.reference}").text


def test_a_character_without_a_glyph_is_told_before_it_is_printed(
    session: Session, staff_client: StaffClient
) -> None:
    page = staff_client(Role.VIEWER).get(address(appointed(session, name="欧阳·𠮷")))

    assert "姓名中的“𠮷”字库里没有" in page.text


def test_another_prefectures_certificate_is_not_there(
    session: Session, staff_client: StaffClient
) -> None:
    term = appointed(session, region="140200", county="140213")
    elsewhere = staff_client(Role.APPROVER, region="140100")
    staff_client(Role.APPROVER, region="140200").get(address(term))

    elsewhere.get(address(term), status=404)
    form = elsewhere.get("/staff/roster/").values(action="/search")
    sent = {"csrf_token": form["csrf_token"], "reason": "遗失", "replaces": term.code}
    for path in ("/certificate.pdf", "/reissue"):
        elsewhere.post(address(term, path), sent, status=404)
    session.rollback()
    session.refresh(term)
    assert len(term.certificates) == 1


def test_an_approver_issues_it_anew_for_a_reason(
    client: Client, session: Session, staff_client: StaffClient
) -> None:
    term = appointed(session)
    approver, old = staff_client(Role.APPROVER), term.code
    asked = approver.get(address(term))

    refused = approver.submit(asked, {"reason": "　丢 "}, button="换发聘书", status=422)
    assert refused.error_fields == {"reason": "请写明为什么换发，至少2个字"}
    assert refused.values(button="换发聘书")["reason"] == "丢"
    page = approver.submit(refused, {"reason": "遗失"}, button="换发聘书")

    assert "聘书已换发，编号不变" in page.text
    session.rollback()
    session.expire_all()
    assert term.code != old
    assert page.tree.with_class("certificate")[0].text.count(term.code) == 1
    assert "已换发" in client.get(f"/verify/{old}").title
    late = approver.submit(asked, {"reason": "我也来换"}, button="换发聘书", status=409)
    assert "刚才已经由别人换发" in late.text
    assert late.values(button="换发聘书")["reason"] == "我也来换"
    session.rollback()
    session.expire_all()
    assert len(term.certificates) == 2


def test_a_reviewer_does_not_issue_anew(session: Session, staff_client: StaffClient) -> None:
    term = appointed(session)

    staff_client(Role.REVIEWER).post(address(term, "/reissue"), {"reason": "遗失"}, status=403)


def test_the_prefix_of_numbers_is_checked_and_recorded(
    session: Session, staff_client: StaffClient
) -> None:
    admin = staff_client(Role.ADMIN)
    asked = admin.get("/staff/settings/")

    page = admin.submit(asked, {"certificate_prefix": "晋A"}, button="保存协会信息", status=422)
    assert page.error_fields == {"certificate_prefix": "编号前缀只用汉字，请去掉“A”"}
    admin.submit(page, {"certificate_prefix": "晋消 志"}, button="保存协会信息")

    assert appointed(session).number == "晋消志〔2027〕第0001号"
    [event] = audited(session, "change_settings")
    assert event.detail["fields"] == ["certificate_prefix"]


def test_once_an_early_end_is_recorded_the_page_says_why_there_is_no_new_one(
    session: Session, staff_client: StaffClient
) -> None:
    term = appointed(session)
    approver = staff_client(Role.APPROVER)
    stale = approver.get(address(term))
    start_writing(session)
    session.get_one(Appointment, term.id).terminated_on = dt.date(2028, 3, 1)
    session.commit()

    refused = approver.submit(stale, {"reason": "遗失"}, button="换发聘书", status=409)

    assert "已经记下这段聘期要提前结束，不再换发" in refused.text
    assert "您写的理由 遗失" in refused.text
    page = approver.get(address(term))
    assert "请先撤销提前解聘" in page.text
    assert "换发聘书" not in [button.text for button in page.tree.all("button")]
