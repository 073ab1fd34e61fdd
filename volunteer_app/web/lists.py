"""What the queue and the roster share: pages by reference, and searching for one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db
from ..domain.codes import normalise_reference
from ..services import finding, inspecting
from .access import current_staff
from .narrowing import PAGE_SIZE, Args, looks_like_a_number


def page_of(query: Any, key: finding.Key, place: Callable[[str], int | None]) -> finding.Page:
    """The page that `after` or `before` a reference asks for; an unknown one is no error."""
    after, before = _place("after", place), _place("before", place)
    return finding.page(db.session, query, key, after=after, before=before, size=PAGE_SIZE)


def _place(name: str, place: Callable[[str], int | None]) -> int | None:
    reference = normalise_reference(request.args.get(name, ""))
    return place(reference) if reference else None


def turns(page: finding.Page, endpoint: str, args: Args) -> tuple[str | None, str | None]:
    """The addresses of the page before and the page after."""
    previous = following = None
    if page.has_previous and page.rows:
        previous = url_for(endpoint, **args, before=page.rows[0].reference)
    if page.has_next and page.rows:
        following = url_for(endpoint, **args, after=page.rows[-1].reference)
    return previous, following


def searched(text: str) -> ResponseReturnValue | None:
    """Where a number or a reference leads: to its one application, or to the few that have it.

    Numbers are looked up by their blind index and never stand in an address. None for a name.
    """
    if not (looks_like_a_number(text) or normalise_reference(text)):
        return None
    found = inspecting.found_by_number(db.session, current_staff(), text)
    if len(found) == 1:
        return redirect(url_for("review.show", reference=found[0].reference), 303)
    return render_template("review/found.html", found=found)
