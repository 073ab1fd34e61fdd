"""Attachments of an application, for who may open it. Reading is not recorded: a GET changes
nothing, and whoever sees the page sees what is on it."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from ..db import db
from ..domain.permissions import Permission
from ..services import attaching, inspecting
from .access import current_staff, open_to
from .uploads import send_attachment, send_preview

review_papers = Blueprint("review_papers", __name__, url_prefix="/staff/applications")


@review_papers.get("/<reference:reference>/papers/<slug>")
@review_papers.get("/<reference:reference>/papers/<slug>/<int:page>")
@open_to(Permission.VIEW)
def paper(reference: str, slug: str, page: int = 0) -> ResponseReturnValue:
    """The file, or a page of a PDF as a picture."""
    application = inspecting.find_application(db.session, current_staff(), reference) or abort(404)
    found = attaching.find_attachment(db.session, application, slug) or abort(404)
    return send_preview(found, page) if page else send_attachment(found)
