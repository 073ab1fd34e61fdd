"""Text with separators: the encodings and separators that spreadsheets of this country write."""

from __future__ import annotations

import codecs
import csv
import io

from . import UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t"
_LINES_LOOKED_AT = 30


def rows(content: bytes, mark: str) -> list[list[str]]:
    """Records as they stand. Raises UnreadableError: encoding, broken."""
    text = _decoded(content)
    lines = text.splitlines()[:_LINES_LOOKED_AT]
    header = next((line for line in lines if mark in "".join(line.split())), lines[:1])
    separator = max(_SEPARATORS, key="".join(header).count)
    csv.field_size_limit(len(text) + 1)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnreadableError("broken") from error


def _decoded(content: bytes) -> str:
    """By its mark, else UTF-8, else GB18030. Raises UnreadableError."""
    encodings = [name for bom, name in _BOMS if content.startswith(bom)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableError("encoding")
