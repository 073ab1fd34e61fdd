"""Staff see the attachments beside the person; others' are as if they were not there."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy.orm import Session

from tests import papers
from tests.client import Client
from tests.conftest import StaffClient
from tests.factories import APPLICANT, NOW, make_application, relaxed_answers
from tests.web.reviewers import address
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import DocumentKind, Role
from volunteer_app.models import Application, Attachment
from volunteer_app.services import attaching


def with_paper(
    session: Session, content: bytes, kind: DocumentKind = DocumentKind.SPECIALITY_PROOF
) -> tuple[Application, Attachment]:
    application = make_application(session, **relaxed_answers())
    upload = attaching.read_upload(content, "证书.pdf", kind)
    start_writing(session)
    attachment = attaching.attach(session, upload, application, actor=APPLICANT, now=NOW)
    session.commit()
    return application, attachment


def test_each_page_is_a_picture_beside_the_person(
    session: Session, staff_client: StaffClient
) -> None:
    application, attachment = with_paper(session, papers.pdf(5))

    client = staff_client(Role.REVIEWER)
    page = client.get(address(application))

    shown = [image.get("src") for image in page.tree.all("img")]
    paper = f"{address(application)}/papers/{attachment.slug}"
    assert shown == [f"{paper}/{number}" for number in (1, 2, 3)]
    assert "共5页，这里只显示前3页" in page.text
    assert client.get(shown[2] or "").body.startswith(b"\x89PNG")


def test_a_photo_is_shown_as_it_was_kept(session: Session, staff_client: StaffClient) -> None:
    application, attachment = with_paper(session, papers.turned_photo(), DocumentKind.PHOTO)

    file = staff_client(Role.VIEWER).get(f"{address(application)}/papers/{attachment.slug}")

    assert Image.open(io.BytesIO(file.body)).size == (32, 64)
    assert file.headers["Content-Disposition"].startswith("inline;")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_another_prefecture_s_paper_is_not_found(
    session: Session, staff_client: StaffClient
) -> None:
    application, attachment = with_paper(session, papers.photo())
    paper = f"{address(application)}/papers/{attachment.slug}"

    staff_client(Role.REVIEWER, "140100").get(paper)
    staff_client(Role.REVIEWER, "140200").get(paper, status=404)


def test_a_paper_is_found_under_its_own_application_only(
    session: Session, staff_client: StaffClient
) -> None:
    _application, attachment = with_paper(session, papers.photo())
    other = make_application(session)

    staff_client(Role.REVIEWER).get(f"{address(other)}/papers/{attachment.slug}", status=404)


def test_nobody_sees_a_paper_without_signing_in(session: Session, client: Client) -> None:
    application, attachment = with_paper(session, papers.photo())

    client.get(f"{address(application)}/papers/{attachment.slug}", status=303)


def test_the_button_says_what_was_looked_at(session: Session, staff_client: StaffClient) -> None:
    without = make_application(session, **relaxed_answers())
    application, _attachment = with_paper(session, papers.photo())
    client = staff_client(Role.REVIEWER)
    page = client.get(address(without))
    assert "专业特长证明：原件已核" in page.text

    page = client.submit(client.get(address(application)), button="专业特长证明：已核对上传的材料")

    assert "专业特长证明：原件已核，" in page.text
