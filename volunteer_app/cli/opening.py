"""The application as commands use it: opened, found ready, with who acts and a quiet log."""

from __future__ import annotations

import getpass
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from ..app import create_app
from ..db import db, wrong_pragmas
from ..services.auditing import Actor
from ..services.preparing import wrong_keys
from ..settings import Settings, SettingsError, load_settings
from ..web.headers import JsonFormatter
from .chinese import Unready


def keep_log(level: int) -> None:
    """Log to stderr, one JSON object a line. Comes before the application is made: extensions
    that find no handler would add their own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def settings_for(port: int, environ: dict[str, str] | None = None) -> Settings:
    """Settings whose public address follows the port where VOLUNTEER_URL does not say it."""
    environ = {"VOLUNTEER_URL": f"http://127.0.0.1:{port}"} | (environ or dict(os.environ))
    return load_settings(environ)


def open_app(settings: Settings) -> Flask:
    """The application; a database address that cannot be one is a sentence."""
    try:
        return create_app(settings)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise SettingsError(
            "VOLUNTEER_DATABASE_URL不对，应是postgresql://用户:密码@主机/库名。"
        ) from error


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """The application in its context; at the end every connection is closed."""
    app = open_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.close()
            db.engine.dispose()


@contextmanager
def ready_session() -> Iterator[Session]:
    """A session on the database of the environment, or Unready with the sentence why not."""
    keep_log(logging.WARNING)
    with opened(load_settings()) as app:
        if cause := why_not_ready(app):
            raise Unready(cause)
        yield db.session


def why_not_ready(app: Flask) -> str | None:
    """The first thing that stands in the way of work, as a sentence with its remedy."""
    settings: Settings = app.extensions["settings"]
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        return f"还没有数据库{file}，请先运行volunteer init。"
    if pending_migrations(app):
        return "数据库的结构不是最新的，请先运行volunteer db upgrade。"
    if wrong_keys(db.session):
        return "密钥和数据库不是一套，请从备份恢复写这个数据库时用的密钥文件。"
    if wrong := wrong_pragmas(db.session):
        return f"数据库的设置不符（{'，'.join(wrong)}），请确认文件在支持WAL的本地磁盘上。"
    return None


def pending_migrations(app: Flask) -> bool:
    alembic = app.extensions["alembic"]
    return revisions(alembic.heads()) != revisions(alembic.current())


def revisions(scripts: tuple[object, ...]) -> list[str]:
    return sorted(getattr(script, "revision", "") for script in scripts)


def sqlite_file(settings: Settings) -> Path | None:
    """The database file, None on PostgreSQL."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database)


def cli_actor() -> Actor:
    """Who acts: the account of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Actor(name=f"cli:{name}"[:80])
