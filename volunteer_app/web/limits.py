"""How often something may be tried: per address, and per what was tried."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from ..domain.codes import normalise_reference

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def tried_reference() -> str:
    """Wrong tries are counted for the reference that was typed, from wherever they come; what
    cannot be a reference is counted for its sender."""
    reference = normalise_reference(request.form.get("reference", ""))
    return f"reference:{reference or get_remote_address()}"


def was_wrong(response: Response) -> bool:
    """Only a try that did not succeed counts."""
    return response.status_code >= 400


def init_app(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    limiter.init_app(app)
