"""The demo instance: four recruitments and what became of everybody, told by the real services.

What happens is a list of events in the order of their moments, so that references, decisions and
the audit lie in the order in which they would have been made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.appointments import EndReason
from ..domain.terms import SHANGHAI, day_of
from ..domain.vocabulary import Channel, DocumentKind, Education, ReceivedVia, Role, TermStart
from ..domain.workflow import MOVES
from ..models import Application, Recruitment, Staff
from ..vault import digest
from . import applying, correcting, ending, preparing, recruiting, reviewing, staffing
from .auditing import Actor, staff_actor
from .inventing import SPECIALITIES, draw, invent

APPLICANT = Actor(name="applicant")
COMMAND = Actor(name="cli:demo")
DEMO_STAFF = {
    Role.VIEWER: "陈看",
    Role.REVIEWER: "李审",
    Role.APPROVER: "赵核",
    Role.ADMIN: "管理员",
}


@dataclass(frozen=True, kw_only=True)
class Plot:
    """What becomes of a person: who they are to the rules, and the steps after submission."""

    steps: tuple[str, ...] = ()
    ages: tuple[int, int] = (18, 65)
    relaxed: bool = False
    education: Education | None = None


_WAITS = Plot()
_PASSES = Plot(steps=("approve",))
_EXCEPTION = Plot(ages=(66, 70), relaxed=True)
_PROPOSED = Plot(ages=(66, 70), relaxed=True, steps=("see", "propose"))
_CONFIRMED = Plot(ages=(66, 70), relaxed=True, steps=("see", "propose", "confirm"))
_NOT_CONFIRMED = Plot(ages=(66, 70), relaxed=True, steps=("see", "propose", "reject_exception"))
_SENT_BACK = Plot(ages=(66, 70), relaxed=True, steps=("see", "propose", "send_back"))
_RETURNED = Plot(steps=("return",))
_OVERDUE = Plot(steps=("return_long_ago",))
_CORRECTED = Plot(steps=("return", "resubmit"))
_CORRECTED_AND_PASSED = Plot(steps=("return", "resubmit", "approve"))
_WITHDRAWN = Plot(steps=("withdraw",))
_RESIGNED = Plot(steps=("approve", "resign"))
_TOO_OLD = Plot(ages=(71, 80))
_TOO_LITTLE_SCHOOL = Plot(education=Education.JUNIOR_HIGH)
_REJECTED = Plot(ages=(71, 80), steps=("reject",))
_REJECTED_FOR_SCHOOL = Plot(education=Education.PRIMARY, steps=("reject",))
_REOPENED = Plot(steps=("reject", "reopen"))

#: Of a hundred people in a recruitment that is over, and in the one that is open.
_DECIDED = {
    _PASSES: 67, _RESIGNED: 3, _CONFIRMED: 5, _CORRECTED_AND_PASSED: 6, _REJECTED: 6,
    _REJECTED_FOR_SCHOOL: 4, _NOT_CONFIRMED: 2, _WITHDRAWN: 7,
}  # fmt: skip
_UNDER_WAY = {
    _WAITS: 34, _PASSES: 14, _EXCEPTION: 6, _PROPOSED: 6, _CONFIRMED: 3, _NOT_CONFIRMED: 2,
    _SENT_BACK: 2, _RETURNED: 6, _OVERDUE: 4, _CORRECTED: 4, _WITHDRAWN: 4, _TOO_OLD: 4,
    _TOO_LITTLE_SCHOOL: 3, _REJECTED: 3, _REJECTED_FOR_SCHOOL: 2, _REOPENED: 3,
}  # fmt: skip

_REASONS = {
    "propose": "本人长期从事检验工作，有高级工程师证，建议放宽年龄。",
    "return": "联系地址写得不完整，请补正。",
    "return_long_ago": "联系地址写得不完整，请补正。",
    "reject": "不符合本次招募的条件，已电话告知本人。",
    "reject_exception": "证明材料与填写的专业特长不一致。",
    "send_back": "请再核对一次职称证的编号。",
    "reopen": "本人补充了材料，重新审核。",
}
_MOVES = {move.key: move for move in MOVES}
_BY_APPROVER = ("confirm", "send_back", "reject_exception", "reopen")


@dataclass(order=True)
class Event:
    """One step in somebody's story."""

    at: dt.datetime
    person: int
    place: int
    step: str = field(compare=False)
    plot: Plot = field(compare=False)
    recruitment: Recruitment = field(compare=False)


