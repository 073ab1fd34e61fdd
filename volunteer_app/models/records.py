"""What is remembered of what happened: decisions, audit, counts, jobs that ran."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.vocabulary import Status, Verdict
from ..vault import Vault
from .staff import Staff

if TYPE_CHECKING:
    from .application import Application


class Decision(Base):
    """审核记录: who moved the application, when, from what to what, with which reason.

    `staff` is None when the applicant moved it. `fields` names what is to be corrected, or was;
    `before_sealed` has the answers to these as they were before a correction.
    """

    __tablename__ = "decision"
    __table_args__ = (sa.Index(None, "application_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id", ondelete="CASCADE"))
    move: Mapped[str] = mapped_column(sa.String(32))
    source: Mapped[Status | None]
    target: Mapped[Status]
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[str]] = mapped_column(default=list)
    due_on: Mapped[dt.date | None]
    outcome: Mapped[Verdict]
    at: Mapped[dt.datetime]
    before_sealed: Mapped[bytes | None]

    application: Mapped[Application] = relationship(back_populates="decisions")
    staff: Mapped[Staff | None] = relationship()

    def seal_before(self, answers: dict[str, Any], vault: Vault) -> None:
        """Keep what was changed: JSON values by field name, as in a draft."""
        text = json.dumps(answers, ensure_ascii=False)
        self.before_sealed = vault.seal(text, self._bound_to)

    def open_before(self, vault: Vault) -> dict[str, Any]:
        """Empty where nothing was kept."""
        if self.before_sealed is None:
            return {}
        answers: dict[str, Any] = json.loads(vault.open(self.before_sealed, self._bound_to))
        return answers

    @property
    def _bound_to(self) -> str:
        return f"decision:{self.application.reference}:{self.id}:before"


class AuditEvent(Base):
    """操作日志: insert-only by a trigger on both engines; deleted only after `keep_until`.

    `subject` is a reference, a username or a slug, never a person's data.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index(None, "action", "subject", "at"),
        sa.Index(None, "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(80))
    action: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    request_id: Mapped[str] = mapped_column(sa.String(32), default="")
    keep_until: Mapped[dt.date]


class ApplicationCount(Base):
    """How many applications a recruitment has by prefecture and status, kept as they move."""

    __tablename__ = "application_count"

    recruitment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recruitment.id", ondelete="CASCADE"), primary_key=True
    )
    region: Mapped[str] = mapped_column(sa.String(6), primary_key=True)
    status: Mapped[Status] = mapped_column(primary_key=True)
    count: Mapped[int]


class KeyCheck(Base):
    """A known word sealed with the keys of this database, to notice wrong keys at the start."""

    __tablename__ = "key_check"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes]
    index: Mapped[bytes]


class JobRun(Base):
    """When a job of every day ran last, and how many rows it wrote. `day` is the day in Shanghai
    that it has been run for. The row `began` is no job: `at` is when the table was made."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    day: Mapped[dt.date]
    at: Mapped[dt.datetime]
    wrote: Mapped[int]
