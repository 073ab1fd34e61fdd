"""续聘: applying again, from what was answered before; its earlier terms, and what has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from ..db import vault_of
from ..domain.appointments import EndReason
from ..domain.fields import FIELDS, Field, Section, in_section
from ..domain.messages import MessageKind
from ..domain.refusal import Duplicate, NotAllowed, NotOpen
from ..domain.requests import LinkPurpose
from ..domain.terms import day_of
from ..models import Application, Appointment, Draft, Recruitment, RenewalWish
from ..vault import Vault, digest
from . import carrying, drafting, linking, messaging, recruiting, showing
from .answering import SEALED, answers_of
from .appointing import other_terms
from .auditing import Actor, record
from .placing import find_holder

#: Days before the last day of a term from which its holder is offered to apply again.
OFFERED_DAYS = 90
#: Messages in one transaction, so that nobody waits long for their turn to write.
MOST_AT_ONCE = 200
#: What whoever knows a reference and four figures types again.
TYPED_AGAIN = frozenset({*SEALED, "birth_date", "address"})
_ASKED_ANEW = frozenset(field.name for field in in_section(Section.PLEDGES))
#: The mark in a draft that was begun from the private link: it holds the person's own numbers.
BY_LINK = "by_link"


def is_offered(application: Application, today: dt.date) -> bool:
    """Whether its term is over, or will be within OFFERED_DAYS; never to who has died."""
    term = application.appointment
    if term is None or has_died(application):
        return False
    last = term.last_day_served
    return last is None or today >= last - dt.timedelta(days=OFFERED_DAYS)


def prefill(session: Session, application: Application, *, with_numbers: bool) -> dict[str, Any]:
    """Its answers as a new draft holds them: nothing declared, consented to or accepted yet, and
    without `with_numbers` nothing that is only shown in part."""
    left_out = _ASKED_ANEW if with_numbers else _ASKED_ANEW | TYPED_AGAIN
    answers = answers_of(application, vault_of(session))
    kept = {name: value for name, value in answers.items() if name not in left_out}
    return kept | ({BY_LINK: True} if with_numbers else {})


def has_applied(session: Session, application: Application, recruitment: Recruitment) -> bool:
    """Whether its person has a place in that recruitment already."""
    return find_holder(session, recruitment.id, application.id_number_index) is not None


def begin(
    session: Session,
    application: Application,
    recruitment: Recruitment,
    token: str,
    *,
    with_numbers: bool,
    actor: Actor,
    now: dt.datetime,
) -> Draft:
    """A draft under that token, filled from an application that brought a term. `with_numbers` is
    for who came by the private link. Raises NotOpen, NotAllowed, Duplicate."""
    if not recruitment.terms.is_open(now):
        raise NotOpen("本次招募现在不接受报名。")
    if application.appointment is None:
        raise NotAllowed("没有聘任过的，请直接报名。")
    if has_applied(session, application, recruitment):
        raise Duplicate("您在本次招募中已经报过名，不用再报一份。请用报名编号查询进度。")
    answers = prefill(session, application, with_numbers=with_numbers)
    drafting.save_answers(session, token, recruitment.id, answers, now=now)
    draft = session.get_one(Draft, digest(token))
    draft.renews_id = application.id
    record(session, "begin_renewal", application.reference, actor=actor, now=now)
    return draft


def settle(
    session: Session, application: Application, earlier_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """A new application follows the one that its draft began from, if its person is the same by
    the number; else it is like any other, and has no papers of that one."""
    earlier = session.get_one(Application, earlier_id)
    if earlier.id_number_index == application.id_number_index:
        application.renews_id = earlier.id
        return
    carrying.give_back(session, application, earlier, actor=actor, now=now)


def earlier_terms(session: Session, application: Application) -> Sequence[Appointment]:
    """The same person's terms under other applications, wherever they were, newest first."""
    query = other_terms(session, application).order_by(Appointment.id.desc())
    return session.scalars(query.options(selectinload(Appointment.endings))).all()


def compared_with(application: Application, terms: Sequence[Appointment]) -> Application | None:
    """The application that it was filled from, or the one of the newest of those terms."""
    if application.renews is not None or not terms:
        return application.renews
    return terms[0].application


