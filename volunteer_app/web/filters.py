"""How days, moments and answers read on a page, and what every template may use."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from ..db import db
from ..domain import regions
from ..domain.sheet import condensed
from ..domain.terms import SHANGHAI, day_of
from ..services import recruiting
from .access import can, signed_in_staff
from .clock import today


def day(value: dt.date | None) -> str:
    """8月30日, with the year when it is not this one."""
    if value is None:
        return ""
    text = f"{value.month}月{value.day}日"
    return text if value.year == today().year else f"{value.year}年{text}"


def full_day(value: dt.date | None) -> str:
    return "" if value is None else f"{value.year}年{value.month}月{value.day}日"


def moment(value: dt.datetime) -> str:
    """8月12日 10:24 in Shanghai."""
    local = value.astimezone(SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def day_tag(value: dt.date) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day(value))


def moment_tag(value: dt.datetime) -> Markup:
    local = value.astimezone(SHANGHAI)
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="minutes"), moment(value)
    )


def place(region: str | None, county: str | None = None) -> str:
    """太原市 小店区."""
    names = []
    if region:
        names.append(regions.region(region).name)
    if county:
        names.append(regions.county(county).name)
    return " ".join(names)


def region_short(code: str) -> str:
    """太原."""
    return regions.region(code).short


def county_short(code: str) -> str:
    """小店: without its last character, unless only one would be left."""
    name = regions.county(code).name
    return name[:-1] if len(name) > 2 else name


def spoken(value: int | float) -> str:
    """1,846."""
    return f"{value:,}"


@cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def asset(filename: str, endpoint: str = "static") -> str:
    """The address of a static file, changing with its content, so that it may be kept for ever."""
    folder = (
        current_app.static_folder
        if endpoint == "static"
        else current_app.blueprints[endpoint.partition(".")[0]].static_folder
    )
    return url_for(endpoint, filename=filename, v=_fingerprint(f"{folder}/{filename}"))


def context() -> dict[str, Any]:
    return {
        "ui_mode": "elder" if request.cookies.get("ui") == "elder" else "standard",
        "demo": current_app.extensions["settings"].demo,
    }


class LazyAssociation:
    """The association, read when a template first asks; false while the database is away."""

    def __init__(self) -> None:
        self._row: Any = None

    def _read(self) -> Any:
        if self._row is None:
            try:
                self._row = recruiting.association(db.session)
            except SQLAlchemyError:
                self._row = False
        return self._row

    def __bool__(self) -> bool:
        return bool(self._read())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._read(), name, "")


def init_app(app: Flask) -> None:
    app.jinja_env.filters |= {
        "day": day,
        "day_of": day_of,
        "full_day": full_day,
        "moment": moment,
        "day_tag": day_tag,
        "moment_tag": moment_tag,
        "spoken": spoken,
        "condensed": condensed,
    }
    app.jinja_env.globals |= {"asset": asset, "can": can, "place": place, "today": today}
    app.jinja_env.globals |= {"region_short": region_short, "county_short": county_short}
    app.context_processor(context)
    app.context_processor(lambda: {"association": LazyAssociation()})
    app.jinja_env.globals["signed_in_staff"] = signed_in_staff
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
