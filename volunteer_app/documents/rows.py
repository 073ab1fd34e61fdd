"""How answers share the lines of a form: two short ones on one line, a long one alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

Row = tuple[str, str]

#: Half-width letters that fit beside another answer at the forms' size of type.
HALF_A_LINE = 24


def paired(rows: Iterable[Row], *, most: int = HALF_A_LINE) -> list[list[Row]]:
    """Lines of one or two rows, in the order given."""
    lines: list[list[Row]] = []
    for label, text in rows:
        short = width(text) <= most
        if short and lines and len(lines[-1]) == 1 and width(lines[-1][0][1]) <= most:
            lines[-1].append((label, text))
        else:
            lines.append([(label, text)])
    return lines


def width(text: str) -> int:
    """In half-width letters: a Chinese character takes two. A line break never fits."""
    if "\n" in text:
        return 10_000
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
