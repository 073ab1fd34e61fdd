"""草稿: answers so far, sealed on the server, found by a private token."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.fields import Section, in_section
from ..domain.identity import read_email
from ..domain.refusal import Invalid
from ..domain.terms import day_of
from ..models import Draft, Recruitment
from ..vault import Vault, digest

#: Days after the closing day for which an unfinished draft is kept.
KEEP_DAYS = 30
#: The same for one of the counter, where a form that came in time may be entered later.
ENTRY_DAYS = 60


def find_draft(session: Session, token: str) -> Draft | None:
    return session.get(Draft, digest(token))


def answers_in(session: Session, draft: Draft, recruitment_id: int) -> dict[str, Any]:
    """The draft's answers for that recruitment. What was declared, consented to and accepted for
    an earlier one is asked anew."""
    answers = all_answers(session, draft)
    if draft.recruitment_id == recruitment_id:
        return answers
    return {name: value for name, value in answers.items() if name not in _ANEW}


def all_answers(session: Session, draft: Draft) -> dict[str, Any]:
    """What was saved, whatever recruitment it was for."""
    text = vault_of(session).open(draft.answers_sealed, _bound(draft.token_digest))
    answers: dict[str, Any] = json.loads(text)
    return answers


def address_of(session: Session, draft: Draft) -> str:
    """The e-mail address in its answers; empty where there is none, or none that can be used."""
    return _usable_address(all_answers(session, draft))


def token_of(session: Session, draft: Draft) -> str:
    """The token of its private link; empty for a draft of before it was kept."""
    if draft.token_sealed is None:
        return ""
    return vault_of(session).open(draft.token_sealed, f"draft:{draft.token_digest}:token")


def _usable_address(answers: Mapping[str, Any]) -> str:
    typed = str(answers.get("email") or "")
    try:
        return read_email(typed) if typed else ""
    except Invalid:  # a draft keeps whatever was typed
        return ""


def email_index(vault: Vault, email: str) -> bytes:
    """What finds an address on file without opening any; upper and lower case are the same."""
    return vault.index("email", email.lower())


_ANEW = frozenset(
    {field.name for field in in_section(Section.PLEDGES)} | {"complete", "human_review"}
)


def save_answers(
    session: Session,
    token: str,
    recruitment_id: int,
    answers: dict[str, Any],
    *,
    now: dt.datetime,
    staff_id: int | None = None,
) -> dict[str, Any]:
    """Put the answers over those of the draft with that token, beginning one if there is none (for
    that member of staff, who enters it at the counter); returns all of them."""
    token_digest, asked_address = digest(token), "email" in answers
    draft = session.get(Draft, token_digest)
    if draft is None:
        draft = Draft(
            token_digest=token_digest,
            recruitment_id=recruitment_id,
            created_at=now,
            staff_id=staff_id,
        )
        session.add(draft)
    else:
        answers = answers_in(session, draft, recruitment_id) | answers
    text, vault = json.dumps(answers, ensure_ascii=False), vault_of(session)
    draft.answers_sealed = vault.seal(text, _bound(token_digest))
    if draft.token_sealed is None:
        draft.token_sealed = vault.seal(token, f"draft:{token_digest}:token")
    if asked_address:
        email = _usable_address(answers)
        draft.email_index = email_index(vault, email) if email else None
    draft.recruitment_id = recruitment_id
    draft.changed_at = now
    return answers


def discard(session: Session, token_digest: str) -> int | None:
    """Forget a draft, because it was submitted or its owner says so; returns the id of the
    application that it renews, if it does."""
    deleted = sa.delete(Draft).where(Draft.token_digest == token_digest)
    return session.scalar(deleted.returning(Draft.renews_id))


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete the drafts whose recruitment closed more than KEEP_DAYS ago, those of the counter
    after ENTRY_DAYS; returns how many."""
    own = Draft.staff_id.is_(None) & Draft.recruitment_id.in_(_closed(KEEP_DAYS, now))
    entries = Draft.staff_id.is_not(None) & Draft.recruitment_id.in_(_closed(ENTRY_DAYS, now))
    deleted = sa.delete(Draft).where(own | entries).returning(Draft.token_digest)
    return len(session.scalars(deleted).all())


def _closed(days: int, now: dt.datetime) -> sa.Select[int]:
    """The recruitments that closed more than that many days ago."""
    closed_before = day_of(now) - dt.timedelta(days=days)
    return sa.select(Recruitment.id).where(Recruitment.closes_on < closed_before)


def _bound(token_digest: str) -> str:
    return f"draft:{token_digest}"
