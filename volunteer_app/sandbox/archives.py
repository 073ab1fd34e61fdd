"""What a workbook's container says before a decoder is let at it: kind, locks, true sizes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from . import UnreadableError

#: Bytes that all parts together may take unpacked; 2,000 nominees need about five million.
MOST_UNPACKED = 48 * 1024 * 1024
#: The area from A1 to the farthest cell that holds something, in cells.
MOST_AREA = 1_500_000
_MOST_PARTS = 500
_CHUNK = 256 * 1024
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
#: How the first record of a workbook begins, in the format of 1997 and the one before.
_FIRST_RECORDS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_FILEPASS, _RECORDS_LOOKED_AT = 0x2F, 8
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')


def check(content: bytes) -> None:
    """A zip file that is to be an .xlsx. Raises UnreadableError as `sheets.read` does."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError("broken") from error
    _check_kind({part.filename for part in parts})
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnreadableError("encrypted")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadableError("bomb")
    left = MOST_UNPACKED
    for part in parts:
        left -= _unpacked(content, part, left)


def _check_kind(names: set[str]) -> None:
    for reason, sign in (
        ("macros", "xl/vbaProject.bin"),
        ("xlsb", "xl/workbook.bin"),
        ("word", "word/document.xml"),
        ("ods", "mimetype"),
    ):
        if sign in names:
            raise UnreadableError(reason)
    if "xl/workbook.xml" not in names:
        raise UnreadableError("broken")


def _unpacked(content: bytes, part: zipfile.ZipInfo, most: int) -> int:
    """The bytes the part truly takes: what its header declares may be a lie."""
    header = content[part.header_offset : part.header_offset + _LOCAL_HEADER]
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = part.header_offset + _LOCAL_HEADER + lengths
    packed = content[start : start + part.compress_size]
    size, sheet = 0, part.filename.startswith("xl/worksheets/")
    farthest = (0, 0)
    for chunk in _chunks(packed, stored=part.compress_type == zipfile.ZIP_STORED):
        size += len(chunk)
        if size > most:
            raise UnreadableError("bomb")
        if sheet:
            farthest = _farther(farthest, chunk)
    if size != part.file_size:
        raise UnreadableError("bomb" if size > part.file_size else "broken")
    if farthest[0] * farthest[1] > MOST_AREA:
        raise UnreadableError("far_cell", {"row": farthest[0]})
    return size


def _chunks(packed: bytes, *, stored: bool) -> Iterator[bytes]:
    if stored:
        yield packed
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while chunk := unpacker.decompress(packed, _CHUNK):
            packed = unpacker.unconsumed_tail
            yield chunk
    except zlib.error as error:
        raise UnreadableError("broken") from error


def _farther(farthest: tuple[int, int], chunk: bytes) -> tuple[int, int]:
    """The last row and column that hold something; a cell cut by a chunk's end may be missed, and
    its neighbours tell enough."""
    row, column = farthest
    for letters, digits in _CELL.findall(chunk):
        row = max(row, int(digits))
        column = max(column, _place(letters))
    return row, column


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def check_compound(content: bytes) -> None:
    """An OLE container: an old .xls, a locked .xlsx, an old Word file, or something else."""
    names = {
        reason: sign.encode("utf-16-le")
        for reason, sign in (("encrypted", "EncryptedPackage"), ("word", "WordDocument"))
    }
    for reason, name in names.items():
        if name in content:
            raise UnreadableError(reason)
    if _has_password(content):
        raise UnreadableError("encrypted")
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise UnreadableError("broken")


def _has_password(content: bytes) -> bool:
    """Whether a FILEPASS record follows the first record of an old workbook."""
    begins = [content.find(sign) for sign in _FIRST_RECORDS if sign in content]
    place = min(begins, default=len(content))
    for _ in range(_RECORDS_LOOKED_AT):
        kind = int.from_bytes(content[place : place + 2], "little")
        if kind == _FILEPASS:
            return True
        place += 4 + int.from_bytes(content[place + 2 : place + 4], "little")
    return False
