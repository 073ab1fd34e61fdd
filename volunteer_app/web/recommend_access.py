"""The clerk's recommendation in this browser: a cookie with the token of its private link."""

from __future__ import annotations

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ..db import db
from ..models import Recommendation
from ..services import recommending
from ..services.auditing import Actor
from .cookies import TokenCookie

_COOKIE = TokenCookie("recommendation")


def remembered(response: Response, token: str) -> Response:
    """The answer, with the token kept in this browser."""
    return _COOKIE.remember(response, token)


def forgotten(response: Response) -> Response:
    return _COOKIE.forget(response)


def recommendation_token() -> str | None:
    """The token of this browser's recommendation, if any."""
    return _COOKIE.token()


def find_current() -> Recommendation | None:
    token = recommendation_token()
    return recommending.find_recommendation(db.session, token) if token else None


def current_recommendation() -> Recommendation:
    """This browser's recommendation; who has none is sent to where one begins."""
    recommendation = find_current()
    if recommendation is None:
        abort(redirect(url_for("recommend.start"), 303))
    return recommendation


def clerk() -> Actor:
    """Who acts on a recommendation by its private link."""
    return Actor(name="unit", address=request.remote_addr or "", request_id=g.request_id)
