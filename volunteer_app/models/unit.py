"""推荐: a unit's list of nominees in one recruitment, with its sealed form."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.vocabulary import NomineeStatus, RecommendationStatus, SealState
from ..vault import Vault
from .staff import Staff

if TYPE_CHECKING:
    from .application import Application
    from .attachment import Attachment
    from .recruitment import Recruitment


class Recommendation(Base):
    """One unit, known by its 统一社会信用代码 (`uscc`) or by why it has none.

    `content_code` is the short code of what a seal vouches for as it is now, `sealed_code` what it
    was when the scan came, `confirmed_code` what staff read on the scan they confirmed.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        sa.CheckConstraint("uscc is not null or no_uscc_reason <> ''", name="unit_is_known"),
        sa.Index(None, "recruitment_id", "status", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(12), unique=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    status: Mapped[RecommendationStatus]
    unit_name: Mapped[str] = mapped_column(sa.String(120))
    uscc: Mapped[str | None] = mapped_column(sa.String(18), index=True)
    no_uscc_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    identified_by: Mapped[str] = mapped_column(sa.String(200), default="")
    region: Mapped[str] = mapped_column(sa.String(6))
    contact_name: Mapped[str] = mapped_column(sa.String(80))
    phone_sealed: Mapped[bytes]
    phone_last4: Mapped[str] = mapped_column(sa.String(4))
    email_sealed: Mapped[bytes | None]
    email_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    token_sealed: Mapped[bytes | None]
    content_code: Mapped[str] = mapped_column(sa.String(12))
    sealed_code: Mapped[str | None] = mapped_column(sa.String(12))
    confirmed_code: Mapped[str | None] = mapped_column(sa.String(12))
    seal_confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    seal_confirmed_at: Mapped[dt.datetime | None]
    return_reason: Mapped[str] = mapped_column(default="")
    last_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    handed_in_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column()

    recruitment: Mapped[Recruitment] = relationship()
    seal_confirmed_by: Mapped[Staff | None] = relationship()
    nominees: Mapped[list[Nominee]] = relationship(
        back_populates="recommendation", order_by="Nominee.number", passive_deletes=True
    )
    attachments: Mapped[list[Attachment]] = relationship(
        back_populates="recommendation", order_by="Attachment.id", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def seal_state(self) -> SealState:
        if self.sealed_code is None:
            return SealState.MISSING
        if self.sealed_code != self.content_code:
            return SealState.STALE
        if self.confirmed_code == self.content_code:
            return SealState.CONFIRMED
        return SealState.UPLOADED

    def seal(self, column: str, text: str, vault: Vault) -> bytes:
        return vault.seal(text, f"recommendation:{self.reference}:{column}")

    def open(self, column: str, vault: Vault) -> str:
        """The clear text of a sealed column; empty where nothing was given."""
        sealed: bytes | None = getattr(self, f"{column}_sealed")
        return vault.open(sealed, f"recommendation:{self.reference}:{column}") if sealed else ""


class Nominee(Base):
    """被推荐人: what the unit wrote of one person, sealed, and how far that person's answer is.

    `number` counts within the recommendation and is never given to another. The private link's
    token is kept sealed, so that the clerk can hand over the same link again.
    """

    __tablename__ = "nominee"
    __table_args__ = (
        sa.UniqueConstraint("recommendation_id", "number"),
        sa.UniqueConstraint("recommendation_id", "id_number_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recommendation.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    status: Mapped[NomineeStatus]
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    token_sealed: Mapped[bytes]
    name: Mapped[str] = mapped_column(sa.String(80))
    id_number_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    id_number_last4: Mapped[str] = mapped_column(sa.String(4))
    answers_sealed: Mapped[bytes]
    application_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("application.id", ondelete="SET NULL"), index=True
    )
    sent_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))

    recommendation: Mapped[Recommendation] = relationship(back_populates="nominees")
    application: Mapped[Application | None] = relationship(back_populates="nominees")
    confirmed_by: Mapped[Staff | None] = relationship()

    def seal_answers(self, answers: dict[str, Any], vault: Vault) -> None:
        """Keep what the unit wrote: JSON values by field name, as in a draft."""
        text = json.dumps(answers, ensure_ascii=False)
        self.answers_sealed = vault.seal(text, f"nominee:{self.token_digest}:answers")

    def open_answers(self, vault: Vault) -> dict[str, Any]:
        text = vault.open(self.answers_sealed, f"nominee:{self.token_digest}:answers")
        answers: dict[str, Any] = json.loads(text)
        return answers

    def seal_token(self, token: str, vault: Vault) -> None:
        self.token_sealed = vault.seal(token, f"nominee:{self.token_digest}:token")

    def open_token(self, vault: Vault) -> str:
        return vault.open(self.token_sealed, f"nominee:{self.token_digest}:token")


class NomineeSheet(Base):
    """The spreadsheet that a unit uploaded last, its cells sealed, until it is imported."""

    __tablename__ = "nominee_sheet"

    recommendation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recommendation.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    filename: Mapped[str] = mapped_column(sa.String(120))
    cells_sealed: Mapped[bytes]
    uploaded_at: Mapped[dt.datetime]
