"""What an applicant does after submission: correct what was sent back, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.days import in_words
from ..domain.refusal import Duplicate, NotAllowed
from ..domain.terms import day_of
from ..domain.vocabulary import UNDECIDED, DocumentKind, Status
from ..domain.workflow import find_move
from ..models import Application, Appointment, Decision
from . import counting, judging, linking, messaging, serving
from .answering import answers_of, fill, read_answers
from .applying import DUPLICATE, replace_name_tokens
from .appointing import take_turn
from .auditing import Actor, record
from .deciding import decide
from .reviewing import make_move

#: What a decision is called that changes answers and moves nothing.
AMEND = "amend"


def resubmit(
    session: Session,
    application: Application,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> Decision:
    """Take the corrections of the fields that were sent back, and only those, and send it again.

    Raises NotAllowed when it is not the applicant's turn or the due date has passed, Invalid for a
    wrong number, Duplicate when the corrected number already has a place.
    """
    move = find_move("resubmit", application.status)
    if move is None:
        raise NotAllowed(f"这份报名现在是“{application.status.label}”，不用补正。")
    if application.due_on is not None and application.due_on < day_of(now):
        raise NotAllowed("补正期限已过，请与协会联系，由工作人员延长期限。")
    corrected = {
        name: value for name, value in answers.items() if name in opened_fields(application)
    }
    before = answers_of(application, vault_of(session))
    changed = change_answers(session, application, corrected, now=now)
    decision = make_move(session, application, move, actor=actor, now=now, fields=changed)
    decision.seal_before({name: before[name] for name in changed}, vault_of(session))
    return decision


def amend(
    session: Session,
    application: Application,
    corrected: Mapping[str, Any],
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Decision:
    """更正: staff put right what is stored, because the person asked for it; the application stays
    where it is. The reason is kept with the decision only, so that erasing takes it away. Raises
    NotAllowed where nothing is different, terms of one person would overlap, or the person's data
    were erased; Invalid or Duplicate."""
    if application.is_erased:
        raise NotAllowed("这份报名的资料已经删除，不能更正。")
    before = answers_of(application, vault_of(session))
    changed = change_answers(session, application, corrected, now=now)
    if not changed:
        raise NotAllowed("没有改动任何内容，没有记下。")
    if application.appointment is not None and {"id_number", "id_type"} & set(changed):
        _refuse_overlap(session, application.appointment)
    application.changed_at = now
    if application.appointment is not None:
        application.appointment.region = application.region
    if application.status in UNDECIDED:
        judging.keep(application, judging.assess_application(application))
    status = application.status
    decision = decide(
        session,
        application,
        AMEND,
        status,
        message=None,
        actor=actor,
        now=now,
        reason=reason,
        fields=changed,
    )
    decision.seal_before({name: before[name] for name in changed}, vault_of(session))
    record(session, AMEND, application.reference, actor=actor, now=now, fields=changed)
    return decision


def _refuse_overlap(session: Session, term: Appointment) -> None:
    """The number belongs to somebody who served, or serves, on the same days under another one."""
    take_turn(session)
    if other := serving.overlapping(session, term):
        raise NotAllowed(
            f"这个证件号码的本人已有一段聘期（{other.number}，从{in_words(other.starts_on)}起），"
            "与这一段重叠，没有更正。请先核对两份是不是同一人；"
            "是同一人、后一段还没有开始的，先把后一段提前解聘，再更正。"
        )


def change_answers(
    session: Session, application: Application, corrected: Mapping[str, Any], *, now: dt.datetime
) -> list[str]:
    """Put corrected answers (as a draft keeps them) over the stored ones, with all that hangs on
    them; returns the names of the fields that changed. Raises Invalid or Duplicate."""
    vault = vault_of(session)
    given = read_answers(answers_of(application, vault) | dict(corrected), on=day_of(now))
    given |= {name: value for name, value in corrected.items() if value in ("", None)}
    old_region = application.region
    changed = fill(application, given, vault)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Duplicate(DUPLICATE) from error
    if "name" in changed:
        replace_name_tokens(session, application)
    for field, kind in _PROVEN.items():
        if field in changed:
            _look_again(session, application, kind)
    if "email" in changed:  # those that were sent to the old address may be in a stranger's hands
        linking.end_links(session, application)
        if application.email_sealed is None:
            messaging.leave_to_the_telephone(session, application, now=now)
    if "region" in changed:
        counting.relocated(session, application, old_region)
    return changed


#: What a seen original proved is to be looked at again when the answer changed.
_PROVEN = {
    "speciality": DocumentKind.SPECIALITY_PROOF,
    "id_number": DocumentKind.GUARDIAN_CONSENT,
}


def _look_again(session: Session, application: Application, kind: DocumentKind) -> None:
    for sighting in [seen for seen in application.sightings if seen.kind is kind]:
        application.sightings.remove(sighting)
        session.delete(sighting)


#: Fields that only make sense together are opened together.
_TOGETHER = (
    {"id_type", "id_number", "birth_date", "gender"},
    {"region", "county"},
)


def opened_fields(application: Application) -> frozenset[str]:
    """The names of the answers the applicant may change now."""
    if application.status is not Status.RETURNED:
        return frozenset()
    return together(application.fields_to_correct)


def together(names: Iterable[str]) -> frozenset[str]:
    """Those answers, and the others that only make sense with them."""
    named = set(names)
    return frozenset(named.union(*(group for group in _TOGETHER if group & named)))


def withdraw(
    session: Session, application: Application, *, actor: Actor, now: dt.datetime
) -> Decision:
    """撤回. Raises NotAllowed once a decision has been made."""
    move = find_move("withdraw", application.status)
    if move is None:
        raise NotAllowed(f"这份报名现在是“{application.status.label}”，不能撤回。")
    return make_move(session, application, move, actor=actor, now=now)
