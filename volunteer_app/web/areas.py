"""The blueprints, one a module; none imports another."""

from __future__ import annotations

from flask import Flask

from .apply import apply
from .apply_papers import apply_papers
from .audit import audit
from .calls import calls
from .certificate_batch import certificate_batch
from .certificates import certificates
from .corrections import corrections
from .desk import desk
from .editing import editing
from .erasure import erasure
from .health import health
from .intake import intake
from .links import links
from .messages import messages
from .nominee import nominee
from .nominee_sheet import nominee_sheet
from .nominees import nominees
from .notice import notice
from .own_certificate import own_certificate
from .own_data import own_data
from .papers import papers
from .queue import queue
from .recommend import recommend
from .recommend_papers import recommend_papers
from .recommendations import recommendations
from .renew import renew
from .requests import requests
from .requests_own import requests_own
from .review import review
from .review_papers import review_papers
from .roster import roster
from .seal import seal
from .settings import settings
from .staff import staff
from .status import status
from .status_papers import status_papers
from .terms import terms
from .verify import verify
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
    verify,
    own_certificate,
    certificates,
    certificate_batch,
    seal,
    desk,
    terms,
    links,
    own_data,
    wordings,
    editing,
    renew,
    requests_own,
    requests,
    corrections,
    erasure,
    calls,
)


def init_app(app: Flask) -> None:
    for area in AREAS:
        app.register_blueprint(area)
