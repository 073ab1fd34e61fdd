"""What every answer carries, what every request must not be: headers, origin, request id, log."""

from __future__ import annotations

import json
import logging
import secrets
import time
import traceback

from flask import Flask, Response, abort, g, request

logger = logging.getLogger("volunteer")

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_QUIET = frozenset({"static", "bootstrap.static", "health.healthz", "health.readyz"})


def init_app(app: Flask) -> None:
    app.before_request(begin)
    app.before_request(refuse_other_origins)
    app.before_request(refuse_other_contents)
    app.after_request(complete)


def begin() -> None:
    g.request_id = secrets.token_hex(6)
    g.started = time.perf_counter()


def refuse_other_origins() -> None:
    """A change asked for by a page of another site is refused, whatever token it carries."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def refuse_other_contents() -> None:
    """Only what a page's form can send is read; an empty body has no type."""
    if request.method == "POST" and request.mimetype and request.mimetype not in _FORMS:
        abort(415)


def complete(response: Response) -> Response:
    if request.method == "POST" and response.status_code == 302:
        response.status_code = 303  # signing in and out, as every other POST here
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in ("static", "bootstrap.static"):
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    _log(response)
    return response


def _log(response: Response) -> None:
    """One line a request: the rule, never the path, which may carry a token or a reference."""
    if request.endpoint in _QUIET and response.status_code < 500:
        return
    line = {
        "request_id": g.get("request_id", ""),
        "method": request.method,
        "rule": str(request.url_rule) if request.url_rule else "",
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
    }
    logger.info(json.dumps(line))


class JsonFormatter(logging.Formatter):
    """Each record as one JSON object; a message that is JSON already is merged in."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        message = record.getMessage()
        try:
            line |= json.loads(message)
        except (ValueError, TypeError):
            line["message"] = message
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _without_messages(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _without_messages(error: BaseException) -> str:
    """Which errors, and where. A message may quote what somebody typed; a log never does."""
    told = []
    behind: BaseException | None = error
    while behind is not None:
        frames = "".join(traceback.format_tb(behind.__traceback__))
        told.append(f"{type(behind).__name__}\n{frames}")
        behind = behind.__cause__ or behind.__context__
    return "".join(told)
