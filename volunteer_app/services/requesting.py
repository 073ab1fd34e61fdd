"""请求: what a person asks about their own application, and what staff answer."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from ..db import vault_of
from ..domain.messages import MessageKind
from ..domain.permissions import Permission, may
from ..domain.refusal import AlreadyDecided, NotAllowed
from ..domain.requests import RequestKind, RequestStatus, due_on
from ..domain.terms import day_of
from ..domain.vocabulary import UNDECIDED, Status
from ..domain.workflow import find_move
from ..models import Application, Staff, SubjectRequest
from .auditing import Actor, record
from .messaging import tell
from .reviewing import make_move

_OPEN = SubjectRequest.status == RequestStatus.OPEN


def kinds_open_to(application: Application) -> list[RequestKind]:
    """What the person may ask for now: one open request of each kind, and one second look after
    each rejection."""
    waiting = {each.kind for each in application.requests if each.status is RequestStatus.OPEN}
    kinds = [kind for kind in RequestKind if kind not in waiting]
    if not _may_ask_for_a_second_look(application):
        kinds = [kind for kind in kinds if kind is not RequestKind.SECOND_LOOK]
    return kinds


def _may_ask_for_a_second_look(application: Application) -> bool:
    rejected = [d.at for d in application.decisions if d.target is Status.REJECTED]
    if application.status is not Status.REJECTED or not rejected:
        return False
    looks = [r for r in application.requests if r.kind is RequestKind.SECOND_LOOK]
    return all(each.asked_at < rejected[-1] for each in looks)


def ask(
    session: Session,
    application: Application,
    kind: RequestKind,
    words: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> SubjectRequest:
    """File a request with the person's words. Raises NotAllowed where it was asked already."""
    if kind not in kinds_open_to(application):
        raise NotAllowed(_ASKED[kind])
    request = SubjectRequest(
        slug=secrets.token_hex(8),
        application_id=application.id,
        kind=kind,
        status=RequestStatus.OPEN,
        asked_at=now,
        due_on=due_on(kind, day_of(now)),
    )
    request.seal_words(words, vault_of(session))
    try:
        with session.begin_nested():
            application.requests.append(request)
    except IntegrityError as error:  # pressed twice
        raise NotAllowed(_ASKED[kind]) from error
    record(session, "ask", application.reference, actor=actor, now=now, request=kind.value)
    return request


_ASKED = {
    RequestKind.SECOND_LOOK: "现在不能请再核对：只有没有通过的报名可以，每次结果可以请一次。",
    RequestKind.CORRECTION: "您请求更正的资料还没有答复，请等工作人员答复以后再提。",
    RequestKind.DELETION: "您请求删除的资料还没有答复，请等工作人员答复。",
}


def answer(
    session: Session,
    request: SubjectRequest,
    *,
    granted: bool,
    words: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Answer it and tell the person. A second look that is granted opens the application again.

    Raises AlreadyDecided where somebody answered meanwhile, NotAllowed for who may not, and what
    `make_move` raises.
    """
    if refusal := why_not(request, actor):
        raise refusal
    if not granted and not words:
        raise NotAllowed("不同意要写明理由，本人会看到。")
    if granted and request.kind is RequestKind.SECOND_LOOK:
        _reopen(session, request.application, words, actor=actor, now=now)
    settle(session, request, granted=granted, words=words, actor=actor, now=now)
    key = f"{MessageKind.ANSWERED.value}:{request.slug}"
    tell(
        session, MessageKind.ANSWERED, request.application, key=key, now=now, request_id=request.id
    )


def settle(
    session: Session,
    request: SubjectRequest,
    *,
    granted: bool,
    words: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down the answer, without a message."""
    request.status = RequestStatus.GRANTED if granted else RequestStatus.DECLINED
    request.answer = words
    request.answered_by_id = actor.staff.id if actor.staff else None
    request.answered_at = now
    record(
        session,
        "answer_request",
        request.application.reference,
        actor=actor,
        now=now,
        request=request.kind.value,
        result=request.status.value,
    )
    session.flush()


def why_not(request: SubjectRequest, actor: Actor) -> NotAllowed | AlreadyDecided | None:
    """Why this actor cannot answer it; a second look is another person's than who rejected."""
    if request.status is not RequestStatus.OPEN:
        return AlreadyDecided(f"这个请求已经有了答复：{request.status.label}。")
    if actor.staff is None or not may(actor.staff.role, Permission.APPROVE):
        return NotAllowed("请求由复核员或管理员答复。")
    if request.kind is RequestKind.SECOND_LOOK:
        rejections = [d for d in request.application.decisions if d.target is Status.REJECTED]
        if rejections and rejections[-1].staff_id == actor.staff.id:
            return NotAllowed("这份报名由您不予通过，请另一名复核员再核对。")
    return None


def _reopen(
    session: Session, application: Application, words: str, *, actor: Actor, now: dt.datetime
) -> None:
    """The person's own words stay sealed with the request; the decision names it."""
    move = find_move("reopen", application.status)
    if move is None:
        raise AlreadyDecided(f"这份报名现在是“{application.status.label}”，不用再核对。")
    reason = f"申请人请再核对。{words}"
    make_move(session, application, move, actor=actor, now=now, reason=reason)


def second_look_at(application: Application) -> SubjectRequest | None:
    """The newest second look that was granted, while it is to be decided again."""
    looks = [each for each in application.requests if each.kind is RequestKind.SECOND_LOOK]
    granted = [each for each in looks if each.status is RequestStatus.GRANTED]
    if application.status not in UNDECIDED or not granted:
        return None
    return max(granted, key=lambda each: each.asked_at)


def visible_to(staff: Staff) -> sa.Select[SubjectRequest]:
    """The requests about applications that this member of staff may open."""
    query = sa.select(SubjectRequest).join(SubjectRequest.application)
    return query if staff.region is None else query.where(Application.region == staff.region)


def find_request(session: Session, staff: Staff, slug: str) -> SubjectRequest | None:
    """None where it does not exist or is another prefecture's."""
    query = visible_to(staff).where(SubjectRequest.slug == slug)
    return session.scalar(query.options(joinedload(SubjectRequest.answered_by)))


def listed(
    session: Session, staff: Staff, *, done: bool, kind: RequestKind | None, after: str, size: int
) -> tuple[Sequence[SubjectRequest], bool]:
    """A page from behind that slug, and whether more follow: open ones by their due day, answered
    ones from the newest."""
    query = visible_to(staff).where(~_OPEN if done else _OPEN)
    if kind is not None:
        query = query.where(SubjectRequest.kind == kind)
    place = session.scalar(sa.select(SubjectRequest).where(SubjectRequest.slug == after))
    if place is not None:
        here = sa.tuple_(SubjectRequest.due_on, SubjectRequest.id)
        there = sa.tuple_(sa.literal(place.due_on), sa.literal(place.id))
        query = query.where(SubjectRequest.id < place.id if done else here > there)
    order = [SubjectRequest.id.desc()] if done else [SubjectRequest.due_on, SubjectRequest.id]
    query = query.options(joinedload(SubjectRequest.application)).order_by(*order)
    rows = session.scalars(query.limit(size + 1)).all()
    return rows[:size], len(rows) > size


def counts(session: Session, staff: Staff, *, today: dt.date) -> Counter[str]:
    """How many are `open`, and how many of these `overdue`."""
    late = sa.func.count(sa.case((SubjectRequest.due_on < today, 1)))
    waiting = visible_to(staff).where(_OPEN).with_only_columns(sa.func.count(), late)
    count, overdue = session.execute(waiting).one()
    return Counter(open=count, overdue=overdue)
