"""沿用: papers of an earlier application, for the draft that renews it; none goes by itself."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.uploads import BY_APPLICANT
from ..models import Application, Attachment, Draft
from . import attaching
from .attaching import Upload
from .auditing import Actor


def offered_papers(session: Session, draft: Draft) -> list[Attachment]:
    """Papers of the earlier application that the draft does not have yet."""
    if draft.renews_id is None:
        return []
    earlier = session.get_one(Application, draft.renews_id)
    there = {paper.digest for paper in draft.attachments}
    return [
        paper
        for paper in earlier.attachments
        if paper.kind in BY_APPLICANT and paper.digest not in there
    ]


def is_carried_over(session: Session, draft: Draft, paper: Attachment) -> bool:
    """Whether a paper of the draft is a copy of one of the earlier application."""
    if draft.renews_id is None:
        return False
    earlier = session.get_one(Application, draft.renews_id)
    return paper.digest in {each.digest for each in earlier.attachments}


def find_offered(session: Session, draft: Draft, slug: str) -> Attachment | None:
    return next((paper for paper in offered_papers(session, draft) if paper.slug == slug), None)


def carry_over(
    session: Session, draft: Draft, paper: Attachment, *, actor: Actor, now: dt.datetime
) -> Attachment:
    """沿用: a copy for the draft, sealed anew. Raises Invalid, field `file`, where there are too
    many."""
    upload = Upload(
        kind=paper.kind,
        filename=paper.filename,
        media_type=paper.media_type,
        content=attaching.content_of(paper, vault_of(session)),
        pages=paper.pages,
    )
    return attaching.attach(session, upload, draft, actor=actor, now=now)


def give_back(
    session: Session,
    application: Application,
    earlier: Application,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take the copies away again: the application has turned out to be somebody else's."""
    papers = {paper.digest for paper in earlier.attachments}
    for copy in [paper for paper in application.attachments if paper.digest in papers]:
        attaching.detach(session, copy, actor=actor, now=now)
