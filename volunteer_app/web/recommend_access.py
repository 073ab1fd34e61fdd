"""The clerk's recommendation in this browser: a cookie with the token of its private link."""

from __future__ import annotations

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ..db import db
from ..models import Recommendation
from ..services import recommending
from ..services.auditing import Actor
from .access import https

_DAYS = 120


def cookie_name() -> str:
    return "__Host-recommendation" if https() else "recommendation"


def remembered(response: Response, token: str) -> Response:
    """The answer, with the token kept in this browser."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=_DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=https(),
    )
    return response


def forgotten(response: Response) -> Response:
    response.delete_cookie(cookie_name(), httponly=True, samesite="Lax", secure=https())
    return response


def recommendation_token() -> str | None:
    """The token of this browser's recommendation; None for none, or what cannot be one."""
    token = request.cookies.get(cookie_name(), "")
    return token if 20 <= len(token) <= 64 else None


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
