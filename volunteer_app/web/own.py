"""The application that was looked up in this browser, for an hour."""

from __future__ import annotations

import time

from flask import session

from ..db import db
from ..domain.codes import normalise_reference
from ..models import Application

#: Seconds for which a looked-up application stays open in a browser.
OPEN_SECONDS = 3600


def find_own(text: str) -> Application | None:
    """By its reference in any spelling; whose it is, is not asked here. None once it was erased."""
    reference = normalise_reference(text)
    found = db.session.query(Application).filter_by(reference=reference).one_or_none()
    return None if found is None or found.is_erased else found


def remember_own(application: Application) -> None:
    session["own"] = [application.reference, time.time()]


def forget_own() -> None:
    """Close all that was opened in this browser."""
    session.pop("own", None)
    session.pop("own_link", None)


def own_application() -> Application | None:
    """What was looked up in this browser within the hour."""
    reference, since = session.get("own", (None, 0))
    return find_own(reference) if reference and time.time() - since < OPEN_SECONDS else None


def remember_link(token: str) -> None:
    """The private link to everything that is stored."""
    session["own_link"] = [token, time.time()]


def own_link() -> tuple[str, bool]:
    """Its token, empty where none was followed in this browser, and whether the hour is over."""
    token, since = session.get("own_link", ("", 0))
    return token, bool(token) and time.time() - since >= OPEN_SECONDS
