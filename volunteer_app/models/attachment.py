"""附件: an uploaded document, sealed, in a table of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from ..domain.vocabulary import DocumentKind
from ..vault import Vault

if TYPE_CHECKING:
    from .application import Application, Draft
    from .unit import Recommendation


class Attachment(Base):
    """It belongs to a draft, to the application the draft became, or to a recommendation.

    `slug` stands in addresses. `digest` is the SHA-256 (hex) of the content as it is kept, `size`
    its bytes. `filename` is only shown, made safe before it is stored.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint(
            "(case when draft_digest is null then 0 else 1 end)"
            " + (case when application_id is null then 0 else 1 end)"
            " + (case when recommendation_id is null then 0 else 1 end) = 1",
            name="one_owner",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(32), unique=True)
    kind: Mapped[DocumentKind]
    filename: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    size: Mapped[int]
    pages: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(sa.String(64))
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)
    uploaded_by: Mapped[str] = mapped_column(sa.String(80))
    uploaded_at: Mapped[dt.datetime]
    draft_digest: Mapped[str | None] = mapped_column(
        sa.ForeignKey("draft.token_digest", ondelete="CASCADE"), index=True
    )
    application_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    recommendation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )

    draft: Mapped[Draft | None] = relationship(back_populates="attachments")
    application: Mapped[Application | None] = relationship(back_populates="attachments")
    recommendation: Mapped[Recommendation | None] = relationship(back_populates="attachments")

    def seal(self, content: bytes, vault: Vault) -> bytes:
        return vault.seal_bytes(content, f"attachment:{self.slug}")

    def open(self, vault: Vault) -> bytes:
        return vault.open_bytes(self.content_sealed, f"attachment:{self.slug}")
