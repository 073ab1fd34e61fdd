"""A private link's token, kept in this browser only, for as long as a recruitment lasts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from .access import https

_DAYS = 120


@dataclass(frozen=True)
class TokenCookie:
    """`name` under http; with the prefix that binds it to this host under https."""

    name: str

    @property
    def full_name(self) -> str:
        return f"__Host-{self.name}" if https() else self.name

    def token(self) -> str | None:
        """What this browser keeps; None for none, or what cannot be one."""
        token = request.cookies.get(self.full_name, "")
        return token if 20 <= len(token) <= 64 else None

    def remember(self, response: Response, token: str) -> Response:
        response.set_cookie(
            self.full_name,
            token,
            max_age=_DAYS * 86_400,
            httponly=True,
            samesite="Lax",
            secure=https(),
        )
        return response

    def forget(self, response: Response) -> Response:
        response.delete_cookie(self.full_name, httponly=True, samesite="Lax", secure=https())
        return response
