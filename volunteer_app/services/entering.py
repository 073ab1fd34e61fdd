"""登记纸质报名: a form on paper or by e-mail, from the clerk's desk into the queue."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain import regions
from ..domain.identity import identity_key, last_four
from ..domain.refusal import NotAllowed
from ..domain.rules import Assessment, assess
from ..domain.terms import day_of
from ..domain.vocabulary import Channel, IdType, ReceivedVia
from ..models import Application, Draft, Recruitment, Staff
from . import applying, drafting, judging
from .answering import readable_answers
from .auditing import Actor
from .placing import find_holder
from .yielding import gives_way

#: What a draft of the counter keeps beside the answers of the form.
_OF_THE_PAPER = frozenset({"token", "recruitment", "received_via", "received_on"})


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """没有登记完的: one line of the list; `received_on` is as it was typed."""

    token: str
    name: str
    id_type: str
    last4: str
    received_on: str
    changed_at: dt.datetime


def open_for_entry(session: Session, today: dt.date) -> Sequence[Recruitment]:
    """The recruitments into which a form may be entered, the latest first: one that is open, and
    one that closed not long ago, as a form counts by the day it came in."""
    return session.scalars(
        sa.select(Recruitment)
        .where(
            Recruitment.opens_on <= today,
            Recruitment.closes_on >= today - dt.timedelta(days=drafting.ENTRY_DAYS),
        )
        .order_by(Recruitment.opens_on.desc())
    ).all()


def find_taken(
    session: Session, recruitment: Recruitment, id_type: str, number: str
) -> Application | None:
    """The application that holds this person's place, so that no other can be entered; None for
    one that only a unit stands for, before which the person's own comes."""
    key = identity_key(IdType(id_type), number)
    holder = find_holder(session, recruitment.id, vault_of(session).index("id_number", key))
    return None if holder is None or gives_way(holder) else holder


def begin(
    session: Session,
    staff: Staff,
    recruitment: Recruitment,
    answers: Mapping[str, Any],
    *,
    now: dt.datetime,
) -> str:
    """A draft for that form; returns its token. One that this member of staff has begun for the
    same number in the same recruitment is taken up again."""
    token = _begun(session, staff, recruitment, answers) or secrets.token_urlsafe(24)
    save(session, staff, token, recruitment, answers, now=now)
    return token


def _begun(
    session: Session, staff: Staff, recruitment: Recruitment, answers: Mapping[str, Any]
) -> str | None:
    for draft in _drafts_of(session, staff):
        kept = drafting.answers_in(session, draft, draft.recruitment_id)
        if draft.recruitment_id == recruitment.id and kept["id_number"] == answers["id_number"]:
            return str(kept["token"])
    return None


def _drafts_of(session: Session, staff: Staff) -> Sequence[Draft]:
    """Not those of a press that another one overtook: their form is filed."""
    filed = sa.exists().where(Application.submission_token == Draft.token_digest)
    query = sa.select(Draft).where(Draft.staff_id == staff.id, ~filed)
    return session.scalars(query.order_by(Draft.changed_at.desc())).all()


def save(
    session: Session,
    staff: Staff,
    token: str,
    recruitment: Recruitment,
    answers: Mapping[str, Any],
    *,
    now: dt.datetime,
) -> None:
    """Keep what was typed, whatever it is. Raises NotAllowed for a draft of somebody else."""
    draft = drafting.find_draft(session, token)
    if draft is not None and draft.staff_id != staff.id:
        raise NotAllowed("这份登记是别人开始的，请回到“登记纸质报名”另行登记。")
    kept = {**answers, "token": token}
    drafting.save_answers(session, token, recruitment.id, kept, now=now, staff_id=staff.id)


def find_entry(session: Session, staff: Staff, token: str) -> Draft | None:
    """What this member of staff has begun under that token; another's is as if it were not
    there."""
    draft = drafting.find_draft(session, token)
    return draft if draft is not None and draft.staff_id == staff.id else None


def unfinished(session: Session, staff: Staff) -> list[Unfinished]:
    """What this member of staff began and did not file, the latest first: only their own, as the
    papers lie on their desk and a draft holds whole numbers."""
    found = []
    for draft in _drafts_of(session, staff):
        kept = drafting.answers_in(session, draft, draft.recruitment_id)
        found.append(
            Unfinished(
                token=kept["token"],
                name=kept.get("name") or "",
                id_type=kept.get("id_type") or "",
                last4=last_four(kept.get("id_number") or ""),
                received_on=kept.get("received_on") or "",
                changed_at=draft.changed_at,
            )
        )
    return found


def assess_entry(
    answers: Mapping[str, Any], recruitment: Recruitment, *, received_on: dt.date, now: dt.datetime
) -> Assessment:
    """What the rules say of a form as far as it was typed."""
    given = readable_answers(_of_the_person(answers), on=day_of(now))
    facts = judging.facts_from(given, channel=Channel.PAPER, now=now, received_on=received_on)
    return assess(facts, recruitment.terms)


def _of_the_person(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if name not in _OF_THE_PAPER}


def enter(
    session: Session,
    recruitment: Recruitment,
    answers: Mapping[str, Any],
    *,
    token_digest: str,
    received_on: dt.date,
    received_via: ReceivedVia,
    actor: Actor,
    now: dt.datetime,
) -> Application:
    """File it; a second time returns what the first made.

    Raises Duplicate, Invalid, and NotAllowed where the person applies in a prefecture that is not
    the one this member of staff is bound to.
    """
    region = actor.staff.region if actor.staff else None
    if region is not None and answers.get("region") != region:
        raise NotAllowed(f"您只能登记报名地在{regions.region(region).name}的人。")
    return applying.submit(
        session,
        recruitment,
        _of_the_person(answers),
        submission_token=token_digest,
        channel=Channel.PAPER,
        actor=actor,
        now=now,
        received_on=received_on,
        received_via=received_via,
    )
