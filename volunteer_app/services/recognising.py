"""The same person: which applications are one person's, by the number or by a renewal."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..models import Application

#: Papers that one person changed one after the other; a chain of renewals is not longer.
_MOST_LINKS = 20


def applications_of(session: Session, application: Application) -> set[int]:
    """The ids of every application of its person, this one too: of the same number, or linked by
    a renewal, also through others of theirs."""
    known = {application.id}
    numbers, earlier = {application.id_number_index}, {application.renews_id} - {None}
    for _link in range(_MOST_LINKS):
        found = session.execute(
            sa.select(Application.id, Application.id_number_index, Application.renews_id).where(
                sa.or_(
                    Application.id_number_index.in_(numbers),
                    Application.renews_id.in_(known),
                    Application.id.in_(earlier),
                )
            )
        ).all()
        if {row.id for row in found} <= known:
            break
        known |= {row.id for row in found}
        numbers |= {row.id_number_index for row in found}
        earlier |= {row.renews_id for row in found} - {None}
    return known
