"""附件: read in the sandbox, sealed into the database in the transaction of what they belong to."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from .. import sandbox
from ..db import vault_of
from ..domain.refusal import Invalid
from ..domain.uploads import (
    LIMITS,
    LONGEST_SIDE,
    MOST_FILES,
    MOST_PAGES,
    MOST_PIXELS,
    megabytes,
    safe_filename,
    sentence,
    too_large,
)
from ..domain.vocabulary import UNDECIDED, DocumentKind
from ..models import Application, Attachment, Draft, Recommendation
from ..sandbox.pictures import kind_of
from ..vault import Vault
from . import judging
from .auditing import Actor, record

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
Owner = Draft | Application | Recommendation
#: Longest side in pixels of a PDF page shown in place.
_PREVIEW_SIDE = 1600


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that has been read and found good; `content` is what will be kept."""

    kind: DocumentKind
    filename: str
    media_type: str
    content: bytes
    pages: int


def read_upload(content: bytes, filename: str, kind: DocumentKind) -> Upload:
    """Look at a stranger's file, in the sandbox: pictures are made anew, PDFs kept as they are.

    Slow (a child process): call it before a transaction. Raises Invalid, field `file`.
    """
    if len(content) > LIMITS[kind]:
        raise Invalid(too_large(kind, megabytes(len(content))), field="file")
    try:
        return _read(content, safe_filename(filename), kind)
    except sandbox.UnreadableError as error:
        raise Invalid(sentence(error.reason, error.told), field="file") from error


def _read(content: bytes, filename: str, kind: DocumentKind) -> Upload:
    if kind_of(content) == "pdf":
        if kind is DocumentKind.PHOTO:
            raise sandbox.UnreadableError("photo_is_pdf")
        answer = sandbox.run("pdf", content, most_pages=MOST_PAGES)
        kept, media_type = content, PDF
    else:
        answer = sandbox.run(
            "picture", content, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE[kind]
        )
        kept, media_type = answer.body, JPEG
    return Upload(
        kind=kind,
        filename=filename,
        media_type=media_type,
        content=kept,
        pages=answer.told["pages"],
    )


def attach(
    session: Session, upload: Upload, owner: Owner, *, actor: Actor, now: dt.datetime
) -> Attachment:
    """Keep it with its owner. A new photo takes the place of the old one; the same file a second
    time is the first one. Raises Invalid, field `file`, where there are too many."""
    digest = sha256(upload.content).hexdigest()
    for other in list(owner.attachments):
        if other.kind is upload.kind and other.digest == digest:
            return other
        if other.kind is upload.kind is DocumentKind.PHOTO and other.uploaded_by == actor.name:
            _remove(session, owner, other)
    if len(owner.attachments) >= MOST_FILES:
        raise Invalid(f"最多上传{MOST_FILES}个文件，请先删除不用的", field="file")
    attachment = Attachment(
        slug=secrets.token_urlsafe(16),
        kind=upload.kind,
        filename=upload.filename,
        media_type=upload.media_type,
        size=len(upload.content),
        pages=upload.pages,
        digest=digest,
        uploaded_by=actor.name,
        uploaded_at=now,
    )
    attachment.content_sealed = attachment.seal(upload.content, vault_of(session))
    owner.attachments.append(attachment)
    session.flush()
    _judge_again(owner)
    record(session, "attach", _subject(owner), actor=actor, now=now, kind=upload.kind.value)
    return attachment


def detach(session: Session, attachment: Attachment, *, actor: Actor, now: dt.datetime) -> None:
    """Delete it, content and all."""
    owner = attachment.draft or attachment.application or attachment.recommendation
    if owner is None:
        return
    kind = attachment.kind.value
    _remove(session, owner, attachment)
    _judge_again(owner)
    record(session, "detach", _subject(owner), actor=actor, now=now, kind=kind)


def _remove(session: Session, owner: Owner, attachment: Attachment) -> None:
    session.delete(attachment)
    session.flush()
    session.expire(owner, ["attachments"])


def _judge_again(owner: Owner) -> None:
    """A finding says whether a paper is at hand."""
    if isinstance(owner, Application) and owner.status in UNDECIDED:
        judging.keep(owner, judging.assess_application(owner))


def _subject(owner: Owner) -> str:
    return "draft" if isinstance(owner, Draft) else owner.reference


def kinds_at_hand(session: Session, token_digest: str) -> frozenset[DocumentKind]:
    """What was uploaded to that draft."""
    query = sa.select(Attachment.kind).where(Attachment.draft_digest == token_digest)
    return frozenset(session.scalars(query))


def hand_over(session: Session, token_digest: str, application: Application) -> None:
    """What was uploaded to the draft belongs to the application now; before the draft goes."""
    held = sa.select(Draft.token_digest).where(Draft.token_digest == token_digest)
    session.execute(held.with_for_update())  # an upload that is under way comes first
    session.execute(
        sa.update(Attachment)
        .where(Attachment.draft_digest == token_digest)
        .values(draft_digest=None, application_id=application.id)
    )
    session.expire(application, ["attachments"])


def find_attachment(session: Session, owner: Owner, slug: str) -> Attachment | None:
    """One of that owner's, with its content."""
    column = {
        Draft: Attachment.draft_digest,
        Application: Attachment.application_id,
        Recommendation: Attachment.recommendation_id,
    }[type(owner)]
    key = owner.token_digest if isinstance(owner, Draft) else owner.id
    query = sa.select(Attachment).where(Attachment.slug == slug, column == key)
    return session.scalar(query.options(undefer(Attachment.content_sealed)))


def content_of(attachment: Attachment, vault: Vault) -> bytes:
    return attachment.open(vault)


def preview(attachment: Attachment, vault: Vault, page: int) -> bytes:
    """Page `page` (from 1) of a PDF as PNG, made in the sandbox. Raises UnreadableError."""
    answer = sandbox.run(
        "pdf_page", attachment.open(vault), number=page, longest_side=_PREVIEW_SIDE
    )
    return answer.body
