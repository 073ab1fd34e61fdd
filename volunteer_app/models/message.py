"""通知: what the outbox holds, and the words an administrator chose."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.messages import MessageStatus, MessageVia
from ..vault import Vault

if TYPE_CHECKING:
    from .application import Application, Draft
    from .records import Decision
    from .recruitment import Recruitment
    from .requests import PrivateLink, SubjectRequest
    from .unit import Nominee, Recommendation


class Message(Base):
    """通知 in the outbox, written in the transaction of what it tells. No personal data in it:
    the text is made when it is delivered, from the application, draft or recommendation that it is
    about, and from the decision, nominee, recruitment, request or private link that it tells of.
    `edited_sealed` is the letter that staff put in its place, `closed_on` the closing day that was
    moved.

    Who holds the lease delivers; after `leased_until` another may. `due_since` starts a round of
    `attempts`, of which the next comes at `next_try_at`. `error` has the server's words, or why
    it was not sent. `slug` names it in addresses and letters, `rounds` tells a letter that staff
    sent again from a double.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index(None, "status", "id"),
        sa.Index(None, "status", "via", "id"),
        sa.Index("ix_message_due", "status", "via", "next_try_at"),
        sa.CheckConstraint(
            "(case when draft_digest is null then 0 else 1 end)"
            " + (case when application_id is null then 0 else 1 end)"
            " + (case when recommendation_id is null then 0 else 1 end) = 1",
            name="about_one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(16), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    dedupe_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    via: Mapped[MessageVia] = mapped_column(default=MessageVia.EMAIL)
    application_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    draft_digest: Mapped[str | None] = mapped_column(
        sa.ForeignKey("draft.token_digest", ondelete="CASCADE"), index=True
    )
    recommendation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    nominee_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("nominee.id", ondelete="SET NULL"), index=True
    )
    recruitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recruitment.id"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subject_request.id"))
    link_digest: Mapped[str | None] = mapped_column(
        sa.ForeignKey("private_link.token_digest", ondelete="SET NULL")
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
    edited_sealed: Mapped[bytes | None]
    closed_on: Mapped[dt.date | None]

    application: Mapped[Application | None] = relationship()
    draft: Mapped[Draft | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()
    recruitment: Mapped[Recruitment | None] = relationship()
    request: Mapped[SubjectRequest | None] = relationship()
    link: Mapped[PrivateLink | None] = relationship()
    decision: Mapped[Decision | None] = relationship()
    nominee: Mapped[Nominee | None] = relationship()

    def seal_edited(self, subject: str, text: str, vault: Vault) -> None:
        letter = json.dumps([subject, text], ensure_ascii=False)
        self.edited_sealed = vault.seal(letter, f"message:{self.slug}:edited")

    def open_edited(self, vault: Vault) -> tuple[str, str] | None:
        """Subject and text as staff wrote them; None where nobody did."""
        if self.edited_sealed is None:
            return None
        subject, text = json.loads(vault.open(self.edited_sealed, f"message:{self.slug}:edited"))
        return subject, text

    @property
    def subject(self) -> str:
        """The reference that the audit calls it by; a draft has none."""
        about = self.application or self.recommendation
        return about.reference if about is not None else f"draft {self.slug}"

    @property
    def addressee(self) -> str:
        """Whom staff see it is for."""
        if self.recommendation is not None:
            return self.recommendation.unit_name
        return self.application.name if self.application is not None else "没有提交的草稿"

    @property
    def recruitment_of(self) -> int:
        """The id of the recruitment of what it is about."""
        about = self.application or self.recommendation or self.draft
        if about is None:
            raise LookupError("a message is about something")
        return about.recruitment_id

    @property
    def phone_last4(self) -> str:
        about = self.application or self.recommendation
        return about.phone_last4 if about is not None else ""

    @property
    def region(self) -> str | None:
        about = self.application or self.recommendation
        return about.region if about is not None else None


class Wording(Base):
    """The text of one kind of message in one recruitment, in place of the file's."""

    __tablename__ = "wording"

    recruitment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recruitment.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str]
    changed_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
