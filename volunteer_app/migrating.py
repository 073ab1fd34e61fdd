"""Migrations run with SQLite's foreign keys off: it builds a table anew to change it, and dropping
the old one would delete every row that refers to it. (sqlite.org/lang_altertable.html, 7)"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from .db import db


def upgrade(app: Flask) -> None:
    """Bring the database to the newest revision; nothing changes where a step fails. Within an
    application context."""
    with _foreign_keys_off(app):
        app.extensions["alembic"].upgrade()


def downgrade(app: Flask, revision: str) -> None:
    """Back to that revision, for tests and emergencies."""
    with _foreign_keys_off(app):
        app.extensions["alembic"].downgrade(revision)


@contextmanager
def _foreign_keys_off(app: Flask) -> Iterator[None]:
    """Only on connections that are made meanwhile, and none of them is kept."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        yield
        return
    with app.app_context():
        pass  # at its end the connection goes by which somebody looked for the revision
    db.session.close()
    engine.dispose()
    event.listen(engine, "connect", _switch_off)
    try:
        yield
    finally:
        event.remove(engine, "connect", _switch_off)
        engine.dispose()


def _switch_off(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = 0")
