"""Who may open what: every view says so, or a test fails."""

from __future__ import annotations

import enum
import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ..domain.permissions import Permission, may
from ..models import Staff
from ..services.auditing import Actor, staff_actor

View = TypeVar("View", bound=Callable[..., Any])

#: Seconds after which staff sign in again, however busy they are.
SESSION_SECONDS = 12 * 3600
_OF_A_SESSION = ("_user_id", "_id", "_fresh", "fs_paa")


class Public(enum.Enum):
    """For views that anybody may open."""

    PUBLIC = "public"


PUBLIC = Public.PUBLIC


class SignedIn(enum.Enum):
    """For views that any member of staff may open."""

    ANY = "any"


ANY_STAFF = SignedIn.ANY


def open_to(who: Permission | Public | SignedIn) -> Callable[[View], View]:
    """Say who may open a view: anybody, any member of staff, or who has a permission."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **values: Any) -> ResponseReturnValue:
            if who is not PUBLIC:
                if signed_in_staff() is None:
                    return to_sign_in()
                if isinstance(who, Permission) and not may(current_staff().role, who):
                    abort(403)
            answer: ResponseReturnValue = view(*args, **values)
            return answer

        guarded.open_to = who  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back; what a POST has typed stays in a page, to send again."""
    if request.method == "POST":
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")), 303)


def signed_in_staff() -> Staff | None:
    """Who is signed in; a session that is too old ends here, and only that one: signing out would
    end those on other devices too."""
    if not current_user.is_authenticated:
        return None
    if time.time() - session.get("fs_paa", 0) > SESSION_SECONDS:
        for name in _OF_A_SESSION:
            session.pop(name, None)
        return None
    staff: Staff = current_user._get_current_object()
    return staff


def current_staff() -> Staff:
    """Who is signed in, in a view that is not public."""
    staff = signed_in_staff()
    if staff is None:
        abort(403)
    return staff


def actor() -> Actor:
    """The member of staff who acts in this request, with where from."""
    return staff_actor(current_staff(), address=request.remote_addr or "", request_id=g.request_id)


def applicant() -> Actor:
    """Somebody who is not signed in and acts on their own application."""
    return Actor(name="applicant", address=request.remote_addr or "", request_id=g.request_id)


def can(permission_name: str) -> bool:
    """For templates: whether who is signed in has that permission, by its name."""
    staff = signed_in_staff()
    return staff is not None and may(staff.role, Permission[permission_name])


def https() -> bool:
    secure: bool = current_app.extensions["settings"].https
    return secure
