"""报名 and what belongs to it: the draft before it, consents, name tokens, originals seen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.vocabulary import (
    HOLDING,
    Channel,
    Consent,
    Declaration,
    DocumentKind,
    Education,
    Gender,
    IdType,
    NomineeStatus,
    PoliticalStatus,
    ReceivedVia,
    SealState,
    Status,
    Verdict,
)
from ..vault import Vault
from .staff import Staff

if TYPE_CHECKING:
    from .appointment import Appointment
    from .attachment import Attachment
    from .records import Decision
    from .recruitment import Recruitment
    from .requests import SubjectRequest
    from .unit import Nominee

_HOLDS_A_PLACE = sa.text("status in ({})".format(", ".join(f"'{s.value}'" for s in HOLDING)))


class Draft(Base):
    """草稿: answers given so far, sealed. Only the digest of its private link's token is stored.

    `staff_id` says who enters it at the counter; None for an applicant's own. The token is kept
    sealed too and the address as a blind index, so that a lost link can be sent again. `renews` is
    the earlier application that it began from.
    """

    __tablename__ = "draft"

    token_digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    answers_sealed: Mapped[bytes]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    token_sealed: Mapped[bytes | None]
    email_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    renews_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("application.id", ondelete="SET NULL"), index=True
    )

    attachments: Mapped[list[Attachment]] = relationship(
        back_populates="draft", order_by="Attachment.id", passive_deletes=True
    )


class Application(Base):
    """One person's application in one recruitment.

    Number, phone, e-mail and WeChat are sealed, bound to this row's reference and their column;
    `*_index` finds equal values, `*_last4` is shown. `submission_token` makes a second press
    harmless. `findings` are those of the latest assessment, `outcome` the worst of them.
    """

    __tablename__ = "application"
    __table_args__ = (
        sa.Index(
            "uq_application_one_per_person",
            "recruitment_id",
            "id_number_index",
            unique=True,
            sqlite_where=_HOLDS_A_PLACE,
            postgresql_where=_HOLDS_A_PLACE,
        ),
        sa.Index("ix_application_queue", "recruitment_id", "status", "id"),
        sa.Index("ix_application_queue_region", "recruitment_id", "region", "status", "id"),
        sa.Index("ix_application_queue_outcome", "recruitment_id", "outcome", "status", "id"),
        sa.Index("ix_application_all_region", "recruitment_id", "region", "id"),
        sa.Index("ix_application_all", "recruitment_id", "id"),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people_decide"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(12), unique=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    submission_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    channel: Mapped[Channel]
    status: Mapped[Status]
    outcome: Mapped[Verdict]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    human_review: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[dt.datetime]
    received_on: Mapped[dt.date | None]
    received_via: Mapped[ReceivedVia | None]
    changed_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date | None]
    fields_to_correct: Mapped[list[str]] = mapped_column(default=list)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    renews_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("application.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column()

    name: Mapped[str] = mapped_column(sa.String(80))
    id_type: Mapped[IdType]
    id_number_sealed: Mapped[bytes]
    id_number_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    id_number_last4: Mapped[str] = mapped_column(sa.String(4))
    birth_date: Mapped[dt.date]
    gender: Mapped[Gender]
    ethnicity: Mapped[str] = mapped_column(sa.String(20))
    political_status: Mapped[PoliticalStatus]
    education: Mapped[Education]
    occupation: Mapped[str] = mapped_column(sa.String(60))
    employer: Mapped[str] = mapped_column(sa.String(120), default="")
    job_title: Mapped[str] = mapped_column(sa.String(60), default="")
    phone_sealed: Mapped[bytes]
    phone_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    phone_last4: Mapped[str] = mapped_column(sa.String(4))
    email_sealed: Mapped[bytes | None]
    wechat_sealed: Mapped[bytes | None]
    region: Mapped[str] = mapped_column(sa.String(6))
    county: Mapped[str] = mapped_column(sa.String(6))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    speciality: Mapped[str] = mapped_column(sa.String(1000), default="")
    experience: Mapped[str] = mapped_column(sa.String(1000), default="")
    service_areas: Mapped[list[str]]
    availability: Mapped[list[str]]
    health: Mapped[bool] = mapped_column(default=False)
    conduct: Mapped[bool] = mapped_column(default=False)
    law_knowledge: Mapped[bool] = mapped_column(default=False)
    local_knowledge: Mapped[bool] = mapped_column(default=False)
    ability: Mapped[bool] = mapped_column(default=False)
    obedience: Mapped[bool] = mapped_column(default=False)
    unpaid: Mapped[bool] = mapped_column(default=False)

    recruitment: Mapped[Recruitment] = relationship(back_populates="applications")
    proposed_by: Mapped[Staff | None] = relationship(foreign_keys=[proposed_by_id])
    confirmed_by: Mapped[Staff | None] = relationship(foreign_keys=[confirmed_by_id])
    appointment: Mapped[Appointment | None] = relationship(back_populates="application")
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="application", order_by="Decision.id"
    )
    sightings: Mapped[list[Sighting]] = relationship(back_populates="application")
    consents: Mapped[list[ConsentGiven]] = relationship(back_populates="application")
    attachments: Mapped[list[Attachment]] = relationship(
        back_populates="application", order_by="Attachment.id"
    )
    nominees: Mapped[list[Nominee]] = relationship(
        back_populates="application", order_by="Nominee.id"
    )
    renews: Mapped[Application | None] = relationship(remote_side=[id])
    requests: Mapped[list[SubjectRequest]] = relationship(
        back_populates="application", order_by="SubjectRequest.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_erased(self) -> bool:
        """Whether the person's data were deleted, see services/erasing.py."""
        return not self.id_number_last4

    @property
    def declared(self) -> frozenset[Declaration] | None:
        """None while a person whom a unit named has not been asked: the unit cannot declare."""
        if self.channel is Channel.UNIT and not self.nominee_confirmed:
            return None
        return frozenset(d for d in Declaration if getattr(self, d.value))

    @property
    def nominee_confirmed(self) -> bool:
        """By the link of the nominee that it was made for: only that one shows and declares it."""
        return any(
            nominee.status is NomineeStatus.CONFIRMED
            and nominee.token_digest == self.submission_token
            for nominee in self.nominees
        )

    @property
    def seal_state(self) -> SealState:
        """The best of those units that name this person now."""
        named = [each for each in self.nominees if each.status is not NomineeStatus.WITHDRAWN]
        states = [nominee.recommendation.seal_state for nominee in named or self.nominees]
        return max(states, key=lambda state: state.rank, default=SealState.MISSING)

    def has_seen(self, kind: DocumentKind) -> bool:
        return any(sighting.kind is kind for sighting in self.sightings)

    def seal(self, column: str, text: str, vault: Vault) -> bytes:
        return vault.seal(text, sealed_for(self.reference, column))

    def open(self, column: str, vault: Vault) -> str:
        """The clear text of a sealed column; empty where nothing was given."""
        sealed: bytes | None = getattr(self, f"{column}_sealed")
        return vault.open(sealed, sealed_for(self.reference, column)) if sealed else ""


def sealed_for(reference: str, column: str) -> str:
    """The associated data that binds a sealed value to its row and column."""
    return f"application:{reference}:{column}"


class NameToken(Base):
    """Every one and two neighbouring characters of a name, so that two characters find it.

    One primary key range per token, in the order of submission, on both engines alike.
    """

    __tablename__ = "name_token"

    token: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ConsentGiven(Base):
    """A consent given or declined, with the version of the text that was shown and the moment."""

    __tablename__ = "consent_given"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[Consent]
    given: Mapped[bool]
    text_version: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[dt.datetime]

    application: Mapped[Application] = relationship(back_populates="consents")


class Sighting(Base):
    """原件已核: a staff member saw the original of a document, and when."""

    __tablename__ = "sighting"

    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    at: Mapped[dt.datetime]

    application: Mapped[Application] = relationship(back_populates="sightings")
    staff: Mapped[Staff] = relationship()
