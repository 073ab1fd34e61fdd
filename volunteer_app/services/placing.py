"""One open or approved application a person and recruitment: who has the place."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.vocabulary import HOLDING
from ..models import Application

#: Written once: it is asked at every submission.
_HOLDER = sa.select(Application).where(
    Application.recruitment_id == sa.bindparam("recruitment"),
    Application.id_number_index == sa.bindparam("person"),
    Application.status.in_(HOLDING),
)


def find_holder(
    session: Session, recruitment_id: int, id_number_index: bytes
) -> Application | None:
    """The open or approved application of that person in that recruitment, if there is one."""
    return session.scalar(_HOLDER, {"recruitment": recruitment_id, "person": id_number_index})
