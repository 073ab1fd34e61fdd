"""草稿: answers so far, sealed on the server, found by a private token."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..models import Draft
from ..vault import digest

#: Days after the closing day for which an unfinished draft is kept.
KEEP_DAYS = 30


def find_draft(session: Session, token: str) -> Draft | None:
    return session.get(Draft, digest(token))


def answers_in(session: Session, draft: Draft) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(
        vault_of(session).open(draft.answers_sealed, _bound(draft.token_digest))
    )
    return answers


def save_answers(
    session: Session,
    token: str,
    recruitment_id: int,
    answers: dict[str, Any],
    *,
    now: dt.datetime,
) -> dict[str, Any]:
    """Put the answers over those of the draft with that token, beginning one if there is none;
    returns all of them."""
    token_digest = digest(token)
    draft = session.get(Draft, token_digest)
    if draft is None:
        draft = Draft(token_digest=token_digest, recruitment_id=recruitment_id, created_at=now)
        session.add(draft)
    else:
        answers = answers_in(session, draft) | answers
    text = json.dumps(answers, ensure_ascii=False)
    draft.answers_sealed = vault_of(session).seal(text, _bound(token_digest))
    draft.recruitment_id = recruitment_id
    draft.changed_at = now
    return answers


def discard(session: Session, token_digest: str) -> None:
    """Forget a draft, because it was submitted or its owner says so."""
    session.execute(sa.delete(Draft).where(Draft.token_digest == token_digest))


def _bound(token_digest: str) -> str:
    return f"draft:{token_digest}"
