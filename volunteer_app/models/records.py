"""What is remembered of what happened: decisions, audit, messages, counts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.messages import MessageStatus
from ..domain.vocabulary import Status, Verdict
from .staff import Staff

if TYPE_CHECKING:
    from .application import Application
    from .unit import Nominee


class Decision(Base):
    """审核记录: who moved the application, when, from what to what, with which reason.

    `staff` is None when the applicant moved it. `fields` names what is to be corrected.
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

    application: Mapped[Application] = relationship(back_populates="decisions")
    staff: Mapped[Staff | None] = relationship()


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


class Message(Base):
    """通知 in the outbox, written in the transaction of what it tells. No personal data in it:
    the text is made from the application and the decision when it is delivered.

    Who holds the lease delivers; after `leased_until` another may. `due_since` starts a round of
    `attempts`, of which the next comes at `next_try_at`. `error` has the server's words, or why
    it was not sent. `slug` names it in addresses and letters, `rounds` tells a letter that staff
    sent again from a double.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index(None, "status", "id"),
        sa.Index("ix_message_due", "status", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(16), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    dedupe_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    nominee_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("nominee.id", ondelete="SET NULL"), index=True
    )
    status: Mapped[MessageStatus]
    created_at: Mapped[dt.datetime]
    due_since: Mapped[dt.datetime]
    next_try_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    tried_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    rounds: Mapped[int] = mapped_column(default=1)
    error: Mapped[str] = mapped_column(sa.String(300), default="")

    application: Mapped[Application] = relationship()
    decision: Mapped[Decision | None] = relationship()
    nominee: Mapped[Nominee | None] = relationship()


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
