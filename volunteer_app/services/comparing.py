"""补正以后: what the applicant changed since the application was sent back, for the reviewer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.fields import FIELDS, Field
from ..domain.vocabulary import UNDECIDED, DocumentKind, Status
from ..models import Application, AuditEvent, Decision
from . import showing
from .answering import SEALED, answers_of

CHANGED = "改过"


@dataclass(frozen=True)
class Difference:
    """One answer in words, before and after; both empty where only that it changed is shown."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Since:
    """What came with the last resubmission, and until when it was another's turn."""

    returned_at: dt.datetime
    resubmitted_at: dt.datetime
    answers: Sequence[Difference]
    papers: Sequence[str]


def since_the_return(session: Session, application: Application) -> Since | None:
    """None where nothing was sent back, or it is not a reviewer's turn."""
    if application.status not in UNDECIDED or application.status is Status.RETURNED:
        return None
    again = [each for each in application.decisions if each.move == "resubmit"]
    if not again:
        return None
    last = again[-1]
    returned = [d.at for d in application.decisions if d.move == "return" and d.id < last.id]
    since = returned[-1] if returned else application.submitted_at
    return Since(
        since,
        last.at,
        differences(session, application, last),
        _papers(session, application, since),
    )


def differences(session: Session, application: Application, decision: Decision) -> list[Difference]:
    """The answers that a decision changed, in the order of the catalogue: as they were, and as
    they are now. Of a sealed one only that it changed."""
    vault = vault_of(session)
    before, after = decision.open_before(vault), answers_of(application, vault)
    return [
        _difference(field, before.get(field.name), after[field.name], known=field.name in before)
        for field in FIELDS
        if field.name in decision.fields
    ]


def _difference(field: Field, before: Any, after: Any, *, known: bool) -> Difference:
    """A number stays masked; of a decision from before answers were kept nothing is known."""
    if field.name in SEALED or not known:
        return Difference(field.label, "", CHANGED)
    in_words = showing.kept_in_words
    return Difference(field.label, in_words(field.name, before), in_words(field.name, after))


def _papers(session: Session, application: Application, since: dt.datetime) -> list[str]:
    """New files by kind and name, and the kinds of those that were taken away."""
    added = [
        f"新上传{each.kind.label}：{each.filename}"
        for each in application.attachments
        if each.uploaded_at > since
    ]
    query = sa.select(AuditEvent.detail).where(
        AuditEvent.action == "detach",
        AuditEvent.subject == application.reference,
        AuditEvent.at > since,
    )
    removed = [str(detail.get("kind", "")) for detail in session.scalars(query)]
    labels = dict(DocumentKind.choices())
    return added + [f"删除了{labels[kind]}" for kind in removed if kind in labels]
