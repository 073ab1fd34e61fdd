"""The child process that sets a long document: its template's name, JSON in, PDF out."""

from __future__ import annotations

import sys

from .typesetting import set_page


def main() -> None:
    data = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(set_page(sys.argv[1], data, tagged=False))


if __name__ == "__main__":
    main()
