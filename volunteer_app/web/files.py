"""Documents that are sent: a Chinese file name, and a plain one for who cannot read it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def as_file(content: bytes, extension: str, chinese: str, plain: str) -> Response:
    """A Chinese name for those who read it, a plain one for those who do not."""
    name = quote(f"{chinese}.{extension}", safe="")
    return Response(
        content,
        mimetype=_TYPES[extension],
        headers={
            "Content-Disposition": f"attachment; filename={plain}.{extension}; "
            f"filename*=UTF-8''{name}"
        },
    )
