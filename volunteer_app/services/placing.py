"""One open or approved application a person and recruitment: who has the place."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.vocabulary import HOLDING
from ..models import Application


def find_holder(
    session: Session, recruitment_id: int, id_number_index: bytes
) -> Application | None:
    """The open or approved application of that person in that recruitment, if there is one."""
    return session.scalar(
        sa.select(Application).where(
            Application.recruitment_id == recruitment_id,
            Application.id_number_index == id_number_index,
            Application.status.in_(HOLDING),
        )
    )
