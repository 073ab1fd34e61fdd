"""What a unit's spreadsheet of 2,000 nominees costs: read in the sandbox, judged, sent back."""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Flask, g

from volunteer_app.db import db, vault_of
from volunteer_app.documents import nominee_sheet
from volunteer_app.domain import headers, regions
from volunteer_app.domain.vocabulary import (
    Availability,
    Education,
    Gender,
    IdType,
    Labelled,
    PoliticalStatus,
    ServiceArea,
)
from volunteer_app.services import nominee_sheets, recruiting
from volunteer_app.services.inventing import invent
from volunteer_app.web.nominee_rows import judge

from .instances import make_instance
from .measuring import Line

ROWS, ROUNDS = nominee_sheets.MOST_ROWS, 5
_LISTS: dict[str, type[Labelled]] = {
    "id_type": IdType,
    "gender": Gender,
    "education": Education,
    "political_status": PoliticalStatus,
    "service_areas": ServiceArea,
    "availability": Availability,
}


def measure(folder: Path) -> Iterator[Line]:
    app = make_instance(folder / "sheet")
    now = dt.datetime.now(dt.UTC)
    content = _workbook(now)
    _forget_peak()
    before = _megabytes()
    read, judged, returned = _rounds(app, content, now)
    every = [sum(parts) for parts in zip(read, judged, strict=True)]
    yield Line(work=f"sheet of {ROWS:,} rows: read", values=read, unit="s")
    yield Line(work=f"sheet of {ROWS:,} rows: judged", values=judged, unit="s CPU")
    yield Line(work=f"sheet of {ROWS:,} rows: read and judged", values=every, unit="s", most=5)
    yield Line(work=f"sheet of {ROWS:,} rows: the sheet back", values=returned, unit="s CPU")
    most = [_megabytes()]
    yield Line(work="sheet: memory of the process, all in all", values=most, unit="MiB", most=150)
    grown = [most[0] - before]
    yield Line(work="sheet: memory it grew by", values=grown, unit="MiB")
    child = [_of_the_sandbox(content)]
    yield Line(work="sheet: memory of the sandbox", values=child, unit="MiB", most=150)


def _rounds(
    app: Flask, content: bytes, now: dt.datetime
) -> tuple[list[float], list[float], list[float]]:
    read, judged, returned = [], [], []
    with app.test_request_context():
        g.now = now
        recruitment = recruiting.current(db.session, now.date())
        assert recruitment is not None
        vault = vault_of(db.session)
        for _ in range(ROUNDS):
            seconds, sheet = _timed(time.perf_counter, nominee_sheets.read_sheet, content)
            read.append(seconds)
            seconds, rows = _timed(
                time.process_time, judge, sheet, recruitment, existing={}, vault=vault, now=now
            )
            judged.append(seconds)
            seconds, _ = _timed(
                time.process_time, nominee_sheet.returned, sheet, rows, recruitment.terms
            )
            returned.append(seconds)
    return read, judged, returned


def _timed(
    clock: Callable[[], float], work: Callable[..., Any], *given: Any, **named: Any
) -> tuple[float, Any]:
    began = clock()
    done = work(*given, **named)
    return clock() - began, done


def _workbook(now: dt.datetime) -> bytes:
    """Every fifth row has a telephone number that is too short."""
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for place, field in enumerate(headers.COLUMNS):
                sheet.write_string(0, place, field.label)
            for number in range(ROWS):
                person = invent(number, age=20 + number % 45, on=now.date())
                if number % 5 == 0:
                    person["phone"] = person["phone"][:7]
                for place, field in enumerate(headers.COLUMNS):
                    sheet.write_string(
                        number + 1, place, _word(field.name, person.get(field.name, ""))
                    )
        return file.getvalue()


def _word(name: str, value: Any) -> str:
    if name == "region":
        return regions.region(value).name
    if name == "county":
        return regions.county(value).name
    if isinstance(value, list):
        return "、".join(_LISTS[name](each).label for each in value)
    return str(_LISTS[name](value).label if value and name in _LISTS else value)


def _forget_peak() -> None:
    """What making the instance took, a password's hash above all, is not counted (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _megabytes() -> float:
    """The most this process has held since `_forget_peak`."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


#: Run by a small process: what a child takes is counted from what its parent took.
_SMALL_PARENT = """
import resource, subprocess, sys
command = [sys.executable, "-m", "volunteer_app.sandbox", *sys.argv[1:]]
subprocess.run(command, stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def _of_the_sandbox(content: bytes) -> float:
    options = json.dumps({"most": ROWS, "mark": "姓名"})
    command = [sys.executable, "-c", _SMALL_PARENT, "sheet", options]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return float(done.stdout)
