"""Whether the process lives, and whether it can work."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from ..db import db, wrong_pragmas
from .access import PUBLIC, open_to

health = Blueprint("health", __name__)


@health.get("/healthz")
@open_to(PUBLIC)
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@health.get("/readyz")
@open_to(PUBLIC)
def readyz() -> ResponseReturnValue:
    """Database reachable, pragmas as promised, migrations complete."""
    script = current_app.extensions["alembic"].script_directory
    try:
        current = MigrationContext.configure(db.session.connection()).get_current_heads()
        wrong = wrong_pragmas(db.session)
    except SQLAlchemyError:
        return {"status": "database unavailable"}, 503
    if set(current) != set(script.get_heads()):
        return {"status": "migrations pending"}, 503
    return ({"status": "ok"}, 200) if not wrong else ({"status": ", ".join(wrong)}, 503)
