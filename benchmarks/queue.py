"""Whether pages cost the same however many applications there are, and how fast a roster leaves."""

from __future__ import annotations

import csv
import io
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from volunteer_app.db import db
from volunteer_app.domain.terms import day_of
from volunteer_app.models import Application, Recruitment
from volunteer_app.services import counting, exporting
from volunteer_app.services.finding import RosterFilter
from volunteer_app.services.inventing import RARE_NAMES
from volunteer_app.services.preparing import FIRST_ADMINISTRATOR
from volunteer_app.web.clock import system_clock

from .instances import PASSWORD, make_instance
from .measuring import Line, Visitor, cpu, ratios

FEW, MANY = 1_000, 100_000
ROUNDS = 15
EXPORTS = 2

Spent = dict[str, list[float]]

#: The same cells as a roster without its masks, read and written with nothing in between.
_RAW = """
select a.reference, r.title, p.starts_on, p.ends_on, p.terminated_on, a.name, a.gender,
  a.birth_date, a.ethnicity, a.political_status, a.education, a.occupation, a.employer,
  a.job_title, a.id_type, a.id_number_last4, a.phone_last4, a.region, a.county, a.address
from appointment p join application a on a.id = p.application_id
join recruitment r on r.id = p.recruitment_id order by p.id
"""


def measure(folder: Path) -> Iterator[Line]:
    few, many = make_instance(folder / "few", FEW), make_instance(folder / "many", MANY)
    yield from _home(make_instance(folder / "none"), many)
    yield from _queue(few, many)
    yield _counts(many)
    yield from _export(many, folder / "many" / "volunteer.sqlite3")


def _home(none: Flask, many: Flask) -> Iterator[Line]:
    spent: Spent = defaultdict(list)
    visitors = {"empty": Visitor(none), "full": Visitor(many)}
    for _ in range(2 * ROUNDS):
        for name, visitor in visitors.items():
            visitor.get("/")
            spent[name].append(visitor.spent)
    yield Line(work=f"home page at {MANY:,}", values=spent["full"][3:], unit="ms CPU")
    ratio = ratios(spent["full"][3:], spent["empty"][3:])
    yield Line(work="home page full : empty", values=ratio, unit="×", most=1.1)


def sign_in(app: Flask) -> Visitor:
    visitor = Visitor(app)
    page = visitor.get("/staff/sign-in")
    visitor.post("/staff/sign-in", page, {"email": FIRST_ADMINISTRATOR, "password": PASSWORD})
    return visitor


def references(app: Flask, share: float) -> str:
    """The reference that far down the order of submission."""
    with app.app_context():
        last = db.session.scalar(sa.select(sa.func.max(Application.id))) or 0
        return db.session.get_one(Application, max(1, int(last * share))).reference


def _queue(few: Flask, many: Flask) -> Iterator[Line]:
    pages = {
        "few": (sign_in(few), "/staff/queue/"),
        "first": (sign_in(many), "/staff/queue/"),
        "deep": (sign_in(many), f"/staff/queue/?after={references(many, 0.95)}"),
        "hit": (sign_in(many), f"/staff/queue/?q={RARE_NAMES[-1]}"),
        "miss": (sign_in(many), "/staff/queue/?q=䶮䶮"),
    }
    spent: Spent = defaultdict(list)
    for _ in range(ROUNDS + 2):
        for name, (visitor, path) in pages.items():
            visitor.get(path)
            spent[name].append(visitor.spent)
    spent = {name: values[2:] for name, values in spent.items()}
    yield Line(work=f"queue page at {FEW:,}", values=spent["few"], unit="ms CPU")
    yield Line(work=f"queue page at {MANY:,}", values=spent["first"], unit="ms CPU")
    for name, against, most in (
        ("first", "few", 1.5),
        ("deep", "first", 1.2),
        ("hit", "first", 3.0),
        ("miss", "first", 3.0),
    ):
        yield Line(
            work=f"queue: {_WORDS[name]} : {_WORDS[against]}",
            values=ratios(spent[name], spent[against]),
            unit="×",
            most=most,
        )


_WORDS = {
    "few": f"first page at {FEW:,}",
    "first": f"first page at {MANY:,}",
    "deep": "page at 95 % of the depth",
    "hit": "search of two characters, hundreds of hits",
    "miss": "search of two characters, no hit",
}


def _counts(app: Flask) -> Line:
    with app.app_context():
        recruitment_id = db.session.scalar(sa.select(Recruitment.id)) or 0
        values = [
            _wall(lambda: counting.counts(db.session, recruitment_id, None)) for _ in range(50)
        ]
    return Line(work=f"counts of the tabs at {MANY:,}", values=values[5:], unit="ms", most=1.0)


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _export(app: Flask, file: Path) -> Iterator[Line]:
    """Streamed CSV against csv.writer over the driver's own cursor, which does not mask, label or
    disarm. The targets allow four times `sqlite3 -csv`; csv.writer takes 2.5 times of it."""
    filters = RosterFilter(on=day_of(system_clock()))
    ours, raw, first, speed = [], [], [], []
    for _ in range(EXPORTS):
        with app.app_context():
            chunks = exporting.csv_chunks(db.session, filters, revealed=False)
            first.append(cpu(lambda: [next(chunks) for _ in range(2)]))  # noqa: B023
        with app.app_context():
            size = 0

            def drain() -> None:
                nonlocal size
                for chunk in exporting.csv_chunks(db.session, filters, revealed=False):
                    size += len(chunk)

            ours.append(cpu(drain))
            speed.append(size / 1024**2 / (ours[-1] / 1000))
        raw.append(cpu(lambda: _raw_csv(file)))
    work = f"CSV of {MANY // 2:,} rows: first thousand"
    yield Line(work=work, values=first, unit="ms CPU", most=100)
    yield Line(work="CSV: speed", values=speed, unit="MiB/s CPU")
    yield Line(
        work="CSV : csv.writer over the driver", values=ratios(ours, raw), unit="×", most=1.6
    )


def _raw_csv(file: Path) -> None:
    buffer = io.StringIO()
    connection = sqlite3.connect(file)
    csv.writer(buffer).writerows(connection.execute(_RAW))
    connection.close()
