"""A call for volunteers with the settings of its rules, and the association that makes it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.appointments import DEFAULT_PREFIX
from ..domain.terms import Terms
from ..domain.vocabulary import AgeReference, Education, TermStart
from .application import Application


class Association(Base):
    """Who recruits: one row. Defaults are those of the notice of 28 July 2021. `seal_image` is a
    PNG that is printed on certificates; None leaves room for the seal."""

    __tablename__ = "association"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str] = mapped_column(default="山西省消费者协会")
    address: Mapped[str] = mapped_column(default="太原市府西街29号")
    mailbox: Mapped[str] = mapped_column(default="sxxsjdb@163.com")
    telephone: Mapped[str] = mapped_column(default="")
    office_hours: Mapped[str] = mapped_column(default="工作日9:00到17:30")
    certificate_prefix: Mapped[str] = mapped_column(sa.String(20), default=DEFAULT_PREFIX)
    seal_image: Mapped[bytes | None] = mapped_column(deferred=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Recruitment(Base):
    """`slug` stands in URLs, such as 2027. Days are days in Shanghai, ages completed years.
    Unfinished drafts are reminded `reminder_days` before the closing day, None = never."""

    __tablename__ = "recruitment"
    __table_args__ = (
        sa.CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
        sa.CheckConstraint("age_min <= age_max", name="ages_in_order"),
        sa.CheckConstraint("term_years between 1 and 10", name="term_years_sensible"),
        sa.CheckConstraint(
            "term_start <> 'fixed_day' or term_starts_on is not null", name="fixed_day_is_given"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(40), unique=True)
    title: Mapped[str]
    opens_on: Mapped[dt.date] = mapped_column(index=True)
    closes_on: Mapped[dt.date]
    age_min: Mapped[int] = mapped_column(default=18)
    age_max: Mapped[int] = mapped_column(default=65)
    relaxed_min: Mapped[int | None] = mapped_column(default=18)
    relaxed_max: Mapped[int | None] = mapped_column(default=70)
    age_reference: Mapped[AgeReference] = mapped_column(default=AgeReference.CLOSING_DATE)
    education_min: Mapped[Education] = mapped_column(default=Education.SENIOR_HIGH)
    term_years: Mapped[int] = mapped_column(default=2)
    term_start: Mapped[TermStart] = mapped_column(default=TermStart.FIXED_DAY)
    term_starts_on: Mapped[dt.date | None]
    correction_days: Mapped[int] = mapped_column(default=7)
    reminder_days: Mapped[int | None] = mapped_column(default=5)
    lead: Mapped[str]
    duties: Mapped[str]
    after_closing: Mapped[str]
    version: Mapped[int] = mapped_column()

    applications: Mapped[list[Application]] = relationship(back_populates="recruitment")

    __mapper_args__ = {"version_id_col": version}

    @property
    def terms(self) -> Terms:
        return Terms(
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            age_min=self.age_min,
            age_max=self.age_max,
            relaxed_min=self.relaxed_min,
            relaxed_max=self.relaxed_max,
            age_reference=self.age_reference,
            education_min=self.education_min,
            term_years=self.term_years,
            term_start=self.term_start,
            term_starts_on=self.term_starts_on,
        )