def fill(
    session: Session, passwords: Mapping[Role, str], *, people: int, now: dt.datetime
) -> list[Recruitment]:
    """Make everything, in an empty database: recruitments, staff with these password hashes,
    people and decisions up to `now`. Returns the recruitments, oldest first."""
    recruitments = sorted(_recruitments(day_of(now)), key=lambda each: each.opens_on)
    session.add_all(recruitments)
    began = recruitments[0].terms.opens_at
    staff = {role: _hire(session, role, passwords[role], now=began) for role in DEMO_STAFF}
    preparing.prepare(session, actor=COMMAND, now=began)
    stories: dict[int, Application] = {}
    told = (event for event in _events(recruitments, people, now) if event.at <= now)
    for event in sorted(told):
        _happen(session, event, stories, staff)
    session.flush()
    return recruitments


def _recruitments(today: dt.date) -> Iterator[Recruitment]:
    """Every two years: one whose terms are over, one whose terms run, the one that is open; and a
    small one two years ago, so that its terms, from the day of approval, are about to end."""
    latest = recruiting.first_recruitment(today)
    year = latest.closes_on.year
    for earlier in (4, 2):
        recruitment = recruiting.first_recruitment(dt.date(year - earlier, 7, 28))
        yield recruitment
    began = today - dt.timedelta(days=2 * 365 + 20)
    supplement = recruiting.first_recruitment(began)
    supplement.slug, supplement.title = f"{began.year}-2", f"{began.year}年补充招募"
    supplement.closes_on = began + dt.timedelta(days=100)
    supplement.term_start, supplement.term_starts_on = TermStart.APPROVAL_DAY, None
    yield supplement
    latest.opens_on = today - dt.timedelta(days=60)
    yield latest


def _hire(session: Session, role: Role, password_hash: str, *, now: dt.datetime) -> Staff:
    staffing.invite(
        session,
        username=role.value,
        name=DEMO_STAFF[role],
        role=role,
        region=None,
        actor=COMMAND,
        now=now,
    )
    session.flush()
    staff = session.scalars(sa.select(Staff).where(Staff.username == role.value)).one()
    staffing.accept(session, staff, password_hash, actor=staff_actor(staff), now=now)
    return staff


