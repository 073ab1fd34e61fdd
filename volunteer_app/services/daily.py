"""What is done once a day, from 7 o'clock in Shanghai, by whichever poller comes first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.terms import SHANGHAI, day_of
from ..models import JobRun
from . import calling, drafting, expiring, linking, recommending, reminding, renewing

FROM_HOUR = 7
#: After so long without a run something is wrong.
OVERDUE = dt.timedelta(days=2)
#: The row that the migration wrote: before it there were no jobs, so none can be overdue.
BEGAN = "began"
_DAY = dt.timedelta(days=1)


class Work(Protocol):
    """A service function; the second call with one `now` does nothing. Returns rows changed."""

    def __call__(self, session: Session, *, now: dt.datetime) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Job:
    """`label` is what staff read. Where `run` returns `batch`, there may be more to do."""

    name: str
    label: str
    run: Work
    batch: int | None = None


NOTIFY_EXPIRY = Job(
    name="notify_expiry",
    label="聘期快满和届满的通知",
    run=expiring.notify_expiry,
    batch=expiring.MOST_AT_ONCE,
)
JOBS: tuple[Job, ...] = (
    NOTIFY_EXPIRY,
    Job(
        name="announce",
        label="招募开始的通知",
        run=renewing.announce,
        batch=renewing.MOST_AT_ONCE,
    ),
    Job(name="clear_calls", label="从电话名单划去过时的", run=calling.clear_outdated),
    Job(name="purge_drafts", label="删除过期的草稿", run=drafting.purge),
    Job(name="purge_recommendations", label="删除没有提交的单位推荐", run=recommending.purge),
    Job(name="purge_links", label="删除过期的专用链接", run=linking.purge),
    Job(
        name="remind_drafts",
        label="提醒草稿还没提交的人",
        run=reminding.remind_drafts,
        batch=reminding.MOST_AT_ONCE,
    ),
    Job(
        name="remind_units",
        label="提醒还没办完的单位",
        run=reminding.remind_units,
        batch=reminding.MOST_AT_ONCE,
    ),
)


def due(session: Session, *, now: dt.datetime) -> list[Job]:
    """The jobs that have not been run today, none before FROM_HOUR. Only reads."""
    if now.astimezone(SHANGHAI).hour < FROM_HOUR:
        return []
    runs, today = last_runs(session), day_of(now)
    return [job for job in JOBS if job.name not in runs or runs[job.name].day < today]


def run_due(session: Session, job: Job, *, now: dt.datetime) -> int | None:
    """Run a job that is due, and record it in the same transaction; None where another has done
    so meanwhile. To be called in the writer's turn; the caller commits each job by itself."""
    kept = _locked(session, job, now)
    return None if kept.day >= day_of(now) else _run(session, job, kept, now)


def run(session: Session, job: Job, *, now: dt.datetime) -> int:
    """The same whenever it was run last, for who asks for it by hand."""
    return _run(session, job, _locked(session, job, now), now)


def is_done(job: Job, wrote: int) -> bool:
    return job.batch is None or wrote < job.batch


def last_runs(session: Session) -> dict[str, JobRun]:
    return {run.name: run for run in session.scalars(sa.select(JobRun))}


def overdue(runs: dict[str, JobRun], job: Job, *, since: dt.datetime, now: dt.datetime) -> bool:
    """Whether it was not run for long; `since` is when there began to be something to do."""
    if BEGAN in runs:
        since = max(since, runs[BEGAN].at)
    return (runs[job.name].at if job.name in runs else since) < now - OVERDUE


def _run(session: Session, job: Job, kept: JobRun, now: dt.datetime) -> int:
    """A job that has more to do stays due: its next batch comes in a transaction of its own."""
    wrote = job.run(session, now=now)
    same_day = day_of(kept.at) == day_of(now)
    kept.wrote = wrote + (kept.wrote if same_day else 0)
    kept.at = now
    if is_done(job, wrote):
        kept.day = day_of(now)
    session.flush()
    return wrote


def _locked(session: Session, job: Job, now: dt.datetime) -> JobRun:
    """The row of the job, locked to the end of the transaction; who comes second waits here, and
    reads what the first has made of it."""
    found = session.get(JobRun, job.name, with_for_update=True, populate_existing=True)
    if found is not None:
        return found
    kept = JobRun(name=job.name, day=day_of(now) - _DAY, at=now, wrote=0)
    try:
        with session.begin_nested():
            session.add(kept)
    except IntegrityError:  # another began it meanwhile
        return session.get_one(JobRun, job.name, with_for_update=True, populate_existing=True)
    return kept
