"""The blueprints, one a module; none imports another."""

from __future__ import annotations

from flask import Flask

from .apply import apply
from .apply_papers import apply_papers
from .audit import audit
from .desk import desk
from .editing import editing
from .health import health
from .intake import intake
from .links import links
from .messages import messages
from .nominee import nominee
from .nominee_sheet import nominee_sheet
from .nominees import nominees
from .notice import notice
from .own_data import own_data
from .papers import papers
from .queue import queue
from .recommend import recommend
from .recommend_papers import recommend_papers
from .recommendations import recommendations
from .review import review
from .review_papers import review_papers
from .roster import roster
from .settings import settings
from .staff import staff
from .status import status
from .status_papers import status_papers
from .terms import terms
from .wordings import wordings

AREAS = (
    health,
    notice,
    apply,
    apply_papers,
    status,
    status_papers,
    papers,
    recommend,
    nominees,
    nominee_sheet,
    recommend_papers,
    nominee,
    queue,
    intake,
    review,
    review_papers,
    recommendations,
    messages,
    roster,
    settings,
    staff,
    audit,
    desk,
    terms,
    links,
    own_data,
    wordings,
    editing,
)


def init_app(app: Flask) -> None:
    for area in AREAS:
        app.register_blueprint(area)
