"""Files from strangers are opened in a process of their own, with little memory and little time.

A decoder that runs wild, or is broken into, takes nothing with it: the child has no keys, no
database and no network of ours; it reads the file on its standard input and answers on its output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Seconds of wall clock after which a task is given up.
SECONDS = 10.0
_LENGTH_BYTES = 8
#: So many children at once in this process; a third waits, as its memory is not there.
_places = threading.BoundedSemaphore(2)


class UnreadableError(Exception):
    """The file cannot be used. `reason` is a word of the task, such as `encrypted`, or `broken`
    where the decoder gave up, ran out of memory or time; `told` are figures for the sentence."""

    def __init__(self, reason: str, told: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.told = dict(told or {})


@dataclass(frozen=True)
class Answer:
    """What a task says: JSON values, and a body for a file it made."""

    told: dict[str, Any]
    body: bytes = b""


def run(task: str, content: bytes, **options: Any) -> Answer:
    """Do one of the tasks in `tasks` with that content. Raises UnreadableError."""
    with _places:
        return _run(task, content, options)


def _run(task: str, content: bytes, options: Mapping[str, Any]) -> Answer:
    command = [sys.executable, "-P", "-s", "-m", "volunteer_app.sandbox", task, json.dumps(options)]
    try:
        done = subprocess.run(  # noqa: S603  (our own module; the file comes by its input)
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("broken") from error
    if done.returncode != 0:
        raise UnreadableError("broken")
    return _read(done.stdout)


def _environment() -> dict[str, str]:
    """Nothing of ours, where keys and addresses may stand, but where this program lies."""
    package = Path(__file__).parent.parent
    windows = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return windows | {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}


def _read(output: bytes) -> Answer:
    length = int.from_bytes(output[:_LENGTH_BYTES], "big")
    end = _LENGTH_BYTES + length
    told = json.loads(output[_LENGTH_BYTES:end])
    if reason := told.get("unreadable"):
        raise UnreadableError(reason, told)
    return Answer(told, output[end:])


def written(answer: Answer) -> bytes:
    """How the child writes its answer: length of the JSON (8 bytes, big-endian), JSON, body."""
    text = json.dumps(answer.told, ensure_ascii=False).encode()
    return len(text).to_bytes(_LENGTH_BYTES, "big") + text + answer.body
