"""A person's own application comes before one that a unit made and nobody has confirmed."""

from __future__ import annotations

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from ..domain.vocabulary import Channel
from ..domain.workflow import find_move
from ..models import Application
from .auditing import Actor
from .reviewing import make_move

REASON = "本人自己报了名，单位推荐的这份不再处理"


def give_way(
    session: Session,
    holder: Application,
    application: Application,
    *,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """Withdraw what a unit handed in (`holder`) for the person who now applies in person, or on
    paper; who named the person, names the new application. False where the place stays taken."""
    if application.channel is Channel.UNIT or not withdraw_unconfirmed(
        session, holder, reason=REASON, actor=actor, now=now
    ):
        return False
    session.flush()
    for nominee in list(holder.nominees):
        nominee.application = application
    return True


def withdraw_unconfirmed(
    session: Session, application: Application, *, reason: str, actor: Actor, now: dt.datetime
) -> bool:
    """End an application that only a unit stands for; False where it is the person's own now, or
    decided. It is the person who moves it, also where staff write it down for them."""
    move = find_move("withdraw", application.status)
    if move is None or not gives_way(application):
        return False
    person = dataclasses.replace(actor, staff=None)
    make_move(session, application, move, actor=person, now=now, reason=reason)
    return True


def gives_way(application: Application) -> bool:
    """Whether only a unit stands for it, so that the person's own application comes before it."""
    return (
        application.channel is Channel.UNIT
        and not application.nominee_confirmed
        and find_move("withdraw", application.status) is not None
    )
