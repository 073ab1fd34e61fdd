"""Attachments are sealed, move with the draft to the application, and leave nothing behind."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import papers
from tests.factories import APPLICANT, NOW, answers, make_application, relaxed_answers, submit
from volunteer_app.db import Base, start_writing, vault_of
from volunteer_app.domain.refusal import Invalid
from volunteer_app.domain.uploads import MOST_FILES
from volunteer_app.domain.vocabulary import DocumentKind
from volunteer_app.models import Application, Attachment, AuditEvent, Draft, Recruitment
from volunteer_app.sandbox import UnreadableError
from volunteer_app.services import attaching, drafting
from volunteer_app.services.attaching import Upload, attach, detach, find_attachment, read_upload
from volunteer_app.vault import digest

TOKEN = "t" * 32


def upload(
    content: bytes = b"picture", kind: DocumentKind = DocumentKind.OTHER, **values: str
) -> Upload:
    """As if it had been read; the services below do not look inside."""
    given = {"filename": "证书.jpg", "media_type": attaching.JPEG} | values
    return Upload(kind=kind, content=content, pages=1, **given)


def begin_draft(session: Session, recruitment: Recruitment, token: str = TOKEN) -> Draft:
    drafting.save_answers(session, token, recruitment.id, answers(), now=NOW)
    session.flush()
    draft = drafting.find_draft(session, token)
    assert draft is not None
    return draft


def stored(session: Session) -> list[Attachment]:
    return list(session.scalars(sa.select(Attachment).order_by(Attachment.id)))


def add(session: Session, owner: attaching.Owner, each: Upload) -> Attachment:
    return attach(session, each, owner, actor=APPLICANT, now=NOW)


def said_of(application: Application) -> dict[str, str]:
    return {finding["rule"]: finding["explanation"] for finding in application.findings}


def test_a_picture_is_kept_as_it_was_made_anew() -> None:
    read = read_upload(papers.turned_photo(), "../../自拍.png", DocumentKind.PHOTO)

    assert (read.filename, read.media_type, read.pages) == ("自拍.png", "image/jpeg", 1)
    assert b"Make of phone" not in read.content


def test_a_pdf_is_kept_as_it_is() -> None:
    content = papers.pdf(3)

    read = read_upload(content, "证明.pdf", DocumentKind.SPECIALITY_PROOF)

    assert (read.content, read.media_type, read.pages) == (content, "application/pdf", 3)


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", DocumentKind.OTHER, "文件是空的"),
        (b"MZ\x90", DocumentKind.OTHER, "这不是照片也不是PDF"),
        (papers.pdf(), DocumentKind.PHOTO, "照片要用JPEG或PNG，不能用PDF"),
        (papers.PDF_LOCKED, DocumentKind.OTHER, "这个PDF设了密码"),
        (b"\xff" * (5 * 1024 * 1024 + 1), DocumentKind.PHOTO, "照片最多5MB，您选的有5.0MB"),
        (papers.png(50_000, 50_000), DocumentKind.PHOTO, "照片有250000万像素，最多2500万"),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_sentence_at_its_field(
    content: bytes, kind: DocumentKind, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        read_upload(content, "x", kind)

    assert caught.value.field == "file"


def test_the_content_is_sealed_and_comes_back(session: Session, recruitment: Recruitment) -> None:
    start_writing(session)
    attachment = add(session, begin_draft(session, recruitment), upload(b"a certificate"))
    session.commit()

    sealed = session.scalars(sa.select(Attachment.content_sealed)).one()

    assert b"certificate" not in sealed
    assert attaching.content_of(attachment, vault_of(session)) == b"a certificate"
    assert (attachment.size, attachment.uploaded_at) == (13, NOW)


def test_a_new_photo_takes_the_place_of_the_old_one(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    draft = begin_draft(session, recruitment)
    add(session, draft, upload(b"first", DocumentKind.PHOTO))
    add(session, draft, upload(b"proof", DocumentKind.SPECIALITY_PROOF))
    second = add(session, draft, upload(b"second", DocumentKind.PHOTO))
    session.commit()

    kinds = [each.kind for each in stored(session)]

    assert kinds == [DocumentKind.SPECIALITY_PROOF, DocumentKind.PHOTO]
    assert second in draft.attachments


def test_the_same_file_twice_is_there_once(session: Session, recruitment: Recruitment) -> None:
    start_writing(session)
    draft = begin_draft(session, recruitment)

    first, again = add(session, draft, upload()), add(session, draft, upload())
    other = add(session, draft, upload(kind=DocumentKind.SPECIALITY_PROOF))
    session.commit()

    assert first is again
    assert stored(session) == [first, other]


def test_one_owner_has_so_many_files_and_may_still_change_the_photo(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    draft = begin_draft(session, recruitment)
    add(session, draft, upload(b"me", DocumentKind.PHOTO))
    for number in range(MOST_FILES - 1):
        add(session, draft, upload(b"%d" % number))

    with pytest.raises(Invalid, match="最多上传12个文件，请先删除不用的"):
        add(session, draft, upload(b"one more"))
    add(session, draft, upload(b"me again", DocumentKind.PHOTO))
    session.commit()

    assert len(stored(session)) == MOST_FILES


def test_what_was_deleted_is_gone(session: Session, recruitment: Recruitment) -> None:
    start_writing(session)
    draft = begin_draft(session, recruitment)
    attachment = add(session, draft, upload())

    detach(session, attachment, actor=APPLICANT, now=NOW)
    session.commit()

    assert stored(session) == []
    assert draft.attachments == []


def test_an_upload_to_an_application_is_in_the_log_without_its_name(session: Session) -> None:
    application = make_application(session)
    start_writing(session)
    attachment = add(session, application, upload())
    detach(session, attachment, actor=APPLICANT, now=NOW)
    session.commit()

    events = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action.in_(("attach", "detach")))
    ).all()

    assert [(e.action, e.subject, e.detail) for e in events] == [
        ("attach", application.reference, {"kind": "other"}),
        ("detach", application.reference, {"kind": "other"}),
    ]


def test_submitting_hands_the_draft_s_papers_over(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    add(session, begin_draft(session, recruitment), upload(b"mine"))
    other = begin_draft(session, recruitment, "o" * 32)
    add(session, other, upload(b"somebody else's"))
    session.commit()

    start_writing(session)
    application = submit(session, answers(), token=digest(TOKEN))
    session.commit()

    [attachment] = application.attachments
    assert attaching.content_of(attachment, vault_of(session)) == b"mine"
    assert drafting.find_draft(session, TOKEN) is None
    assert len(other.attachments) == 1


def test_a_paper_that_is_there_already_is_said_at_submission(
    session: Session, recruitment: Recruitment
) -> None:
    given = relaxed_answers()
    start_writing(session)
    drafting.save_answers(session, TOKEN, recruitment.id, given, now=NOW)
    session.flush()
    draft = session.get_one(Draft, digest(TOKEN))
    add(session, draft, upload(kind=DocumentKind.SPECIALITY_PROOF))
    session.commit()

    start_writing(session)
    application = submit(session, given, token=digest(TOKEN))
    session.commit()

    assert said_of(application)["speciality_proof"] == "已上传，等工作人员核对。"


def test_a_paper_that_comes_later_is_said_too(session: Session) -> None:
    application = make_application(session, **relaxed_answers())
    start_writing(session)
    attachment = add(session, application, upload(kind=DocumentKind.SPECIALITY_PROOF))
    assert "已上传" in said_of(application)["speciality_proof"]

    detach(session, attachment, actor=APPLICANT, now=NOW)
    session.commit()

    assert "请上传" in said_of(application)["speciality_proof"]


def test_a_draft_that_is_thrown_away_takes_its_papers_along(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    add(session, begin_draft(session, recruitment), upload())
    session.commit()

    start_writing(session)
    drafting.discard(session, digest(TOKEN))
    session.commit()

    assert stored(session) == []


def test_a_draft_that_is_purged_takes_its_papers_along(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    add(session, begin_draft(session, recruitment), upload())
    session.commit()

    start_writing(session)
    purged = drafting.purge(session, now=NOW + dt.timedelta(days=60))
    session.commit()

    assert (purged, stored(session)) == (1, [])


def test_somebody_else_s_paper_is_not_found(session: Session, recruitment: Recruitment) -> None:
    mine, other = make_application(session), make_application(session)
    start_writing(session)
    attachment = add(session, mine, upload())
    draft = begin_draft(session, recruitment)
    session.commit()

    assert find_attachment(session, mine, attachment.slug) is attachment
    assert find_attachment(session, other, attachment.slug) is None
    assert find_attachment(session, draft, attachment.slug) is None
    assert find_attachment(session, mine, attachment.slug[:-1] + "!") is None


def test_a_page_of_a_stored_pdf_is_shown_as_a_picture(session: Session) -> None:
    application = make_application(session)
    start_writing(session)
    attachment = add(session, application, upload(papers.pdf(2), media_type=attaching.PDF))
    session.commit()

    assert attaching.preview(attachment, vault_of(session), 2).startswith(b"\x89PNG")
    with pytest.raises(UnreadableError):
        attaching.preview(attachment, vault_of(session), 3)


def test_no_paper_is_without_an_owner(session: Session) -> None:
    application = make_application(session)
    start_writing(session)
    add(session, application, upload())
    session.commit()

    table = Base.metadata.tables["attachment"]
    start_writing(session)
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(table).values(application_id=None))
    session.rollback()