def _events(recruitments: list[Recruitment], people: int, now: dt.datetime) -> Iterator[Event]:
    """Nearly half of the people in the open recruitment, the rest in those before it, few of them
    in the one that is a supplement."""
    few = max(3, people // 25)
    plain = iter((people * 3 // 15, people * 5 // 15 - few))
    *earlier, latest = recruitments
    shares = [next(plain) if each.term_starts_on else few for each in earlier]
    numbers = iter(range(1, people + 1))
    for recruitment, share in zip([*earlier, latest], [*shares, people - sum(shares)], strict=True):
        open_now = recruitment.terms.is_open(now)
        plots = list(_spread(_UNDER_WAY if open_now else _DECIDED, share))
        for place, plot in enumerate(plots):
            yield from _story(recruitment, next(numbers), plot, (place + 0.5) / len(plots), now)


def _spread(shares: Mapping[Plot, int], people: int) -> Iterator[Plot]:
    """Plots in their shares, well mixed, each at least once where there are enough people."""
    given = dict.fromkeys(shares, 0)
    total = sum(shares.values())
    for number in range(1, people + 1):
        plot = max(given, key=lambda plot: number * shares[plot] / total - given[plot])
        given[plot] += 1
        yield plot


def _story(
    recruitment: Recruitment, number: int, plot: Plot, share: float, now: dt.datetime
) -> Iterator[Event]:
    """Submission somewhere in the open time, then a step every working day or two."""
    terms = recruitment.terms
    end = min(terms.closes_at - dt.timedelta(hours=1), now - dt.timedelta(hours=2))
    if plot is _OVERDUE:
        share = share * 0.5
    elif plot.steps and terms.is_open(now):
        share = share * 0.85
    at = terms.opens_at + (end - terms.opens_at) * share
    for place, step in enumerate(("submit", *plot.steps)):
        if place:
            days = 200 if step == "resign" else 1 + (number + place) % 2
            at = _office_hour(at + dt.timedelta(days=days), number + place)
        yield Event(at, number, place, step, plot, recruitment)


def _office_hour(at: dt.datetime, number: int) -> dt.datetime:
    """Between 9:00 and 17:00 in Shanghai, Monday to Friday."""
    day = day_of(at)
    day += dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    minutes = draw(range(8 * 60), number, "minute")
    return dt.datetime.combine(day, dt.time(9), SHANGHAI) + dt.timedelta(minutes=minutes)


def _happen(
    session: Session, event: Event, stories: dict[int, Application], staff: Mapping[Role, Staff]
) -> None:
    if event.step == "submit":
        stories[event.person] = _submit(session, event, staff_actor(staff[Role.REVIEWER]))
        return
    application = stories[event.person]
    who = staff_actor(staff[Role.APPROVER if event.step in _BY_APPROVER else Role.REVIEWER])
    if event.step == "see":
        kind = DocumentKind.SPECIALITY_PROOF
        reviewing.mark_seen(session, application, kind, actor=who, now=event.at)
    elif event.step == "resubmit":
        correction = {"address": "某街道12号院3单元"}
        correcting.resubmit(session, application, correction, actor=APPLICANT, now=event.at)
    elif event.step == "resign":
        _resign(session, event, application, who)
    else:
        _move(session, event, application, who)


def _resign(session: Session, event: Event, application: Application, who: Actor) -> None:
    if application.appointment is None:
        raise LookupError("only who was approved can resign")
    ending.end_early(
        session,
        application.appointment,
        reason=EndReason.RESIGNED,
        words="",
        ends_from=day_of(event.at),
        actor=who,
        now=event.at,
    )


def _submit(session: Session, event: Event, clerk: Actor) -> Application:
    """Every eighth form came on paper, and the clerk entered it."""
    number, plot, terms = event.person, event.plot, event.recruitment.terms
    ages = range(plot.ages[0], plot.ages[1] + 1)
    answers = invent(
        number,
        age=draw(ages, number, "age"),
        on=terms.closes_on,
        education=plot.education,
        speciality=draw(SPECIALITIES, number, "speciality") if plot.relaxed else "",
    )
    paper = number % 8 == 0
    return applying.submit(
        session,
        event.recruitment,
        answers | {"human_review": True},
        submission_token=digest(f"demo:{number}"),
        channel=Channel.PAPER if paper else Channel.INDIVIDUAL,
        actor=clerk if paper else APPLICANT,
        now=event.at,
        received_on=day_of(event.at) if paper else None,
        received_via=list(ReceivedVia)[number // 8 % len(ReceivedVia)] if paper else None,
    )


def _move(session: Session, event: Event, application: Application, who: Actor) -> None:
    name = {"return_long_ago": "return", "reject_exception": "reject"}.get(event.step, event.step)
    move = _MOVES[f"{application.status.value}:{name}"]
    days = 3 if event.step == "return_long_ago" else 10
    reviewing.make_move(
        session,
        application,
        move,
        actor=APPLICANT if event.step == "withdraw" else who,
        now=event.at,
        reason=_REASONS.get(event.step, "") if move.needs_reason else "",
        fields=["address"] if move.names_fields else None,
        due_on=day_of(event.at) + dt.timedelta(days=days) if move.needs_due_date else None,
    )
