"""通知用语: what messages of one recruitment say, changed with a preview, or as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing
from ..documents import from_messages, letters
from ..documents.letters import Letter, standard
from ..domain import rewording
from ..domain.messages import MessageKind
from ..domain.permissions import Permission
from ..domain.refusal import AlreadyDecided, Invalid
from ..domain.text import clean_line
from ..models import Recruitment
from ..services import recruiting
from ..services import wordings as words
from .access import actor, current_staff, open_to
from .admin_forms import VersionedForm
from .clock import now
from .inputs import line, paragraph
from .letters import shown_facts, written
from .narrowing import one_of

wordings = Blueprint("wordings", __name__, url_prefix="/staff/settings")

_CHANGED = (
    "您打开以后，别人改过这种通知的用语，您写的还没有保存。现在的用语在下面，请核对后再保存。"
)
_STAYED = "页面停留太久，没有恢复，请再点一次。"


@dataclass(frozen=True, kw_only=True)
class Current:
    """The words that hold now; version 0 are the file's."""

    subject: str
    text: str
    version: int = 0


class WordingForm(VersionedForm):
    subject = line("subject", most=rewording.MOST_SUBJECT, label="标题")
    text = paragraph("text", most=rewording.MOST_TEXT, label="正文")
    kind: MessageKind

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            rewording.check(self.kind, self.subject.data or "", self.text.data or "")
        except Invalid as invalid:
            self[invalid.field].errors = [invalid.message.rstrip("。")]
            return False
        return True


def recruitment_or_404(slug: str) -> Recruitment:
    return recruiting.find_recruitment(db.session, clean_line(slug)) or abort(404)


def kind_or_404(value: str) -> MessageKind:
    kind = one_of(MessageKind, value)
    return kind if kind in letters.kinds() else abort(404)


def current_words(recruitment: Recruitment, kind: MessageKind) -> Current:
    changed = words.wording_of(db.session, recruitment.id, kind)
    if changed is not None:
        return Current(subject=changed.subject, text=changed.text, version=changed.version)
    return Current(subject=standard(kind).subject, text=standard(kind).text)


@wordings.get("/<slug>/wordings")
@open_to(Permission.SETTINGS)
def index(slug: str) -> ResponseReturnValue:
    recruitment = recruitment_or_404(slug)
    return render_template(
        "wordings/index.html",
        recruitment=recruitment,
        kinds=letters.kinds(),
        subjects={kind: current_words(recruitment, kind).subject for kind in letters.kinds()},
        changed=words.changed_kinds(db.session, recruitment),
    )


@wordings.get("/<slug>/wordings/<kind>")
@open_to(Permission.SETTINGS)
def edit(slug: str, kind: str) -> ResponseReturnValue:
    recruitment, member = recruitment_or_404(slug), kind_or_404(kind)
    return render(recruitment, member, WordingForm.of(current_words(recruitment, member)))


def render(
    recruitment: Recruitment,
    kind: MessageKind,
    form: WordingForm,
    *,
    preview: tuple[Letter, str] | None = None,
    conflict: str = "",
) -> str:
    """`preview` is a letter and whom it is about, empty for nobody."""
    offered = rewording.offered(kind)
    return render_template(
        "wordings/edit.html",
        recruitment=recruitment,
        kind=kind,
        form=form,
        preview=preview,
        conflict=conflict,
        current=current_words(recruitment, kind),
        offered=offered,
        others={k: v for k, v in rewording.MEANINGS.items() if k not in offered},
        required=rewording.REQUIRED.get(kind, ()),
        foot=letters.foot(),
    )


@wordings.post("/<slug>/wordings/<kind>")
@open_to(Permission.SETTINGS)
def change(slug: str, kind: str) -> ResponseReturnValue:
    """保存, or 预览: the page with the letter, nothing is stored, and nobody waits for it."""
    recruitment, member, form = recruitment_or_404(slug), kind_or_404(kind), WordingForm()
    form.kind = member
    if not form.validate():
        return render(recruitment, member, form), 422
    typed = Letter(form.subject.data or "", form.text.data or "")
    if request.form.get("then") == "preview":
        return render(recruitment, member, form, preview=previewed(recruitment, member, typed))
    start_writing(db.session)
    held = current_words(recruitment, member)
    if not form.is_of(held):
        return stale(slug, member, form)
    try:
        save(recruitment, member, typed, held.version)
    except (AlreadyDecided, StaleDataError, IntegrityError):
        return stale(slug, member, form)
    flash(f"“{member.label}”的用语已保存，没有发出的通知也照这样写。")
    return redirect(url_for("wordings.index", slug=slug), 303)


def save(recruitment: Recruitment, kind: MessageKind, typed: Letter, version: int) -> None:
    words.change(
        db.session,
        recruitment,
        kind,
        subject=typed.subject,
        text=typed.text,
        version=version,
        actor=actor(),
        now=now(),
    )
    db.session.commit()


def previewed(recruitment: Recruitment, kind: MessageKind, typed: Letter) -> tuple[Letter, str]:
    """The typed words about the newest message of that kind, else about nobody."""
    message = words.newest(db.session, current_staff(), recruitment, kind)
    if message is None:
        facts = from_messages.sample(db.session, recruitment, now=now())
        return written(kind, typed, facts), ""
    facts = shown_facts(current_app, db.session, message, now=now())
    return written(kind, typed, facts), message.addressee


def stale(slug: str, kind: MessageKind, form: WordingForm) -> ResponseReturnValue:
    """The page with what was typed and the words that hold now."""
    db.session.rollback()
    recruitment = recruitment_or_404(slug)
    form.renew(current_words(recruitment, kind))
    return render(recruitment, kind, form, conflict=_CHANGED), 409


@wordings.post("/<slug>/wordings/<kind>/restore")
@open_to(Permission.SETTINGS)
def restore(slug: str, kind: str) -> ResponseReturnValue:
    """恢复原文; what a colleague changed meanwhile is not thrown away unseen."""
    start_writing(db.session)
    recruitment, member, form = recruitment_or_404(slug), kind_or_404(kind), VersionedForm()
    wording, held = (
        words.wording_of(db.session, recruitment.id, member),
        current_words(recruitment, member),
    )
    kept = WordingForm.of(held, formdata=None)
    if not form.csrf_token.validate(form):
        return render(recruitment, member, kept, conflict=_STAYED), 422
    if wording is None or not form.is_of(held):
        return render(recruitment, member, kept, conflict=_CHANGED), 409
    words.restore(db.session, wording, actor=actor(), now=now())
    db.session.commit()
    flash(f"“{member.label}”已恢复原文。")
    return redirect(url_for("wordings.index", slug=slug), 303)
