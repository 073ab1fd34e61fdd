"""The clock, read once a request: a request is judged and dated by one moment."""

from __future__ import annotations

import datetime as dt

from flask import current_app, g

from ..domain.terms import day_of


def system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def now() -> dt.datetime:
    """The moment of this request, aware, UTC."""
    if "now" not in g:
        g.now = current_app.extensions["clock"]()
    moment: dt.datetime = g.now
    return moment


def today() -> dt.date:
    """The day of this request in Shanghai."""
    return day_of(now())
