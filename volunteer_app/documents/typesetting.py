"""Documents as PDF: templates beside this module, data as JSON, the same fonts on every machine."""

from __future__ import annotations

import functools
import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
import unicodedata
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pylopdf_fonts_zh_cn as fonts

if TYPE_CHECKING:
    from typst import Compiler

#: Of wall clock, after which a long document is given up.
SECONDS = 60.0
_HERE = Path(__file__).parent
#: The compiler keeps what it has laid out; two threads in it at once would only wait.
_TURN = threading.Lock()


def pdf(template: str, content: dict[str, Any], *, many: bool = False) -> bytes:
    """`NAME.typ` with that content, which must be JSON. What people wrote is never read as markup:
    the template gets it as values. Characters that no font has are printed as their codes.

    `many` pages are set in a process of their own, because the compiler keeps what it has laid out
    (180 MB for a list of 2,000), and without the tags that a screen reader needs, which take nine
    tenths of their room.
    """
    data = json.dumps(printable(content), ensure_ascii=False)
    return _elsewhere(template, data) if many else set_page(template, data, tagged=True)


def set_page(template: str, data: str, *, tagged: bool) -> bytes:
    """The document of that JSON text, in this process."""
    source = _source("frame") + _source(template)
    with _TURN:
        made = _compiler().compile(
            input=source, format="pdf", sys_inputs={"data": data}, pdf_tags=tagged
        )
    if not isinstance(made, bytes):
        raise TypeError(f"{template} gave no single document")
    return made


def _elsewhere(template: str, data: str) -> bytes:
    """In a child without our environment; the content comes by its input, never by its command."""
    windows = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-s", "-m", "volunteer_app.documents", template],
        input=data.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=True,
        env=windows | {"PYTHONPATH": str(_HERE.parent.parent), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.stdout


@functools.cache
def _compiler() -> Compiler:
    """One a process, made at its first document, after the fork. Its root is an empty folder: a
    template can open no file, and nothing is ever fetched."""
    import typst

    chosen = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,  # the compiler's own, for letters of one width
        font_paths=[str(fonts.sans_path().parent)],
    )
    nothing = _empty_folder().name
    return typst.Compiler(
        root=nothing,
        font_paths=chosen,
        ignore_system_fonts=True,
        package_path=nothing,
        package_cache_path=nothing,
    )


def has_begun() -> bool:
    """Whether this process has set a page: it must not fork any more, for the compiler's threads
    are not in a child, which would wait for them for ever."""
    return _compiler.cache_info().currsize > 0


@functools.cache
def _empty_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="volunteer-empty-")


@functools.cache
def _source(name: str) -> bytes:
    return (_HERE / f"{name}.typ").read_bytes()


def missing_glyphs(text: str) -> list[str]:
    """The characters that the documents' fonts cannot print, each once, in their order."""
    return [character for character in dict.fromkeys(text) if not _has_glyph(character)]


def printable(content: Any) -> Any:
    """The same content with 〔U+2B746〕 for a character that would print as an empty box."""
    if isinstance(content, str):
        return "".join(c if _has_glyph(c) else f"〔U+{ord(c):04X}〕" for c in content)
    if isinstance(content, dict):
        return {name: printable(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [printable(value) for value in content]
    return content


@functools.lru_cache(maxsize=20_000)
def _has_glyph(character: str) -> bool:
    """Controls and variation selectors print nothing by themselves and lack nothing."""
    if character in "\n\t" or unicodedata.category(character) in ("Cc", "Cf"):
        return True
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return True
    return any(
        ranges[bisect_right(ranges, (code, 0x110000)) - 1][1] >= code
        for code in [ord(character)]
        for ranges in [_ranges(fonts.serif_path()), _ranges(fonts.sans_path())]
    )


@functools.cache
def _ranges(font: Path) -> list[tuple[int, int]]:
    """(first, last) of the characters that the font's cmap maps, in order, read from its table
    for all of Unicode (format 12). OpenType 1.9, table cmap."""
    with font.open("rb") as file:
        tables = struct.unpack(">4xH6x", file.read(12))[0]
        found = (struct.unpack(">4s4xII", file.read(16)) for _ in range(tables))
        offset, length = next((start, size) for tag, start, size in found if tag == b"cmap")
        file.seek(offset)
        cmap = file.read(length)
    records = [
        struct.unpack_from(">HHI", cmap, 4 + 8 * number)
        for number in range(struct.unpack_from(">H", cmap, 2)[0])
    ]
    start = next(at for _platform, _encoding, at in records if cmap[at : at + 2] == b"\0\x0c")
    groups = struct.unpack_from(">I", cmap, start + 12)[0]
    return [(0, -1)] + [
        struct.unpack_from(">II", cmap, start + 16 + 12 * number) for number in range(groups)
    ]
