"""沿用: papers of the last time are offered again, and nothing is carried over silently."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import papers
from tests.client import Client
from tests.conftest import Clock
from tests.factories import answers, valid_identity
from tests.renewals import LATER, next_recruitment, private_link, volunteer
from tests.web.applicants import fill_in
from tests.web.renewers import drafts, own_page
from tests.web.uploading import send_file
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.vocabulary import DocumentKind
from volunteer_app.models import Application
from volunteer_app.services import attaching
from volunteer_app.services.auditing import Actor


@pytest.fixture(autouse=True)
def later(clock: Clock) -> Clock:
    clock.at = LATER
    return clock


def with_papers(session: Session, earlier: Application) -> bytes:
    start_writing(session)
    content = papers.photo()
    for kind, name in ((DocumentKind.PHOTO, "自拍.jpg"), (DocumentKind.OTHER, "证书.jpg")):
        upload = attaching.Upload(
            kind=kind,
            filename=name,
            media_type="image/jpeg",
            content=content + kind.value.encode(),
            pages=1,
        )
        attaching.attach(
            session, upload, earlier, actor=Actor(name="applicant"), now=earlier.submitted_at
        )
    session.commit()
    photo: str = DocumentKind.PHOTO.value
    return content + photo.encode()


def test_nothing_is_carried_over_unless_its_owner_says_so(client: Client, session: Session) -> None:
    earlier = volunteer(session)
    content = with_papers(session, earlier)
    next_recruitment(session)
    page = client.get(f"/renew/{private_link(session, earlier)}")
    client.submit(page, button="开始续聘报名")
    assert "没有上传材料" in client.get("/apply/check").text
    page = client.get("/apply/attachments")
    assert client.get(page.link("查看自拍.jpg")).body == content

    page = client.submit(page, button="沿用上次的照片自拍.jpg")

    assert "照片已沿用上次的" in page.text
    [draft] = drafts(session)
    [copy] = draft.attachments
    [photo, _other] = earlier.attachments
    assert copy.slug != photo.slug
    assert copy.content_sealed != photo.content_sealed
    assert copy.open(vault_of(session)) == content
    assert "沿用上次的其他" in page.text


def test_after_a_look_up_they_are_not_shown(client: Client, session: Session) -> None:
    given = answers()
    earlier = volunteer(session, **given)
    with_papers(session, earlier)
    slug = earlier.attachments[0].slug
    next_recruitment(session)
    client.submit(own_page(client, earlier, given), button="开始续聘报名")

    page = client.get("/apply/attachments")

    assert "照片 2027年8月12日上传" in page.text
    assert "自拍.jpg" not in page.text
    client.get(f"/apply/attachments/{slug}", status=404)
    page = client.submit(page, button="沿用上次的照片")
    [draft] = drafts(session)
    client.get(f"/apply/attachments/{draft.attachments[0].slug}", status=404)
    assert "查看" not in page.text


def test_a_new_photo_takes_the_place_of_the_carried_one(client: Client, session: Session) -> None:
    earlier = volunteer(session)
    with_papers(session, earlier)
    next_recruitment(session)
    client.submit(client.get(f"/renew/{private_link(session, earlier)}"), button="开始续聘报名")
    client.submit(client.get("/apply/attachments"), button="沿用上次的照片自拍.jpg")

    send_file(client, "/apply/attachments", papers.turned_photo(), "新.jpg", kind="photo")

    [draft] = drafts(session)
    assert [paper.filename for paper in draft.attachments] == ["新.jpg"]


def test_they_do_not_go_with_another_persons_application(client: Client, session: Session) -> None:
    given = answers()
    earlier = volunteer(session, **given)
    with_papers(session, earlier)
    next_recruitment(session)
    client.submit(own_page(client, earlier, given), button="开始续聘报名")
    client.submit(client.get("/apply/attachments"), button="沿用上次的照片")
    other = fill_in(client, answers(id_number=valid_identity()))
    assert "自拍.jpg" in other.text

    receipt = client.submit(other, button="提交报名")

    assert "自拍.jpg" not in receipt.text


def test_nobody_elses_papers_are_carried_over(client: Client, session: Session) -> None:
    stranger = volunteer(session)
    with_papers(session, stranger)
    earlier = volunteer(session)
    next_recruitment(session)
    page = client.submit(
        client.get(f"/renew/{private_link(session, earlier)}"), button="开始续聘报名"
    )
    token = page.values(button="保存并继续")["csrf_token"]
    slug = stranger.attachments[0].slug

    client.post(f"/apply/attachments/{slug}/keep", {"csrf_token": token}, status=404)
    client.get(f"/apply/attachments/{slug}", status=404)
