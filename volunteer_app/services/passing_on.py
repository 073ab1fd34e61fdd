"""What becomes of an application when the unit it was made for stands for it no longer."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.vocabulary import UNDECIDED, Channel, NomineeStatus
from ..models import Application
from . import correcting, judging
from .auditing import Actor
from .yielding import withdraw_unconfirmed


def end_or_pass_on(
    session: Session, application: Application, *, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Withdraw it, or let it stand for another unit that names the person and has no answer yet,
    with what that unit wrote: neither unit sees the other's words."""
    waiting = [each for each in application.nominees if each.status is NomineeStatus.ASKED]
    if application.channel is not Channel.UNIT or application.status not in UNDECIDED:
        return
    if not waiting:
        withdraw_unconfirmed(session, application, reason=reason, actor=actor, now=now)
        return
    answers = waiting[0].open_answers(vault_of(session))
    correcting.change_answers(session, application, answers, now=now)
    application.submission_token = waiting[0].token_digest
    judging.keep(application, judging.assess_application(application))
