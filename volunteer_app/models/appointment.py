"""聘任: the term that an approved application brings."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.terms import term_status
from ..domain.vocabulary import TermStatus
from .application import Application


class Appointment(Base):
    """First and last day are both in the term. Its status is derived at every read.

    Recruitment, prefecture and county repeat the application's, so that the roster is one range
    of one index whatever is asked.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        sa.CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        sa.Index(None, "recruitment_id", "region", "id"),
        sa.Index(None, "recruitment_id", "id"),
        sa.Index(None, "region", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), unique=True
    )
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    region: Mapped[str] = mapped_column(sa.String(6))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    terminated_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]

    application: Mapped[Application] = relationship(back_populates="appointment")

    def status(self, on: dt.date) -> TermStatus:
        return term_status(self.starts_on, self.ends_on, self.terminated_on, on)
