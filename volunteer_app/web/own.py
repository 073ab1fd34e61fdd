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
    session.pop("own", None)


def own_application() -> Application | None:
    """What was looked up in this browser within the hour."""
    reference, since = session.get("own", (None, 0))
    return find_own(reference) if reference and time.time() - since < OPEN_SECONDS else None


def remember_link(token: str) -> None:
    """The private link to everything that is stored; it says itself until when."""
    session["own_link"] = token


def own_link() -> str:
    """Its token; empty where none was followed in this browser."""
    return str(session.get("own_link", ""))
