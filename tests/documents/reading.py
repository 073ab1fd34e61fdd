"""What stands on the pages of a document, as a reader's program extracts it."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2 as pdfium
from docx import Document


def pages(content: bytes) -> list[str]:
    """The text of each page, blanks and line breaks left out."""
    document = pdfium.PdfDocument(content)
    found = []
    for page in document:
        text = page.get_textpage()
        found.append("".join(text.get_text_range().split()).replace("\u200b", ""))
        text.close()
        page.close()
    document.close()
    return found


def word(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def word_text(content: bytes) -> str:
    """Of the body, tables included, in their order; blanks left out."""
    body = word(content).element.body
    return "".join("".join(text for text in body.itertext()).split())


def positions(text: str, wanted: list[str]) -> list[int]:
    """Where each of them stands, looked for after the one before it."""
    found, at = [], 0
    for each in wanted:
        plain = "".join(each.split())
        place = text.find(plain, at)
        assert place >= 0, f"{plain} is not after {at} in {text}"
        found.append(place)
        at = place + len(plain)
    return found
