"""删除资料: what is stored of a person goes; that an application was, and how it ended, stays."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import MessageStatus
from ..domain.permissions import Permission, may
from ..domain.refusal import NotAllowed
from ..domain.requests import RequestKind, RequestStatus
from ..domain.terms import day_of
from ..domain.vocabulary import UNDECIDED, Declaration, PoliticalStatus, Status
from ..models import (
    Application,
    Draft,
    Message,
    NameToken,
    PrivateLink,
    RenewalWish,
)
from ..vault import Vault
from .auditing import Actor, record
from .requesting import settle

#: What stands where a name was.
ERASED = "已删除"
#: Years after the last day of a term for which its service record is kept.
KEEP_YEARS = 10
_NO_DAY = dt.date(1900, 1, 1)
_EMPTIED = ("occupation", "employer", "job_title", "address", "speciality", "experience")


def why_not(application: Application, *, today: dt.date) -> str | None:
    """The sentence why it cannot be erased yet, or None."""
    if application.is_erased:
        return "这份报名的资料已经删除。"
    if application.status in UNDECIDED:
        return f"这份报名现在是“{application.status.label}”，请先由本人撤回，或者作出决定。"
    kept_until = _kept_until(application)
    if application.status is Status.APPROVED and kept_until and today <= kept_until:
        return (
            f"聘任的服务记录保留到聘期结束以后{KEEP_YEARS}年，"
            f"也就是{kept_until.year}年{kept_until.month}月{kept_until.day}日，现在不能删除。"
        )
    return None


def _kept_until(application: Application) -> dt.date | None:
    term = application.appointment
    if term is None:
        return None
    last = term.last_day_served or term.starts_on
    try:
        return last.replace(year=last.year + KEEP_YEARS)
    except ValueError:  # 29 February
        return dt.date(last.year + KEEP_YEARS, 2, 28)


def erase(
    session: Session, application: Application, *, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Delete all that is stored of the person. Numbers of applications, the term and its
    certificates, who decided and when stay; nothing of it finds or names the person any more.

    Raises NotAllowed while it is undecided, or the record of a term has to be kept.
    """
    if actor.staff is None or not may(actor.staff.role, Permission.ERASE):
        raise NotAllowed("资料由管理员删除。")
    if cause := why_not(application, today=day_of(now)):
        raise NotAllowed(cause)
    vault = vault_of(session)
    _settle_requests(session, application, vault, actor=actor, now=now)
    _delete_rows(session, application)
    _empty_others(session, application, vault)
    _empty(application, vault)
    application.changed_at = now
    record(session, "erase", application.reference, actor=actor, now=now, reason=reason)
    session.flush()


def _settle_requests(
    session: Session, application: Application, vault: Vault, *, actor: Actor, now: dt.datetime
) -> None:
    for each in application.requests:
        if each.status is RequestStatus.OPEN:
            granted = each.kind is RequestKind.DELETION
            settle(session, each, granted=granted, words="", actor=actor, now=now)
        each.answer = ""
        each.seal_words("", vault)


def _delete_rows(session: Session, application: Application) -> None:
    for rows in (application.attachments, application.sightings):
        for row in list(rows):
            session.delete(row)
    session.flush()
    session.expire(application, ["attachments", "sightings"])
    of_it = {
        NameToken: NameToken.application_id,
        PrivateLink: PrivateLink.application_id,
        RenewalWish: RenewalWish.application_id,
        Draft: Draft.renews_id,
    }
    for table, column in of_it.items():
        session.execute(sa.delete(table).where(column == application.id))


def _empty_others(session: Session, application: Application, vault: Vault) -> None:
    """Words in rows that stay: they may name the person."""
    for decision in application.decisions:
        decision.reason, decision.before_sealed = "", None
    if (term := application.appointment) is not None:
        for ending in term.endings:
            ending.words = ending.undone_reason = ""
        for certificate in term.certificates:
            certificate.reason = ""
    for nominee in application.nominees:  # the code of the sealed list is not made anew
        unit = nominee.recommendation
        unit.return_reason = unit.return_reason.replace(nominee.name, ERASED)
        nominee.name, nominee.id_number_last4 = ERASED, ""
        nominee.id_number_index = secrets.token_bytes(32)
        nominee.seal_answers({}, vault)
    of_it = Message.application_id == application.id
    session.execute(sa.update(Message).where(of_it).values(edited_sealed=None, leased_until=None))
    waiting = Message.status.in_((MessageStatus.WAITING, MessageStatus.FAILED))
    dropped = {"status": MessageStatus.CANCELLED, "error": "资料已删除"}
    session.execute(sa.update(Message).where(of_it, waiting).values(**dropped))


def _empty(application: Application, vault: Vault) -> None:
    """What cannot be null gets a value that says nothing; prefecture, education and gender stay
    for the counts."""
    application.name = ERASED
    for column in ("id_number", "phone"):
        setattr(application, f"{column}_sealed", application.seal(column, "", vault))
        setattr(application, f"{column}_index", secrets.token_bytes(32))
        setattr(application, f"{column}_last4", "")
    application.email_sealed = application.wechat_sealed = None
    application.birth_date = _NO_DAY
    application.ethnicity, application.political_status = "其他", PoliticalStatus.MASSES
    for column in _EMPTIED:
        setattr(application, column, "")
    application.service_areas, application.availability = [], []
    for declaration in Declaration:
        setattr(application, declaration.value, False)
    application.findings = [each | {"explanation": ""} for each in application.findings]
    application.submission_token = secrets.token_hex(32)
    application.renews_id = None
