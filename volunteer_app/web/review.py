"""报名详情: one application, every move its reader may make, and then the next one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing
from ..domain.permissions import Permission
from ..domain.refusal import Refused
from ..domain.vocabulary import DocumentKind
from ..domain.workflow import MOVES, Move, Party, find_move
from ..models import Application
from ..services import inspecting, reviewing
from ..services.answering import SEALED
from ..services.auditing import record
from .access import actor, current_staff, open_to
from .clock import now
from .inputs import VolunteerForm
from .narrowing import one_of
from .review_forms import DecisionForm
from .review_page import after_the_decision, came_from, render, what_happened
from .search_forms import RevealForm

review = Blueprint("review", __name__, url_prefix="/staff/applications")

_STAFF_MOVES = frozenset(move.name for move in MOVES if not isinstance(move.by, Party))


def get_or_404(reference: str) -> Application:
    """What this member of staff may open; another prefecture's is as if it were not there."""
    application = inspecting.find_application(db.session, current_staff(), reference)
    return application or abort(404)


@review.get("/<reference:reference>")
@open_to(Permission.VIEW)
def show(reference: str) -> ResponseReturnValue:
    return render(get_or_404(reference))


@review.post("/<reference:reference>/<name>")
@open_to(Permission.REVIEW)
def decide(reference: str, name: str) -> ResponseReturnValue:
    """Any move of the table; a page that is not up to date gets its text back with 409."""
    if name not in _STAFF_MOVES:
        abort(404)
    start_writing(db.session)
    application = get_or_404(reference)
    form = DecisionForm.of(application, current_staff().role)
    move = find_move(name, application.status)
    if move is None or not form.is_of(application):
        return conflict(application, form, what_happened(application))
    if not move.open_to(current_staff().role):
        abort(403)
    if not form.asked_for(move):
        return render(application, form=form), 422
    return carry_out(application, form, move)


def carry_out(application: Application, form: DecisionForm, move: Move) -> ResponseReturnValue:
    """Make the move, or say why it cannot be made, with the text kept."""
    reference = application.reference
    try:
        reviewing.make_move(
            db.session, application, move, actor=actor(), now=now(), **form.circumstances(move)
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return conflict(get_or_404(reference), form, refusal.message)
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        application = get_or_404(reference)
        return conflict(application, form, what_happened(application))
    flash(f"{reference} 已{move.label}。")
    return redirect(after_the_decision(application), 303)


def conflict(application: Application, form: DecisionForm, sentence: str) -> ResponseReturnValue:
    """The page as things are now, the typed text in its form, ready to be sent again."""
    form.renew(application)
    return render(application, form=form, conflict=sentence), 409


@review.post("/<reference:reference>/seen/<kind>")
@open_to(Permission.REVIEW)
def seen(reference: str, kind: str) -> ResponseReturnValue:
    """原件已核: record that the original was seen, by whom, when."""
    document = one_of(DocumentKind, kind) or abort(404)
    start_writing(db.session)
    application = get_or_404(reference)
    if not VolunteerForm().validate():
        return render(application, conflict="页面停留太久，没有记下，请再点一次。"), 422
    try:
        reviewing.mark_seen(db.session, application, document, actor=actor(), now=now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return render(get_or_404(reference), conflict=refusal.message), 409
    except (StaleDataError, IntegrityError):
        db.session.rollback()  # somebody recorded the same at the same moment
        application = get_or_404(reference)
    flash(f"{document.label}：原件已核。")
    return redirect(url_for("review.show", reference=reference, **came_from(application)[1]), 303)


@review.post("/<reference:reference>/reveal")
@open_to(Permission.REVEAL)
def reveal(reference: str) -> ResponseReturnValue:
    """One sealed answer in clear on this page only: in no address, and in the audit by its name."""
    field = request.form.get("field", "")
    if field not in SEALED:
        abort(404)
    form = RevealForm.of(field)
    start_writing(db.session)
    application = get_or_404(reference)
    if application.is_erased:
        abort(404)
    if not form.validate():
        return render(application, reveal=(field, form)), 422
    reason = form.reason.data
    record(db.session, "reveal", reference, actor=actor(), now=now(), field=field, reason=reason)
    db.session.commit()
    return render(application, revealed=field)