def changes(new: Application, old: Application, vault: Vault) -> list[tuple[Field, str, str]]:
    """What is answered otherwise than before, in the order of the catalogue, in words; of what is
    kept sealed only that it is."""
    changed = []
    for field in FIELDS:
        if field.section is Section.PLEDGES:  # asked anew each time
            continue
        if field.name in SEALED:
            if new.open(field.name, vault) != old.open(field.name, vault):
                changed.append((field, "", "改过"))
        elif (after := getattr(new, field.name)) != (before := getattr(old, field.name)):
            changed.append(
                (field, showing.in_words(field.name, before), showing.in_words(field.name, after))
            )
    return changed


def open_one(session: Session, *, now: dt.datetime) -> Recruitment | None:
    """The recruitment that takes applications at this moment."""
    recruitment = recruiting.current(session, day_of(now))
    return recruitment if recruitment and recruitment.terms.is_open(now) else None


def wishes(session: Session, application: Application) -> bool:
    """Whether its person waits to be told when a recruitment opens."""
    wish = session.get(RenewalWish, application.id)
    return wish is not None and wish.told_at is None


def wish(session: Session, application: Application, *, actor: Actor, now: dt.datetime) -> None:
    """开始后通知我: tell its person when the next recruitment opens; a second time is the first."""
    if wishes(session, application):
        return
    there = session.get(RenewalWish, application.id)
    try:
        with session.begin_nested():
            if there is None:
                session.add(RenewalWish(application_id=application.id, asked_at=now))
            else:
                there.asked_at, there.told_at = now, None
    except IntegrityError:  # pressed twice at once: the other press was first
        return
    record(session, "ask_to_be_told", application.reference, actor=actor, now=now)


def wish_no_more(
    session: Session, application: Application, *, actor: Actor, now: dt.datetime
) -> None:
    """Take it back; nothing happens where nobody waits."""
    if not wishes(session, application):
        return
    session.delete(session.get_one(RenewalWish, application.id))
    record(session, "ask_no_more", application.reference, actor=actor, now=now)


def announce(session: Session, *, now: dt.datetime) -> int:
    """Tell everybody who waits that a recruitment has opened, once; returns how many messages it
    wrote: MOST_AT_ONCE when there may be more. Who has applied already, or has died, is not
    written to."""
    recruitment = open_one(session, now=now)
    if recruitment is None:
        return 0
    waiting = (
        sa.select(RenewalWish)
        .where(RenewalWish.told_at.is_(None))
        .options(joinedload(RenewalWish.application))
        .order_by(RenewalWish.application_id)
    )
    written, last = 0, 0
    while some := _next_of(session, waiting, after=last, most=MOST_AT_ONCE - written):
        for each in some:
            last = each.application_id
            needless = _need_not_know(session, each.application, recruitment)
            told = not needless and _tell(session, each, recruitment, now=now)
            if needless or told:
                each.told_at = now
            written += told
        session.flush()
    return written


def _next_of(
    session: Session, waiting: sa.Select[RenewalWish], *, after: int, most: int
) -> Sequence[RenewalWish]:
    query = waiting.where(RenewalWish.application_id > after).limit(most)
    return session.scalars(query).all() if most else []


def _need_not_know(session: Session, application: Application, recruitment: Recruitment) -> bool:
    return has_died(application) or has_applied(session, application, recruitment)


def _tell(
    session: Session, wish: RenewalWish, recruitment: Recruitment, *, now: dt.datetime
) -> bool:
    """Once for each wish: who wishes again may be told again, of the same recruitment too, where
    it was opened anew."""
    application = wish.application
    about: dict[str, Any] = {"recruitment_id": recruitment.id}
    if application.email_sealed is not None:  # by telephone nobody can read out a link
        days = (recruitment.closes_on - day_of(now)).days + 1
        link = linking.new_link(
            session, LinkPurpose.RENEW, application=application, now=now, days=days
        )
        about["link_digest"] = link.token_digest
    asked = f"{wish.asked_at.astimezone(dt.UTC):%Y%m%dT%H%M%S}"
    key = f"opens:{recruitment.slug}:{application.reference}:{asked}"
    message = messaging.tell(session, MessageKind.OPENS, application, key=key, now=now, **about)
    return message is not None


def has_died(application: Application) -> bool:
    term = application.appointment
    endings = [ending for ending in term.endings if ending.undone_at is None] if term else []
    return any(ending.reason is EndReason.DIED for ending in endings)
