"""The blueprints, one a module; none imports another."""

from __future__ import annotations

from flask import Flask

from .health import health

AREAS = (health,)


def init_app(app: Flask) -> None:
    for area in AREAS:
        app.register_blueprint(area)
