"""招募: the one that is open, the settings of its rules, the next one as a copy of the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.refusal import Invalid, NotAllowed
from ..domain.terms import day_of
from ..domain.vocabulary import TermStart
from ..models import Association, Recruitment
from . import judging, postponing, wordings
from .auditing import Actor, record

LEAD = "自愿、无偿、兼职，以消费者身份参加监督，聘期两年。"
DUTIES = (
    "参加协会组织的商品和服务监督活动，有定期的，也有不定期的。\n"
    "留意身边损害消费者权益的行为，及时向协会反映。"
)
AFTER_CLOSING = "审核结束后公示名单7天，公示期满颁发聘书。"

_COPIED = (
    "age_min",
    "age_max",
    "relaxed_min",
    "relaxed_max",
    "age_reference",
    "education_min",
    "term_years",
    "term_start",
    "correction_days",
    "reminder_days",
    "lead",
    "duties",
    "after_closing",
)
#: What a rule reads; no other setting changes an outcome.
_RULES = frozenset(
    {
        "opens_on",
        "closes_on",
        "age_min",
        "age_max",
        "relaxed_min",
        "relaxed_max",
        "age_reference",
        "education_min",
    }
)


def association(session: Session) -> Association:
    """The one row about the association; there since the database was prepared."""
    return session.get_one(Association, 1)


def current(session: Session, today: dt.date) -> Recruitment | None:
    """What the notice page is about: the one that has begun last, else the next to begin."""
    begun = _begun(session, today)
    if begun is not None and begun.closes_on >= today:
        return begun
    return _coming(session, today) or begun


def under_way(session: Session, today: dt.date) -> Recruitment | None:
    """What the queue opens on: the one that has begun last, open or under review, else the next
    to begin. Preparing the next one takes nobody away from their work."""
    return _begun(session, today) or _coming(session, today)


_TODAY = sa.bindparam("today", type_=sa.Date)
_BEGUN = (
    sa.select(Recruitment)
    .where(Recruitment.opens_on <= _TODAY)
    .order_by(Recruitment.opens_on.desc())
    .limit(1)
)
_COMING = (
    sa.select(Recruitment)
    .where(Recruitment.opens_on > _TODAY)
    .order_by(Recruitment.opens_on)
    .limit(1)
)


def _begun(session: Session, today: dt.date) -> Recruitment | None:
    return session.scalar(_BEGUN, {"today": today})


def _coming(session: Session, today: dt.date) -> Recruitment | None:
    return session.scalar(_COMING, {"today": today})


def find_recruitment(session: Session, slug: str) -> Recruitment | None:
    return session.scalar(sa.select(Recruitment).where(Recruitment.slug == slug))


def all_recruitments(session: Session) -> list[Recruitment]:
    """Newest first."""
    return list(session.scalars(sa.select(Recruitment).order_by(Recruitment.opens_on.desc())))


def first_recruitment(today: dt.date) -> Recruitment:
    """The notice's settings, open from today, closing on the next 30 August."""
    year = today.year + (today > dt.date(today.year, 8, 30))
    return Recruitment(
        slug=str(year),
        title=f"{year}年度招募",
        opens_on=today,
        closes_on=dt.date(year, 8, 30),
        term_start=TermStart.FIXED_DAY,
        term_starts_on=dt.date(year, 9, 1),
        lead=LEAD,
        duties=DUTIES,
        after_closing=AFTER_CLOSING,
    )


def change(
    session: Session,
    recruitment: Recruitment,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Set columns by name, record which changed, and judge undecided applications again if a
    rule changed; who has something unfinished is told of another closing day. Returns how many
    outcomes changed. Raises Invalid, NotAllowed."""
    _check(session, recruitment, values)
    changed = [name for name, value in values.items() if getattr(recruitment, name) != value]
    was_on = recruitment.closes_on
    for name in changed:
        setattr(recruitment, name, values[name])
    if not changed:
        return 0
    record(session, "change_settings", recruitment.slug, actor=actor, now=now, fields=changed)
    session.flush()
    if "closes_on" in changed:
        postponing.tell_of_new_deadline(session, recruitment, was_on, now=now)
    return judging.reassess(session, recruitment) if _RULES.intersection(changed) else 0


def _check(session: Session, recruitment: Recruitment, values: Mapping[str, Any]) -> None:
    if values["closes_on"] < values["opens_on"]:
        raise Invalid("截止日早于开始日，请核对两个日期。", field="closes_on")
    if values["age_max"] < values["age_min"]:
        raise Invalid("最大年龄小于最小年龄，请核对。", field="age_max")
    if values["relaxed_min"] is not None and values["relaxed_min"] > values["age_min"]:
        raise Invalid("放宽后的最小年龄应不大于最小年龄。", field="relaxed_min")
    if values["relaxed_max"] is not None and values["relaxed_max"] < values["age_max"]:
        raise Invalid("放宽后的最大年龄应不小于最大年龄。", field="relaxed_max")
    if values["term_start"] is TermStart.FIXED_DAY and values["term_starts_on"] is None:
        raise Invalid("选了固定日期，请填写聘期第一日。", field="term_starts_on")
    if overlapping := session.scalar(
        sa.select(Recruitment.title).where(
            Recruitment.id != recruitment.id,
            Recruitment.opens_on <= values["closes_on"],
            Recruitment.closes_on >= values["opens_on"],
        )
    ):
        raise Invalid(f"报名时间与“{overlapping}”重叠，请错开。", field="opens_on")


def change_association(
    session: Session,
    association: Association,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    changed = [name for name, value in values.items() if getattr(association, name) != value]
    for name in changed:
        setattr(association, name, values[name])
    if changed:
        record(session, "change_settings", "association", actor=actor, now=now, fields=changed)


def open_next(
    session: Session, source: Recruitment, *, actor: Actor, now: dt.datetime
) -> Recruitment:
    """The next recruitment as a copy, a year later than the latest; its days are to be checked.

    Raises NotAllowed when a coming one is prepared already.
    """
    latest = all_recruitments(session)[0]
    if latest.opens_on > day_of(now):
        raise NotAllowed(f"“{latest.title}”还没有开始，请直接修改它的设置。")
    year = max(latest.closes_on.year, day_of(now).year) + 1
    copy = Recruitment(
        slug=_free_slug(session, year),
        title=f"{year}年度招募",
        opens_on=_in_year(source.opens_on, year - source.closes_on.year),
        closes_on=_in_year(source.closes_on, year - source.closes_on.year),
        term_starts_on=source.term_starts_on
        and _in_year(source.term_starts_on, year - source.closes_on.year),
        **{name: getattr(source, name) for name in _COPIED},
    )
    if copy.opens_on <= latest.closes_on:
        copy.opens_on = latest.closes_on + dt.timedelta(days=1)
    session.add(copy)
    session.flush()
    wordings.copy(session, source, copy, now=now)
    record(session, "open_recruitment", copy.slug, actor=actor, now=now, source=source.slug)
    return copy


def _in_year(day: dt.date, years: int) -> dt.date:
    if (day.month, day.day) == (2, 29):
        day -= dt.timedelta(days=1)
    return day.replace(year=day.year + years)


def _free_slug(session: Session, year: int) -> str:
    slug, number = str(year), 1
    while find_recruitment(session, slug) is not None:
        number += 1
        slug = f"{year}-{number}"
    return slug
