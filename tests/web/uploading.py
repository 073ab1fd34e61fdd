"""How a file is sent from a page, for the tests of every page that takes one."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.client import Client, Page


def send_file(
    client: Client,
    path: str,
    content: bytes,
    filename: str = "证明.jpg",
    *,
    status: int = 303,
    **values: Any,
) -> Page:
    """Choose the file on that page and press 上传; the page after it comes back."""
    page = client.get(path)
    assert page.form(button="上传").get("enctype") == "multipart/form-data"
    sent = {
        "csrf_token": page.values(button="上传")["csrf_token"],
        "file": FileStorage(io.BytesIO(content), filename),
    } | values
    answer = send_parts(client, path, sent, status=status)
    return client.follow(answer) if status == 303 else answer


def send_parts(client: Client, path: str, sent: dict[str, Any], *, status: int) -> Page:
    """As a browser writes a form with a file."""
    boundary, body = encode_multipart(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(path, body, status=status, content_type=kind)
