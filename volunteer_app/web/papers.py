"""报名表 on paper: the blank form, and the filled one for the applicant and for staff."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing, vault_of
from ..documents import application_form, blank_form
from ..documents.application_form import FilledForm
from ..domain.permissions import Permission
from ..domain.vocabulary import DocumentKind
from ..models import Application
from ..services import inspecting, recruiting
from ..services.answering import SEALED
from ..services.auditing import record
from . import drafts
from .access import PUBLIC, actor, current_staff, open_to
from .clock import now, today
from .files import as_file
from .inputs import VolunteerForm
from .own import own_application

papers = Blueprint("papers", __name__)

#: How long after it was submitted the browser that did so gets its own numbers in full.
FULL_FOR = dt.timedelta(hours=1)
_PICTURES = ("image/jpeg", "image/png")


@papers.get("/form-blank.<any(pdf, docx):extension>")
@open_to(PUBLIC)
def blank(extension: str) -> ResponseReturnValue:
    """下载空白报名表, by the settings of the notice."""
    recruitment = recruiting.current(db.session, today()) or abort(404)
    form = blank_form.blank_form(recruitment, recruiting.association(db.session))
    content = blank_form.pdf(form) if extension == "pdf" else blank_form.docx(form)
    return as_file(content, extension, f"{recruitment.title}空白报名表", "form")


@papers.get("/apply/form")
@open_to(PUBLIC)
def submitted() -> ResponseReturnValue:
    """The print page for the browser that submitted."""
    application = drafts.submitted()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    back, pdf = url_for("apply.receipt"), url_for("papers.submitted_pdf")
    return show(filled(application, _own(application)), back=back, pdf=pdf)


@papers.get("/apply/form.pdf")
@open_to(PUBLIC)
def submitted_pdf() -> ResponseReturnValue:
    application = drafts.submitted()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    return form_file(filled(application, _own(application)))


@papers.get("/status/form")
@open_to(PUBLIC)
def looked_up() -> ResponseReturnValue:
    """The print page after a look-up: whoever knows four figures sees no more of them."""
    application = own_application()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    back, pdf = url_for("status.progress"), url_for("papers.looked_up_pdf")
    return show(filled(application, photo=False), back=back, pdf=pdf)


@papers.get("/status/form.pdf")
@open_to(PUBLIC)
def looked_up_pdf() -> ResponseReturnValue:
    application = own_application()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    return form_file(filled(application, photo=False))


@papers.get("/staff/applications/<reference:reference>/form")
@open_to(Permission.VIEW)
def for_staff(reference: str) -> ResponseReturnValue:
    """The print page: what 报名详情 shows, as a form; the numbers stay masked."""
    application = get_or_404(reference)
    back = url_for("review.show", reference=reference)
    pdf = url_for("papers.staff_pdf", reference=reference)
    return show(filled(application), back=back, pdf=pdf, staff=True)


@papers.post("/staff/applications/<reference:reference>/form.pdf")
@open_to(Permission.VIEW)
def staff_pdf(reference: str) -> ResponseReturnValue:
    """A file leaves the program: recorded before it does."""
    if not VolunteerForm().validate():
        return redirect(url_for("papers.for_staff", reference=reference), 303)
    start_writing(db.session)
    application = get_or_404(reference)
    record(db.session, "print_form", reference, actor=actor(), now=now(), format="pdf")
    db.session.commit()
    return form_file(filled(application))


def get_or_404(reference: str) -> Application:
    """What this member of staff may open; another prefecture's, and one whose answers were erased,
    is as if it were not there."""
    found = inspecting.find_application(db.session, current_staff(), reference)
    return found if found is not None and not found.is_erased else abort(404)


def _own(application: Application) -> frozenset[str]:
    """The sealed answers that this browser itself sent a moment ago; later somebody else may sit
    before it."""
    return frozenset(SEALED if now() - application.submitted_at < FULL_FOR else ())


def filled(
    application: Application, revealed: frozenset[str] = frozenset(), *, photo: bool = True
) -> FilledForm:
    return application_form.filled_form(
        application,
        vault_of(db.session),
        association=recruiting.association(db.session),
        photo=_photo(application) if photo else None,
        revealed=revealed,
    )


def _photo(application: Application) -> bytes | None:
    """The newest picture that was uploaded as one."""
    photos = [
        attachment
        for attachment in application.attachments
        if attachment.kind is DocumentKind.PHOTO and attachment.media_type in _PICTURES
    ]
    return photos[-1].open(vault_of(db.session)) if photos else None


def show(form: FilledForm, *, back: str, pdf: str, staff: bool = False) -> str:
    return render_template(
        "print/form.html",
        layout="staff.html" if staff else "base.html",
        paper=form,
        back=back,
        pdf=pdf,
        staff=staff,
        form=VolunteerForm(),
    )


def form_file(form: FilledForm) -> Response:
    reference = form.reference
    return as_file(application_form.pdf(form), "pdf", f"报名表-{reference}", f"form-{reference}")
