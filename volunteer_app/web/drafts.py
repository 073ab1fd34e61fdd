"""The applicant's draft in this browser: a cookie with its private token."""

from __future__ import annotations

import secrets
from typing import Any

from flask import g
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from ..db import db, start_writing
from ..domain.fields import Section
from ..domain.rules import Assessment, assess
from ..domain.terms import Terms
from ..domain.vocabulary import HOLDING, Channel, DocumentKind
from ..models import Application, Attachment, Draft, PrivateLink, Recruitment
from ..services import applying, drafting, judging, resuming
from ..services.answering import readable_answers
from ..vault import digest
from .clock import now, today
from .cookies import TokenCookie

_COOKIE = TokenCookie("draft")


def draft_token() -> str | None:
    """The token of this browser's draft, if any."""
    return _COOKIE.token()


def remember(response: Response, token: str) -> Response:
    return _COOKIE.remember(response, token)


def forget(response: Response) -> Response:
    return _COOKIE.forget(response)


def submitted() -> Application | None:
    """What this browser's draft has become, while it holds its person's place: who withdrew or
    was rejected may begin anew."""
    token = draft_token()
    application = applying.find_submitted(db.session, digest(token)) if token else None
    return application if application and application.status in HOLDING else None


def current_draft() -> Draft | None:
    """This browser's draft, if any; held for the request, so that it is read once a transaction."""
    token = draft_token()
    g.draft = drafting.find_draft(db.session, token) if token else None
    draft: Draft | None = g.draft
    return draft


def answers_so_far(recruitment: Recruitment) -> dict[str, Any]:
    """The answers in this browser's draft; none where there is none, or it was submitted."""
    draft = current_draft()
    return drafting.answers_in(db.session, draft, recruitment.id) if draft else {}


def keep(recruitment_id: int, answers: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Save answers over the draft's, in a transaction of their own; returns its token and all."""
    try:
        return _keep(recruitment_id, answers)
    except IntegrityError:  # pressed twice: the other press began the draft meanwhile
        return _keep(recruitment_id, answers)


def _keep(recruitment_id: int, answers: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    start_writing(db.session)
    token = draft_token()
    if token is None or (current_draft() is None and _is_used_up(token)):
        token = secrets.token_urlsafe(24)
    answers = drafting.save_answers(db.session, token, recruitment_id, answers, now=now())
    db.session.commit()
    return token, answers


def make_link(token: str) -> None:
    """A private link for the draft with that token, in a transaction of its own."""
    start_writing(db.session)
    draft = drafting.find_draft(db.session, token)
    if draft is not None:
        resuming.make_link(db.session, draft, now=now())
        db.session.commit()


def link() -> PrivateLink | None:
    """The newest private link of this browser's draft that is still good."""
    draft = current_draft()
    return resuming.link_of(db.session, draft, now=now()) if draft else None


def _is_used_up(token: str) -> bool:
    """A token whose application was withdrawn or rejected cannot submit another."""
    return applying.find_submitted(db.session, digest(token)) is not None


def incomplete(answers: dict[str, Any]) -> list[Section]:
    """The topics that were not accepted yet: `complete` in a draft names those that were."""
    accepted = answers.get("complete", [])
    return [section for section in Section if section.slug not in accepted]


def with_mark(
    section: Section, answers: dict[str, Any], earlier: dict[str, Any], *, accepted: bool
) -> dict[str, Any]:
    """The answers of one topic, with the mark whether they were accepted."""
    others = [slug for slug in earlier.get("complete", []) if slug != section.slug]
    return answers | {"complete": [*others, section.slug] if accepted else others}


def attachments() -> list[Attachment]:
    """What was uploaded to this browser's draft."""
    draft = current_draft()
    return draft.attachments if draft else []


def is_begun() -> bool:
    """Whether this browser has a draft that was not submitted."""
    return current_draft() is not None


def renewed_id() -> int | None:
    """The id of the earlier application that this browser's draft renews."""
    draft = current_draft()
    return draft.renews_id if draft else None


def kinds_at_hand() -> frozenset[DocumentKind]:
    return frozenset(attachment.kind for attachment in attachments())


def assess_so_far(
    answers: dict[str, Any], terms: Terms, *, uploaded: frozenset[DocumentKind] = frozenset()
) -> Assessment:
    """What the rules say of the answers given so far; a wrong one is as good as none. `uploaded`
    changes words, never the outcome: only who shows the words needs to ask for it."""
    given = readable_answers(answers, on=today())
    facts = judging.facts_from(given, channel=Channel.INDIVIDUAL, now=now(), uploaded=uploaded)
    return assess(facts, terms)
