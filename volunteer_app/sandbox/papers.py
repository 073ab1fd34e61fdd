"""PDF files: whether they can be used at all, and single pages of them as pictures."""

from __future__ import annotations

import io
from typing import Any

from . import Answer, UnreadableError

_NOT_ENCRYPTED = -1


def looked_at(content: bytes, *, most_pages: int) -> Answer:
    """How many pages. Raises UnreadableError: encrypted, broken, no_pages, pages (how many)."""
    document = _opened(content)
    pages = len(document)
    if pages == 0:
        raise UnreadableError("no_pages")
    if pages > most_pages:
        raise UnreadableError("pages", {"pages": pages})
    return Answer({"pages": pages})


def page(content: bytes, *, number: int, longest_side: int) -> Answer:
    """Page `number` (from 1) as PNG, its longest side `longest_side` pixels."""
    document = _opened(content)
    if not 1 <= number <= len(document):
        raise UnreadableError("no_pages")
    sheet = document[number - 1]
    width, height = sheet.get_size()
    scale = longest_side / max(width, height, 1)
    picture = sheet.render(scale=min(scale, 4.0), may_draw_forms=False).to_pil().convert("RGB")
    body = io.BytesIO()
    picture.save(body, "PNG", compress_level=3)
    return Answer({"width": picture.width, "height": picture.height}, body.getvalue())


def _opened(content: bytes) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        encrypted = "assword" in str(error)
        raise UnreadableError("encrypted" if encrypted else "broken") from error
    if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) != _NOT_ENCRYPTED:
        raise UnreadableError("encrypted")
    return document
