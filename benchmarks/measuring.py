"""Server CPU of single requests, and the table of what was measured."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure, the most it should be by the targets, and the rounds it was measured in."""

    work: str
    values: Sequence[float]
    unit: str
    most: float | None = None

    def cells(self) -> list[str]:
        figures = (min(self.values), statistics.median(self.values), max(self.values))
        most = "" if self.most is None else f"{self.most:g}"
        met = "" if self.most is None else ("yes" if figures[1] <= self.most else "NO")
        return [self.work, *(f"{figure:.3g}" for figure in figures), self.unit, most, met]


HEADER = ["work", "min", "median", "max", "unit", "target", "met"]


def table(lines: Sequence[Line]) -> str:
    """Markdown, so that a run can be kept in the README."""
    rows = [HEADER, ["---"] * len(HEADER), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round: what disturbs the machine disturbs both."""
    return [our / their for our, their in zip(ours, theirs, strict=True)]


def cpu(work: Callable[[], Any]) -> float:
    """Milliseconds of processor time, which others on the machine do not add to."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


class Visitor:
    """A browser with cookies that counts what the application spends, not what it spends itself."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}
        self.spent = 0.0
        self.location = ""

    def get(self, path: str) -> str:
        """The page; `spent` is its CPU in milliseconds."""
        return self._ask(path, "GET", None, {"200"})

    def post(self, path: str, page: str, answers: Mapping[str, Any]) -> str:
        """Send the form of that page; anything but the redirect of a success is an error."""
        found = TOKEN.search(page)
        assert found is not None, f"{path} has no form"
        return self._ask(path, "POST", {"csrf_token": found[1], **answers}, {"302", "303"})

    def _ask(
        self, path: str, method: str, data: Mapping[str, Any] | None, expected: set[str]
    ) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path, _, query = path.partition("?")
        builder = EnvironBuilder(
            path,
            method=method,
            query_string=query,
            data=data,
            environ_base={"HTTP_COOKIE": cookies},
        )
        environ = builder.get_environ()
        began = time.process_time()
        body, status, headers = run_wsgi_app(self.app, environ, buffered=True)
        self.spent = (time.process_time() - began) * 1000
        text = b"".join(body).decode()
        assert status[:3] in expected, f"{method} {path}: {status}\n{text[-2000:]}"
        self.location = headers.get("Location", "")
        for cookie in headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return text
