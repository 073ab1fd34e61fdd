"""聘书 of one person, for staff: to look at, to print, to issue anew."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import Length

from ..db import db, start_writing
from ..documents.typesetting import missing_glyphs
from ..domain.permissions import Permission
from ..domain.refusal import Refused
from ..models import Appointment
from ..services import certifying
from ..services.auditing import record
from . import certificate_pages
from .access import actor, current_staff, open_to
from .clock import now, today
from .inputs import VolunteerForm, line

certificates = Blueprint("certificates", __name__, url_prefix="/staff/certificates")

#: The least that says why a certificate is issued anew.
SHORTEST_REASON = 2


class ReissueForm(VolunteerForm):
    """`replaces` is the code of the certificate that was on the page."""

    replaces = HiddenField()
    reason = line(
        "reason",
        Length(min=SHORTEST_REASON, message=f"请写明为什么换发，至少{SHORTEST_REASON}个字"),
        most=200,
        label="换发的理由",
        hint="例如遗失、姓名更正、印章更换。记在这份聘书下面，不告诉本人。",
    )


@certificates.get("/<reference:reference>")
@open_to(Permission.VIEW)
def show(reference: str) -> ResponseReturnValue:
    appointment = get_or_404(reference)
    return page(appointment, ReissueForm(data={"replaces": appointment.code}))


@certificates.post("/<reference:reference>/certificate.pdf")
@open_to(Permission.VIEW)
def pdf(reference: str) -> ResponseReturnValue:
    """A file leaves the program: recorded before it does."""
    appointment = get_or_404(reference)
    if not VolunteerForm().validate() or not certifying.in_force(appointment, today()):
        flash("页面打开以后有变化，没有下载，请看过这一页再点一次。")
        return redirect(url_for("certificates.show", reference=reference), 303)
    file = certificate_pages.as_pdf(appointment)
    start_writing(db.session)
    record(db.session, "print_certificate", reference, actor=actor(), now=now(), format="pdf")
    db.session.commit()
    return file


@certificates.post("/<reference:reference>/reissue")
@open_to(Permission.APPROVE)
def reissue(reference: str) -> ResponseReturnValue:
    """换发: the old code says so from now on, the person gets the new certificate by e-mail."""
    form = ReissueForm()
    if not form.validate():
        return page(get_or_404(reference), form), 422
    start_writing(db.session)
    appointment = get_or_404(reference)
    try:
        certifying.reissue(
            db.session,
            appointment,
            replaces=form.replaces.data or "",
            reason=form.reason.data,
            actor=actor(),
            now=now(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return page(get_or_404(reference), form, conflict=refusal.message), 409
    flash("聘书已换发，编号不变，原来的查验码显示已换发。")
    return redirect(url_for("certificates.show", reference=reference), 303)


def get_or_404(reference: str) -> Appointment:
    """What this member of staff may open; another prefecture's is as if it were not there."""
    return certifying.find_appointment(db.session, current_staff(), reference) or abort(404)


def page(appointment: Appointment, form: ReissueForm, *, conflict: str = "") -> str:
    form.replaces.data = appointment.code
    return render_template(
        "certificates/show.html",
        appointment=appointment,
        application=appointment.application,
        status=appointment.status(today()),
        in_force=certifying.in_force(appointment, today()),
        no_reissue=certifying.no_reissue(appointment, today()) or "",
        missing="".join(missing_glyphs(appointment.application.name)),
        form=form,
        conflict=conflict,
        **certificate_pages.shown(appointment),
    )
