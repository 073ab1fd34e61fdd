"""Files as strangers send them, made here: pictures, PDFs, and what only pretends to be one."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

from PIL import Image

#: 64 by 32 pixels, blue on the left and red on the right, as a phone of one make writes it.
HEIC = base64.b64decode(
    """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA
AAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAACUAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABo
dmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEA
GEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAA
AwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAAB
AAAAIAAAAAEAAAAAAAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAC1t
ZGF0AAAAISgBrxmA70mlv//wryEfdlG/hrIXhfLxR/4kd+fW5ENtbw==
"""
)
#: One empty page that asks for a password before it opens; and one that only forbids to print.
PDF_LOCKED = base64.b64decode(
    """
JVBERi0xLjMKJeLjz9MKMSAwIG9iago8PAovUHJvZHVjZXIgPDFjYTZiYTE5NWQ+Cj4+CmVuZG9iagoyIDAgb2JqCjw8
Ci9UeXBlIC9QYWdlcwovQ291bnQgMQovS2lkcyBbIDQgMCBSIF0KPj4KZW5kb2JqCjMgMCBvYmoKPDwKL1R5cGUgL0Nh
dGFsb2cKL1BhZ2VzIDIgMCBSCj4+CmVuZG9iago0IDAgb2JqCjw8Ci9UeXBlIC9QYWdlCi9SZXNvdXJjZXMgPDwKPj4K
L01lZGlhQm94IFsgMC4wIDAuMCA3MiA3MiBdCi9QYXJlbnQgMiAwIFIKPj4KZW5kb2JqCjUgMCBvYmoKPDwKL1YgMgov
UiAzCi9MZW5ndGggMTI4Ci9QIDQyOTQ5NjcyOTIKL0ZpbHRlciAvU3RhbmRhcmQKL08gPDJhMmYwYTE5OTAxOTJjNjAx
MTQ3MzBiZGNkMzlmMzc4MjhhNTNjODlhMzQwZGQ0NzNjODUyOTlkYzUyNThlMWM+Ci9VIDwzNGMyMzUxMjMxZjM0MjE1
MWI2NDcyODllM2ZlMjNkNTI4YmY0ZTVlNGU3NThhNDE2NDAwNGU1NmZmZmEwMTA4Pgo+PgplbmRvYmoKeHJlZgowIDYK
MDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDE1IDAwMDAwIG4gCjAwMDAwMDAwNTkgMDAwMDAgbiAKMDAwMDAwMDEx
OCAwMDAwMCBuIAowMDAwMDAwMTY3IDAwMDAwIG4gCjAwMDAwMDAyNTkgMDAwMDAgbiAKdHJhaWxlcgo8PAovU2l6ZSA2
Ci9Sb290IDMgMCBSCi9JbmZvIDEgMCBSCi9JRCBbIDwwYTc3OTMwYTZjYWM0MmQwMzJlNmI0MjI1Zjc5NDg2Yz4gPDBh
Nzc5MzBhNmNhYzQyZDAzMmU2YjQyMjVmNzk0ODZjPiBdCi9FbmNyeXB0IDUgMCBSCj4+CnN0YXJ0eHJlZgo0NzQKJSVF
T0YK
"""
)
PDF_RESTRICTED = base64.b64decode(
    """
JVBERi0xLjMKJeLjz9MKMSAwIG9iago8PAovUHJvZHVjZXIgPGM3NTRjYWY5Yzc+Cj4+CmVuZG9iagoyIDAgb2JqCjw8
Ci9UeXBlIC9QYWdlcwovQ291bnQgMQovS2lkcyBbIDQgMCBSIF0KPj4KZW5kb2JqCjMgMCBvYmoKPDwKL1R5cGUgL0Nh
dGFsb2cKL1BhZ2VzIDIgMCBSCj4+CmVuZG9iago0IDAgb2JqCjw8Ci9UeXBlIC9QYWdlCi9SZXNvdXJjZXMgPDwKPj4K
L01lZGlhQm94IFsgMC4wIDAuMCA3MiA3MiBdCi9QYXJlbnQgMiAwIFIKPj4KZW5kb2JqCjUgMCBvYmoKPDwKL1YgMgov
UiAzCi9MZW5ndGggMTI4Ci9QIDQyOTQ5NjcyOTIKL0ZpbHRlciAvU3RhbmRhcmQKL08gPDc3YjhmYjA5ODAyMmQzYWIz
NDIzN2VhNTY0M2MwODcxMGVhNTEyM2ZjNWY4OGJmOTkzYTY4Y2NhNWYxMmI0MGY+Ci9VIDxmZTNkMzc3ZjZjYmI2NTA5
NzBkNWY2MTE0MjRmOGYxZjI4YmY0ZTVlNGU3NThhNDE2NDAwNGU1NmZmZmEwMTA4Pgo+PgplbmRvYmoKeHJlZgowIDYK
MDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDE1IDAwMDAwIG4gCjAwMDAwMDAwNTkgMDAwMDAgbiAKMDAwMDAwMDEx
OCAwMDAwMCBuIAowMDAwMDAwMTY3IDAwMDAwIG4gCjAwMDAwMDAyNTkgMDAwMDAgbiAKdHJhaWxlcgo8PAovU2l6ZSA2
Ci9Sb290IDMgMCBSCi9JbmZvIDEgMCBSCi9JRCBbIDxjMzFiYWM1OTI2MDUwMGM0NzFlMmQyYmUwOTQ1NmEzMz4gPGMz
MWJhYzU5MjYwNTAwYzQ3MWUyZDJiZTA5NDU2YTMzPiBdCi9FbmNyeXB0IDUgMCBSCj4+CnN0YXJ0eHJlZgo0NzQKJSVF
T0YK
"""
)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    body = io.BytesIO()
    image.save(body, form, **options)
    return body.getvalue()


def two_halves(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Blue on the left, red on the right."""
    image = Image.new("RGB", size, "red")
    image.paste((0, 0, 255), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def photo(**options: Any) -> bytes:
    return saved(two_halves(**options), "JPEG", quality=95)


def turned_photo() -> bytes:
    """Taken with the phone on its side, at a place that the file tells."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Make of phone"
    exif.get_ifd(0x8825)[2] = (37.0, 52.0, 12.0)
    return saved(two_halves(), "JPEG", quality=95, exif=exif, comment=b"said in passing")


def png(width: int, height: int, rows: bytes = b"", *, colours: int = 2) -> bytes:
    """A header that says that size, whatever the rows say; `colours` as PNG numbers them."""
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def pdf(pages: int = 1, *, size: tuple[float, float] = (200, 300), script: bytes = b"") -> bytes:
    """Pages with a blue square each."""
    drawn = b"0 0 1 rg 0 0 100 100 re f"
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    opened = b"/OpenAction<</S/JavaScript/JS(%s)>>" % script if script else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % opened,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        *[
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Contents 3 0 R>>" % size
            for _ in range(pages)
        ],
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(objects) + 1, len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return body + b"trailer<</Size %d/Root 1 0 R>>startxref\n%d\n%%%%EOF" % (count, start)
