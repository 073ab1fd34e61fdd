"""聘任: the term that an approved application brings."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.appointments import EndReason, certificate_number
from ..domain.terms import term_status
from ..domain.vocabulary import TermStatus
from .application import Application
from .staff import Staff


class Appointment(Base):
    """First and last day are both in the term. Its status is derived at every read.

    Recruitment, prefecture and county repeat the application's, so that the roster is one range
    of one index whatever is asked. `serial` counts from 1 in each `year` without a gap; the prefix
    is that of the day the number was given. `terminated_on` is the first day that is not served.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        sa.CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        sa.UniqueConstraint("year", "serial"),
        sa.Index(None, "recruitment_id", "region", "id"),
        sa.Index(None, "recruitment_id", "id"),
        sa.Index(None, "region", "id"),
        sa.Index(None, "ends_on", "id"),
        # 提前解聘 are few among many: their list would else look at every term for a page of them.
        sa.Index(
            "ix_appointment_terminated",
            "terminated_on",
            "id",
            sqlite_where=sa.text("terminated_on is not null"),
            postgresql_where=sa.text("terminated_on is not null"),
        ),
        # All that the counts of a prefecture look at, so that no row is read for them.
        sa.Index(
            "ix_appointment_counts",
            "region",
            "ends_on",
            "starts_on",
            "terminated_on",
            "recruitment_id",
        ),
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
    prefix: Mapped[str] = mapped_column(sa.String(20))
    year: Mapped[int]
    serial: Mapped[int]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship(back_populates="appointment")
    certificates: Mapped[list[Certificate]] = relationship(
        back_populates="appointment", order_by="Certificate.id"
    )
    endings: Mapped[list[Ending]] = relationship(back_populates="appointment", order_by="Ending.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def last_day_served(self) -> dt.date | None:
        """None where it was ended before it began."""
        if self.terminated_on is None:
            return self.ends_on
        last = min(self.ends_on, self.terminated_on - dt.timedelta(days=1))
        return last if last >= self.starts_on else None

    @property
    def code(self) -> str:
        """查验码 of the certificate that is valid now."""
        return self.certificates[-1].code

    @property
    def number(self) -> str:
        """聘书编号, such as 晋消志聘〔2027〕第0042号."""
        return certificate_number(self.prefix, self.year, self.serial)

    def status(self, on: dt.date) -> TermStatus:
        return term_status(self.starts_on, self.ends_on, self.terminated_on, on)


class CertificateCounter(Base):
    """The last serial given in a year, raised in the transaction of the appointment."""

    __tablename__ = "certificate_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Certificate(Base):
    """聘书: one for each time it was issued; the newest is valid, the others are 已换发."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("appointment.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    issued_at: Mapped[dt.datetime]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    replaced_at: Mapped[dt.datetime | None]

    appointment: Mapped[Appointment] = relationship(back_populates="certificates")
    issued_by: Mapped[Staff | None] = relationship()


class Ending(Base):
    """提前解聘: that a term ends before its last day, and that it was taken back, if so."""

    __tablename__ = "ending"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("appointment.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[EndReason]
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    ends_from: Mapped[dt.date]
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    at: Mapped[dt.datetime]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    undone_at: Mapped[dt.datetime | None]
    undone_reason: Mapped[str] = mapped_column(sa.String(500), default="")

    appointment: Mapped[Appointment] = relationship(back_populates="endings")
    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    undone_by: Mapped[Staff | None] = relationship(foreign_keys=[undone_by_id])
