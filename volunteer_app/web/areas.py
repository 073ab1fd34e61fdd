"""The blueprints, one a module; none imports another."""

from __future__ import annotations

from flask import Flask

from .health import health
from .status import status
from .apply import apply
from .notice import notice

AREAS = (health, notice, apply, status)


def init_app(app: Flask) -> None:
    for area in AREAS:
        app.register_blueprint(area)
