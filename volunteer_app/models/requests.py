"""What a person asks of the association, private links, and who wants to be told."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.requests import LinkPurpose, RequestKind, RequestStatus
from ..vault import Vault
from .staff import Staff

if TYPE_CHECKING:
    from .application import Application, Draft
    from .unit import Recommendation


class SubjectRequest(Base):
    """请求 of a person about an application of their own; `due_on` is the last day to answer.

    The person's words are sealed, they may name a number. `answer` is what staff said.
    """

    __tablename__ = "subject_request"
    __table_args__ = (
        sa.Index(None, "status", "due_on", "id"),
        sa.Index(
            "uq_subject_request_one_open",
            "application_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(16), unique=True)
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[RequestKind]
    status: Mapped[RequestStatus]
    words_sealed: Mapped[bytes]
    asked_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    answered_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship(back_populates="requests")
    answered_by: Mapped[Staff | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def seal_words(self, words: str, vault: Vault) -> None:
        self.words_sealed = vault.seal(words, f"subject_request:{self.slug}:words")

    def open_words(self, vault: Vault) -> str:
        return vault.open(self.words_sealed, f"subject_request:{self.slug}:words")


class PrivateLink(Base):
    """A link that opens one thing until it expires. Its token is kept sealed, so that the message
    with it can be written when it is delivered; addresses are looked up by the digest."""

    __tablename__ = "private_link"

    token_digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    token_sealed: Mapped[bytes]
    purpose: Mapped[LinkPurpose]
    application_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    draft_digest: Mapped[str | None] = mapped_column(
        sa.ForeignKey("draft.token_digest", ondelete="CASCADE"), index=True
    )
    recommendation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)

    application: Mapped[Application | None] = relationship()
    draft: Mapped[Draft | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()

    def seal_token(self, token: str, vault: Vault) -> None:
        self.token_sealed = vault.seal(token, f"private_link:{self.token_digest}:token")

    def open_token(self, vault: Vault) -> str:
        return vault.open(self.token_sealed, f"private_link:{self.token_digest}:token")


class RenewalWish(Base):
    """Who wants to be told when a recruitment opens, by the application that was theirs before."""

    __tablename__ = "renewal_wish"

    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[dt.datetime]
    told_at: Mapped[dt.datetime | None] = mapped_column(index=True)

    application: Mapped[Application] = relationship()
