"""The database: engine options, typed base, moments in UTC, SQLite's pragmas, writers' turns."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from .vault import Vault

#: Milliseconds a SQLite writer waits for its turn before it gives up.
BUSY_TIMEOUT = 15_000

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: what is acknowledged has been flushed
    "foreign_keys": 1,
    "busy_timeout": BUSY_TIMEOUT,
}


class Moment(TypeDecorator[dt.datetime]):
    """An aware datetime, kept in UTC by both engines."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self, value: dt.datetime | None, _dialect: sa.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads a plain class attribute)
        dt.datetime: Moment,
        enum.Enum: sa.Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
        str: sa.Text,
        list[str]: sa.JSON,
    }


db = SQLAlchemy(session_options={"expire_on_commit": False})


def vault_of(session: Session) -> Vault:
    """The keys this session works with."""
    vault: Vault = session.info["vault"]
    return vault


def start_writing(session: Session) -> None:
    """End what was read so far; what follows is read and written in the writer's turn.

    On SQLite the next transaction begins IMMEDIATE: one that begins by reading and then upgrades
    fails at once when somebody else wrote meanwhile, and no timeout cures that.
    """
    session.rollback()
    session.connection(execution_options={"immediate": True})


def configure_engine(engine: sa.Engine) -> None:
    """Pragmas on every SQLite connection, and transactions that we begin ourselves."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def wrong_pragmas(session: Session) -> list[str]:
    """Read the pragmas back: what differs from PRAGMAS, empty when all is well."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    read = {name: session.scalar(sa.text(f"PRAGMA {name}")) for name in PRAGMAS}
    return [f"{name}={read[name]}" for name in PRAGMAS if read[name] != PRAGMAS[name]]
