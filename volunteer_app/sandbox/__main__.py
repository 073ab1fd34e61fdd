"""The child process: one task, its file on standard input, its answer on standard output."""

from __future__ import annotations

import json
import sys
from contextlib import suppress

from . import Answer, UnreadableError, written
from .tasks import TASKS

#: Address space, not memory in use: libraries that are only mapped count as well.
MOST_ADDRESSES = 1_500 * 1024 * 1024
#: Memory that is written to; what a phone's photo or 2,000 nominees need, and no more.
MOST_DATA = 192 * 1024 * 1024
_SECONDS_OF_CPU = 8


def confine() -> None:
    """Limits that the kernel keeps; where there are none, the parent's timeout remains."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_DATA, MOST_DATA))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS_OF_CPU, _SECONDS_OF_CPU))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    task, options = sys.argv[1], json.loads(sys.argv[2])
    content = sys.stdin.buffer.read()
    confine()
    try:
        answer = TASKS[task](content, **options)
    except UnreadableError as error:
        answer = Answer({"unreadable": error.reason} | error.told)
    sys.stdout.buffer.write(written(answer))


if __name__ == "__main__":
    main()
