"""What is shown of a person where the whole is not needed, and cells that cannot run."""

from __future__ import annotations

import string
import unicodedata

from .identity import EIGHTEEN_CHARACTERS
from .text import INVISIBLE
from .vocabulary import IdType

_FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
_BLANKS = "".join(
    (
        string.whitespace,
        "".join(map(chr, (*range(0x20), *range(0x7F, 0xA1)))),
        "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
        "\u202f\u205f\u2800\u3000",
        INVISIBLE,
    )
)
#: A cell that begins otherwise is harmless; nearly all do.
_SUSPECTS = _FORMULA_STARTS | frozenset(_BLANKS)


def mask_name(name: str) -> str:
    """乔秀兰 → 乔*兰, 李四 → 李*; a single character is hidden altogether."""
    first, *others = _with_marks(name) or [""]
    if not others:
        return "*" if first else ""
    *inner, last = others
    return first + "*" * len(inner) + last if inner else f"{first}*"


def mask_number(last_four: str, id_type: IdType = IdType.RESIDENT_ID) -> str:
    """As long as the number for the 18-character papers; four stars where its length would tell."""
    hidden = 14 if id_type in EIGHTEEN_CHARACTERS else 4
    return "*" * hidden + last_four


def mask_phone(last_four: str) -> str:
    """Seven stars and the last four of the eleven digits."""
    return "*" * 7 + last_four


def mask_email(address: str) -> str:
    """At most three letters of the name, never all of it; the domain is shown."""
    local, at, domain = address.rpartition("@")
    return f"{local[: max(0, min(3, len(local) - 1))]}***{at}{domain}"


def spreadsheet_safe(text: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet might run it; nothing is removed."""
    if text[:1] not in _SUSPECTS:
        return text
    visible = text.lstrip(_BLANKS)
    blanks = text[: len(text) - len(visible)]
    if visible[:1] in _FORMULA_STARTS or "\t" in blanks or "\r" in blanks:
        return f"'{text}"
    return text


def _with_marks(name: str) -> list[str]:
    """Characters as they are seen: an accent or variant selector stays with its letter."""
    letters: list[str] = []
    for character in name:
        if letters and unicodedata.category(character).startswith("M"):
            letters[-1] += character
        else:
            letters.append(character)
    return letters
