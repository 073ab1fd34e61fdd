"""Visitors at once, and the server killed under them: what was acknowledged is stored whole."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from .instances import make_instance
from .measuring import TOKEN, Line
from .visit import steps

SECONDS, WARM_UP = 15.0, 3.0
KILLS = 20
_START = "from volunteer_app.cli import main; main(prog_name='volunteer')"
_REFERENCE = re.compile(r'id="reference"[^>]*>([0-9A-Z-]{11})<')


@dataclass
class Seen:
    """What a crowd met: milliseconds of each submission, references shown, answers of 5xx."""

    spent: list[float] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    broken: int = 0


class Visitor:
    """A browser over the wire, with cookies."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}

    def ask(self, path: str, answers: Mapping[str, object] | None = None) -> tuple[int, str]:
        """Status and page; raises OSError or HTTPException where the server is gone."""
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self._cookies.items())}
        body = None
        if answers is not None:
            body = urlencode(answers)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as server:
            server.request("GET" if body is None else "POST", path, body, headers)
            answer = server.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value
            return answer.status, answer.read().decode()

    def errand(self, number: int, seen: Seen) -> None:
        """All pages of one person, and the receipt."""
        for place, answers in steps(number):
            status, page = self.ask(f"/apply/{place}")
            token = TOKEN.search(page)
            seen.broken += status >= 500
            began = time.perf_counter()
            sent = dict(answers) | {"csrf_token": token[1] if token else ""}
            status, _page = self.ask(f"/apply/{place}", sent)
            seen.broken += status >= 500
        seen.spent.append((time.perf_counter() - began) * 1000)
        _status, page = self.ask("/apply/receipt")
        if shown := _REFERENCE.search(page):
            seen.references.append(shown[1])


def visit(port: int, first: int, visitors: int, until: float) -> Seen:
    """That many people at once until then (of time.time), each with many errands."""
    seen = Seen()

    def one(place: int) -> None:
        for number in count(first + place, visitors):
            if time.time() >= until:
                return
            try:
                Visitor(port).errand(number, seen)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    with ThreadPoolExecutor(visitors) as people:
        list(people.map(one, range(visitors)))
    return seen


@contextmanager
def serving(instance: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The server as it is run, in a group of its own; killed at the end if it still lives."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", _START, "serve", "--port", str(port)],
        env=os.environ | {"VOLUNTEER_INSTANCE": str(instance), "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield port, server
    finally:
        kill(server)


def _wait(port: int) -> None:
    for _try in range(300):
        try:
            if Visitor(port).ask("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def kill(server: subprocess.Popen[bytes]) -> None:
    """As kill -9 of the whole group."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def measure(folder: Path) -> Iterator[Line]:
    """Clients are processes of their own on the same machine: they take part of what there is."""
    make_instance(folder / "crowd")
    numbers = count(0, 100_000)
    with ProcessPoolExecutor(2) as clients:
        for visitors in (4, 8, 16):
            with serving(folder / "crowd") as (port, _server):
                early = _crowd(clients, port, numbers, visitors, WARM_UP)
                seen = _crowd(clients, port, numbers, visitors, SECONDS)
                seen.references += early.references
            yield from _lines(visitors, seen, folder / "crowd")
        yield from _killed(clients, folder / "crowd", numbers)


def _crowd(
    clients: ProcessPoolExecutor, port: int, numbers: Iterator[int], visitors: int, seconds: float
) -> Seen:
    until = time.time() + seconds
    halves = [
        clients.submit(visit, port, next(numbers), visitors // 2, until) for _half in range(2)
    ]
    whole = Seen()
    for half in halves:
        seen = half.result()
        whole.spent += seen.spent
        whole.references += seen.references
        whole.broken += seen.broken
    return whole


def _lines(visitors: int, seen: Seen, instance: Path) -> Iterator[Line]:
    who = f"{visitors} visitors"
    middle, high = statistics.median(seen.spent), statistics.quantiles(seen.spent, n=100)[98]
    yield Line(work=f"{who}: submission, p50", values=[middle], unit="ms")
    yield Line(work=f"{who}: submission, p99 : p50", values=[high / middle], unit="×", most=4)
    yield Line(work=f"{who}: acknowledged", values=[len(seen.references)], unit="")
    yield Line(work=f"{who}: answers of 5xx", values=[seen.broken], unit="", most=0)
    lost = len(lost_of(seen.references, instance))
    yield Line(work=f"{who}: acknowledged, not stored whole", values=[lost], unit="", most=0)


def _killed(clients: ProcessPoolExecutor, instance: Path, numbers: Iterator[int]) -> Iterator[Line]:
    shown: list[str] = []
    for round_number in range(KILLS):
        with serving(instance) as (port, server):
            until = time.time() + 3.0
            halves = [clients.submit(visit, port, next(numbers), 4, until) for _half in range(2)]
            time.sleep(1.0 + 1.5 * (round_number / KILLS))
            kill(server)
            for half in halves:
                shown += half.result().references
    yield Line(work=f"killed {KILLS} times: acknowledged", values=[len(shown)], unit="")
    lost = lost_of(shown, instance)
    yield Line(work="killed: acknowledged, not stored whole", values=[len(lost)], unit="", most=0)
    doubles = len(shown) - len(set(shown))
    yield Line(work="killed: a reference shown to two people", values=[doubles], unit="", most=0)


def lost_of(references: list[str], instance: Path) -> list[str]:
    """Those that lack a row of what belongs to a submission, and every half one that nobody was
    shown."""
    with closing(sqlite3.connect(instance / "volunteer.sqlite3")) as database:
        whole = {
            reference
            for (reference,) in database.execute(
                "select reference from application a where"
                " (select count(*) from consent_given where application_id = a.id) = 3"
                " and exists (select 1 from decision where application_id = a.id)"
                " and exists (select 1 from message where application_id = a.id)"
                " and exists (select 1 from name_token where application_id = a.id)"
                " and exists (select 1 from audit_event where subject = a.reference)"
            )
        }
        stored = {
            reference for (reference,) in database.execute("select reference from application")
        }
    return [each for each in references if each not in whole] + sorted(stored - whole)
