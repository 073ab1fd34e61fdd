"""材料 are optional, added one at a time, go with the application, and are nobody else's."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from tests import papers
from tests.client import Client
from tests.conftest import Clock
from tests.factories import answers, make_application, relaxed_answers, valid_identity
from tests.web.applicants import apply_online, fill_in, look_up
from tests.web.uploading import send_file, send_parts
from volunteer_app.db import vault_of
from volunteer_app.domain.vocabulary import DocumentKind, Status
from volunteer_app.models import Application, Attachment
from volunteer_app.web.uploads import LARGEST_UPLOAD

PATH = "/apply/attachments"
MEGABYTE = 1024 * 1024


def stored(session: Session) -> list[Attachment]:
    session.rollback()
    return list(session.scalars(sa.select(Attachment).order_by(Attachment.id)))


def test_a_photo_and_a_proof_go_with_the_application(client: Client, session: Session) -> None:
    fill_in(client, answers())
    send_file(client, PATH, papers.turned_photo(), "自拍.jpg", kind="photo")
    page = send_file(client, PATH, papers.pdf(2), "../../证书.pdf", kind="speciality_proof")
    assert "专业特长证明已上传" in page.text

    check = client.get("/apply/check")
    assert "自拍.jpg" in check.text
    receipt = client.submit(check, button="提交报名")

    assert "一起提交的材料" in receipt.text
    assert "证书.pdf" in receipt.text
    application = session.scalars(sa.select(Application)).one()
    kinds = [each.kind for each in application.attachments]
    assert kinds == [DocumentKind.PHOTO, DocumentKind.SPECIALITY_PROOF]


def test_the_application_needs_no_papers(client: Client) -> None:
    check = fill_in(client, answers())
    assert "没有上传材料" in check.text

    receipt = client.submit(check, button="提交报名")

    assert receipt.heading == "报名已提交"
    assert "一起提交的材料" not in receipt.text


def test_a_file_may_be_the_first_thing_of_a_draft(client: Client, session: Session) -> None:
    page = send_file(client, PATH, papers.photo(), kind="photo")

    assert "证明.jpg" in page.text
    assert len(stored(session)) == 1
    apply_online(client)
    assert stored(session)[0].application_id is not None


def test_the_way_to_the_papers_keeps_what_is_typed(client: Client) -> None:
    fill_in(client, answers(), "identity", "career")
    service = client.get("/apply/service")

    page = client.submit(service, {"speciality": "写到一半"}, button="保存并上传材料（选填）")

    assert page.heading == "上传材料（选填）"
    assert "写到一半" in client.get("/apply/service").html


def test_the_page_of_the_relaxation_leads_to_the_proof(client: Client) -> None:
    given = relaxed_answers()
    asked = fill_in(client, given, "identity")
    assert "不符合公告的条件" in asked.heading

    page = client.submit(asked, {"speciality": given["speciality"]}, button="申请放宽，先上传证明")

    assert page.heading == "上传材料（选填）"
    send_file(client, PATH, papers.pdf(), kind="speciality_proof")
    check = fill_in(client, given, "career", "service", "pledges")
    assert "已上传，等工作人员核对" in check.text


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", "photo", "文件是空的，请重新选择"),
        (b"<html><script>alert(1)</script>", "other", "这不是照片也不是PDF"),
        (papers.photo()[:300], "photo", "文件打不开"),
        (papers.PDF_LOCKED, "other", "这个PDF设了密码"),
        (papers.png(50_000, 50_000), "photo", "照片有250000万像素"),
        (papers.pdf(), "photo", "照片要用JPEG或PNG，不能用PDF"),
        (papers.photo() + b"\0" * (30 * MEGABYTE), "photo", "照片最多5MB，您选的有30.0MB"),
    ],
    ids=["empty", "html", "half", "locked", "bomb", "pdf as photo", "30 MB"],
)
def test_a_file_that_cannot_be_used_gets_its_sentence_in_the_page(
    client: Client, session: Session, content: bytes, kind: str, sentence: str
) -> None:
    fill_in(client, answers(), "identity")

    page = send_file(client, PATH, content, kind=kind, status=422)

    assert sentence in page.error_fields["file"]
    assert page.values(button="上传")["kind"] == kind
    assert stored(session) == []
    assert client.get("/apply/identity").values(button="保存并继续")["name"] == "乔秀兰"


def test_kind_and_file_are_asked_for_at_once(client: Client) -> None:
    page = send_file(client, PATH, b"", "", status=422)

    assert page.errors == ["请选择这是什么", "请选择要上传的文件"]


def test_what_staff_alone_may_add_cannot_be_chosen(client: Client) -> None:
    page = send_file(client, PATH, papers.photo(), kind="sealed_form", status=422)

    assert "kind-0" in page.error_fields


def test_far_too_large_a_body_gets_a_page_that_talks_of_files(client: Client) -> None:
    token = client.get(PATH).values(button="上传")["csrf_token"]
    sent = {
        "csrf_token": token,
        "file": FileStorage(io.BytesIO(b"\0" * (LARGEST_UPLOAD + 1)), "x.jpg"),
    }

    page = send_parts(client, PATH, sent, status=413)

    assert page.heading == "文件太大"
    assert "照片最多5MB" in page.text


def test_the_thirteenth_file_is_one_too_many(client: Client, session: Session) -> None:
    for number in range(12):
        send_file(client, PATH, papers.pdf(1, size=(100 + number, 100)), kind="other")

    page = send_file(client, PATH, papers.pdf(), kind="other", status=422)

    assert page.error_fields["file"] == "最多上传12个文件，请先删除不用的"
    assert len(stored(session)) == 12


def test_a_file_is_shown_inert_to_its_owner_only(
    client: Client, app: Flask, session: Session
) -> None:
    send_file(client, PATH, papers.pdf(2), "报名表\u202egpj.exe", kind="other")
    [attachment] = stored(session)

    file = client.get(f"{PATH}/{attachment.slug}")
    page = client.get(f"{PATH}/{attachment.slug}/2")

    assert file.body == papers.pdf(2)
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert "%E2%80%AE" not in file.headers["Content-Disposition"]
    assert page.body.startswith(b"\x89PNG")
    for answer in (file, page):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    client.get(f"{PATH}/{attachment.slug}/3", status=404)
    Client(app).get(f"{PATH}/{attachment.slug}", status=404)


def test_a_deleted_file_is_gone(client: Client, session: Session) -> None:
    page = send_file(client, PATH, papers.photo(), kind="photo")
    slug = stored(session)[0].slug

    page = client.submit(page, action="/remove")

    assert "已删除" in page.text
    assert stored(session) == []
    client.get(f"{PATH}/{slug}", status=404)


def test_whoever_submitted_no_longer_holds_the_files(client: Client, session: Session) -> None:
    send_file(client, PATH, papers.photo(), kind="photo")
    apply_online(client)
    [attachment] = stored(session)

    client.get(f"{PATH}/{attachment.slug}", status=404)
    token = client.get("/apply/receipt").values(action="/discard")["csrf_token"]
    client.post(f"{PATH}/{attachment.slug}/remove", {"csrf_token": token}, status=404)

    assert client.get(PATH, status=303).location.endswith("/apply/receipt")
    assert stored(session) == [attachment]


def test_after_the_closing_day_nothing_is_added(client: Client, clock: Clock) -> None:
    clock.at += dt.timedelta(days=60)

    assert client.get(PATH, status=403).status == 403


def returned(client: Client, session: Session) -> Application:
    application = make_application(session, status=Status.RETURNED, **relaxed_answers())
    look_up(client, application.reference, application.open("id_number", vault_of(session)))
    return application


def test_papers_are_added_and_replaced_while_it_is_returned(
    client: Client, session: Session
) -> None:
    returned(client, session)
    assert "没有上传材料" in client.get("/status/correct").text

    send_file(client, "/status/attachments", papers.photo(), "一.jpg", kind="photo")
    second = papers.photo(size=(32, 32))
    send_file(client, "/status/attachments", second, "二.jpg", kind="photo")
    send_file(client, "/status/attachments", papers.pdf(), "证.pdf", kind="speciality_proof")

    assert [each.filename for each in stored(session)] == ["二.jpg", "证.pdf"]
    assert "证.pdf" in client.get("/status/correct").text
    progress = client.get("/status/progress")
    assert "二.jpg" in progress.text
    assert "已上传，等工作人员核对" in progress.text


def test_what_staff_added_stays(client: Client, session: Session) -> None:
    returned(client, session)
    page = send_file(client, "/status/attachments", papers.photo(), kind="photo")
    [attachment] = stored(session)
    attachment.uploaded_by = "reviewer"
    session.commit()

    client.submit(page, action="/remove", status=403)

    assert "删除" not in client.get("/status/attachments").text


def test_a_paper_that_is_lacking_may_come_while_it_waits(client: Client, session: Session) -> None:
    application = make_application(
        session,
        id_number=valid_identity(born=dt.date(1959, 3, 7)),
        speciality="食品检验二十年，有高级工程师证。",
    )
    look_up(client, application.reference, application.open("id_number", vault_of(session)))
    progress = client.get("/status/progress")
    assert "还缺材料" in progress.text

    page = client.get(progress.link("上传材料"))

    assert page.heading == "补交材料"
    assert "提交补正" not in page.text


@pytest.mark.parametrize("status", [Status.APPROVED, Status.WITHDRAWN])
def test_otherwise_nothing_is_added(client: Client, session: Session, status: Status) -> None:
    application = make_application(session, status=status)
    look_up(client, application.reference, application.open("id_number", vault_of(session)))

    page = client.get("/status/attachments", status=303)

    assert page.location.endswith("/status/progress")
