"""QR codes for paper: as a drawing for PDF, as a picture for Word."""

from __future__ import annotations

import io


def qr_svg(text: str) -> str:
    """A square drawing without a margin, error correction M: a fold or a stamp's edge may cross."""
    return _made(text, "svg").decode()


def qr_png(text: str) -> bytes:
    return _made(text, "png")


def _made(text: str, kind: str) -> bytes:
    import segno

    written = io.BytesIO()
    # One mask for all: weighing the eight of them takes five times as long as the code itself.
    segno.make(text, error="m", micro=False, mask=2).save(written, kind=kind, scale=8, border=0)
    return written.getvalue()
