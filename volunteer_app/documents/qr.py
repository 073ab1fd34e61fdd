"""QR codes: as a drawing for PDF, a picture for Word, an address that an <img> can show."""

from __future__ import annotations

import io
from typing import Any


def qr_svg(text: str) -> str:
    """A square drawing without a margin, error correction M: a fold or a stamp's edge may cross."""
    return _made(text, "svg").decode()


def qr_png(text: str) -> bytes:
    return _made(text, "png")


def qr_address(text: str) -> str:
    """A data: address of an SVG, with the quiet zone that readers need, black on white."""
    address: str = _code(text).svg_data_uri(border=4, scale=6, light="#fff", encode_minimal=True)
    return address


def _made(text: str, kind: str) -> bytes:
    written = io.BytesIO()
    _code(text).save(written, kind=kind, scale=8, border=0)
    return written.getvalue()


def _code(text: str) -> Any:
    """One mask for all: weighing the eight of them takes five times as long as the code itself."""
    import segno

    return segno.make(text, error="m", micro=False, mask=2)
