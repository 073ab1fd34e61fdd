"""修改一条通知: its words before it is sent, or its own again."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from ..db import db, start_writing
from ..domain.messages import MessageKind
from ..domain.permissions import Permission
from ..domain.refusal import Invalid, Refused
from ..domain.rewording import LINK_MARK, MOST_SUBJECT, MOST_TEXT
from ..models import Message
from ..services import editing as edits
from ..services import outbox
from .access import actor, current_staff, open_to
from .clock import now
from .inputs import VolunteerForm, line, paragraph
from .letters import letter_to_edit

editing = Blueprint("editing", __name__, url_prefix="/staff/messages")

_CHANGED = "您打开以后，别人改过这条通知，您写的还没有保存。请看过现在的内容，再决定要不要保存。"
_STAYED = "页面停留太久，没有恢复，请再点一次。"


class LetterForm(VolunteerForm):
    """`edition` says which words it was filled from, so that nobody's are overwritten."""

    edition = HiddenField()
    subject = line("subject", most=MOST_SUBJECT * 2, label="标题")
    text = paragraph("text", most=MOST_TEXT * 2, label="正文")

    @classmethod
    def of(cls, message: Message) -> LetterForm:
        letter = letter_to_edit(current_app, db.session, message, now=now())
        given = {"subject": letter.subject, "text": letter.text}
        return cls(formdata=None, data=given | {"edition": edits.edition_of(message)})

    def is_of(self, message: Message) -> bool:
        return bool(self.edition.raw_data == [edits.edition_of(message)])


def get_or_404(slug: str, *, lock: bool = False) -> Message:
    return outbox.find_message(db.session, current_staff(), slug, lock=lock) or abort(404)


@editing.get("/<slug>/text")
@open_to(Permission.REVIEW)
def edit(slug: str) -> ResponseReturnValue:
    message = get_or_404(slug)
    return render(message, LetterForm.of(message))


def render(message: Message, form: LetterForm, *, conflict: str = "") -> str:
    return render_template(
        "messages/edit.html",
        message=message,
        kind=MessageKind(message.kind),
        form=form,
        editable=edits.is_editable(message, now=now()),
        current=letter_to_edit(current_app, db.session, message, now=now()),
        mark=LINK_MARK,
        conflict=conflict,
    )


@editing.post("/<slug>/text")
@open_to(Permission.REVIEW)
def save(slug: str) -> ResponseReturnValue:
    start_writing(db.session)
    message, form = get_or_404(slug, lock=True), LetterForm()
    if not form.validate():
        return render(message, form), 422
    if not form.is_of(message):
        form.edition.data = edits.edition_of(message)
        return render(message, form, conflict=_CHANGED), 409
    subject, text = form.subject.data or "", form.text.data or ""
    try:
        edits.edit(db.session, message, subject=subject, text=text, actor=actor(), now=now())
        db.session.commit()
    except Invalid as invalid:
        form[invalid.field].errors = [invalid.message.rstrip("。")]
        return render(message, form), 422
    except Refused as refusal:
        return render(message, form, conflict=refusal.message), 409
    flash("已改好，就按这样发。")
    return redirect(url_for("messages.show", slug=slug), 303)


@editing.post("/<slug>/text/restore")
@open_to(Permission.REVIEW)
def restore(slug: str) -> ResponseReturnValue:
    """恢复: what a colleague wrote meanwhile is not thrown away unseen."""
    start_writing(db.session)
    message, form = get_or_404(slug, lock=True), LetterForm()
    if not form.csrf_token.validate(form):
        return render(message, LetterForm.of(message), conflict=_STAYED), 422
    if not form.is_of(message):
        return render(message, LetterForm.of(message), conflict=_CHANGED), 409
    try:
        edits.restore(db.session, message, actor=actor(), now=now())
        db.session.commit()
    except Refused as refusal:
        return render(message, LetterForm.of(message), conflict=refusal.message), 409
    flash("已恢复原来的内容。")
    return redirect(url_for("messages.show", slug=slug), 303)
