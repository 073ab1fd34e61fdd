"""请求 for staff: what waits for an answer by its due day, and the answer."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField

from ..db import db, start_writing, vault_of
from ..domain.permissions import Permission
from ..domain.refusal import Refused
from ..domain.requests import RequestKind, RequestStatus
from ..models import SubjectRequest
from ..services import requesting
from .access import actor, current_staff, open_to
from .clock import now, today
from .inputs import VolunteerForm, paragraph
from .narrowing import PAGE_SIZE, one_of

requests = Blueprint("requests", __name__, url_prefix="/staff/requests")

_MEANWHILE = "您打开以后，这个请求有了变化，您的答复没有记下，请看过现在的情况再答复。"


class AnswerForm(VolunteerForm):
    version = HiddenField()
    words = paragraph("words", most=1000, label="给本人的答复", optional=True)

    def is_of(self, asked: SubjectRequest) -> bool:
        return bool(self.version.raw_data == [str(asked.version)])


def get_or_404(slug: str) -> SubjectRequest:
    """Another prefecture's is as if it were not there."""
    return requesting.find_request(db.session, current_staff(), slug) or abort(404)


@requests.get("/")
@open_to(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """Those that wait by their due day, or those that are answered, the newest first."""
    staff = current_staff()
    done, after = request.args.get("done") == "1", request.args.get("after", "")
    kind = one_of(RequestKind, request.args.get("kind"))
    rows, more = requesting.listed(
        db.session, staff, done=done, kind=kind, after=after, size=PAGE_SIZE
    )
    return render_template(
        "requests/index.html",
        rows=rows,
        done=done,
        kind=kind,
        kinds=RequestKind,
        counts=requesting.counts(db.session, staff, today=today()),
        following=rows[-1].slug if more else "",
        first=not after,
    )


@requests.get("/<slug>")
@open_to(Permission.REVIEW)
def show(slug: str) -> ResponseReturnValue:
    return render(get_or_404(slug))


def render(asked: SubjectRequest, *, form: AnswerForm | None = None, conflict: str = "") -> str:
    """The request with the person's words, and the form to answer where one may."""
    form = form or AnswerForm(formdata=None)
    form.version.data = str(asked.version)
    refusal = requesting.why_not(asked, actor())
    return render_template(
        "requests/show.html",
        asked=asked,
        application=asked.application,
        words=asked.open_words(vault_of(db.session)),
        late=(today() - asked.due_on).days if asked.status is RequestStatus.OPEN else 0,
        refusal=refusal.message if refusal else "",
        form=form,
        conflict=conflict,
    )


@requests.post("/<slug>")
@open_to(Permission.APPROVE)
def answer(slug: str) -> ResponseReturnValue:
    """Grant or decline, with words; who is late gets theirs back."""
    form = AnswerForm()
    start_writing(db.session)
    asked = get_or_404(slug)
    granted = request.form.get("choice") == "grant"
    if granted and asked.kind is RequestKind.DELETION:
        abort(404)  # done by deleting, on a page of its own
    if form.validate() and not granted and not form.words.data:
        form.words.errors = ["不同意要写明理由，本人会看到"]
    if form.errors:
        return render(asked, form=form), 422
    if not form.is_of(asked):
        return render(asked, form=form, conflict=_MEANWHILE), 409
    return carry_out(asked, form, granted=granted)


def carry_out(asked: SubjectRequest, form: AnswerForm, *, granted: bool) -> ResponseReturnValue:
    """Answer it, or say why it cannot be answered, with the text kept."""
    slug, words = asked.slug, form.words.data or ""
    try:
        requesting.answer(db.session, asked, granted=granted, words=words, actor=actor(), now=now())
        db.session.commit()
    except (Refused, StaleDataError, IntegrityError) as error:
        db.session.rollback()
        sentence = error.message if isinstance(error, Refused) else _MEANWHILE
        return render(get_or_404(slug), form=form, conflict=sentence), 409
    flash(f"已答复：{asked.kind.label}，{asked.status.label}。")
    return redirect(url_for("requests.index"), 303)
