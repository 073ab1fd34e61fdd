"""Private links open one thing until they expire, and their tokens are nowhere in clear."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import NOW, make_application
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.models import PrivateLink
from volunteer_app.services import linking

DAY = dt.timedelta(days=1)


def made(session: Session, days: int = 1) -> tuple[str, PrivateLink]:
    application = make_application(session)
    start_writing(session)
    link = linking.new_link(
        session, LinkPurpose.OWN_DATA, application=application, now=NOW, days=days
    )
    session.commit()
    return link.open_token(vault_of(session)), link


def test_a_link_opens_its_thing_until_the_moment_it_expires(session: Session) -> None:
    token, link = made(session)

    last = linking.find_link(session, token, now=NOW + DAY - dt.timedelta(seconds=1))
    assert last is link
    assert linking.find_link(session, token, now=NOW + DAY) is None
    assert linking.find_link(session, "unknown" * 4, now=NOW) is None


def test_the_token_is_stored_by_its_digest_and_sealed_only(session: Session) -> None:
    token, _link = made(session)

    row = session.execute(sa.select(PrivateLink.__table__)).one()
    assert token.encode() not in b"".join(
        value if isinstance(value, bytes) else str(value).encode() for value in row
    )


def test_only_expired_links_are_purged(session: Session) -> None:
    _token, _link = made(session, days=1)
    token, kept = made(session, days=2)
    start_writing(session)

    assert linking.purge(session, now=NOW + DAY) == 1
    assert linking.purge(session, now=NOW + DAY) == 0

    assert linking.find_link(session, token, now=NOW + DAY) is kept
