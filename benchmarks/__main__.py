"""Measure everything once and print one table: `python -m benchmarks [visit] [queue] …`."""

from __future__ import annotations

import datetime as dt
import platform
import sys
import tempfile
from pathlib import Path

from . import crowd, documents, queue, sheet, visit
from .measuring import table

PARTS = {
    "visit": visit.measure,
    "queue": queue.measure,
    "documents": documents.measure,
    "sheet": sheet.measure,
    "crowd": crowd.measure,
}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    lines = []
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            lines += list(PARTS[name](Path(folder)))
    print(
        f"{dt.datetime.now(dt.UTC):%d %B %Y}, Python {platform.python_version()}\n\n{table(lines)}"
    )


main()
