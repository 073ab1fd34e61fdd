"""The command `volunteer` as people run it: a process of its own, in an empty environment."""

from __future__ import annotations

import http.client
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import chdir, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from click.testing import CliRunner

from volunteer_app.cli import main

ROOT = Path(__file__).parent.parent
_START = "from volunteer_app.cli import main; main(prog_name='volunteer')"
FROM_CHECKOUT = (sys.executable, "-c", _START)


@dataclass(frozen=True)
class Shell:
    """A folder with `instance/` in it, and the program to run there."""

    folder: Path
    program: Sequence[str] = FROM_CHECKOUT
    path: str = str(ROOT)

    @property
    def instance(self) -> Path:
        return self.folder / "instance"

    def environ(self, variables: dict[str, str]) -> dict[str, str]:
        """Nothing of the tests' own environment but where programs are found."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return (
            kept
            | {"PYTHONPATH": self.path, "PYTHONUTF8": "1", "TZ": "America/New_York"}
            | variables
        )

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*self.program, *words],
            cwd=self.folder,
            env=self.environ(variables),
            capture_output=True,
            check=False,
            timeout=120,
        )

    def say(self, *words: str, **variables: str) -> str:
        """What a command that succeeds prints; it says nothing on stderr."""
        done = self.run(*words, **variables)
        assert (done.returncode, done.stderr.decode()) == (0, "")
        return done.stdout.decode()

    def complaint(self, *words: str, **variables: str) -> str:
        """The one sentence of a command that fails."""
        done = self.run(*words, **variables)
        complaint = done.stderr.decode()
        assert done.returncode == 1
        assert complaint.count("\n") == 1
        return complaint.removesuffix("\n")

    @contextmanager
    def serving(self, *words: str, **variables: str) -> Iterator[str]:
        """The address of a server that runs until the end of the block and then leaves quietly."""
        port = free_port()
        with subprocess.Popen(
            [*self.program, "serve", "--port", str(port), *words],
            cwd=self.folder,
            env=self.environ(variables),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(f"{address}/healthz", server)
                yield address
            finally:
                server.terminate()
        assert server.returncode == 0


class InProcess(Shell):
    """Runs commands here; working folder, environment, log and umask are put back afterwards."""

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
        root, mask = logging.getLogger(), os.umask(0)
        handlers, level = root.handlers[:], root.level
        os.umask(mask)
        kept = dict(os.environ)
        given = {name: text for name, text in kept.items() if not name.startswith("VOLUNTEER_")}
        try:
            os.environ.clear()
            os.environ.update(given | variables)
            with chdir(self.folder):
                done = CliRunner().invoke(main, words, prog_name="volunteer")
        finally:
            os.environ.clear()
            os.environ.update(kept)
            root.handlers[:] = handlers
            root.setLevel(level)
            os.umask(mask)
        return subprocess.CompletedProcess(
            words, done.exit_code, done.stdout_bytes, done.stderr_bytes
        )


def query(path: Path, statement: str) -> list[tuple[object, ...]]:
    """Ask, or change, a SQLite database beside the program."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement).fetchall()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            if fetch(url)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer; it ended with {server.poll()}")


def fetch(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    with closing(connection):
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
