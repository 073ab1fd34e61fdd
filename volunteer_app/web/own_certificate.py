"""聘书 of the applicant, from 查询进度: to look at, to print, as a PDF."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..models import Appointment
from ..services import certifying, renewing
from . import certificate_pages
from .access import PUBLIC, open_to
from .clock import today
from .own import own_application

own_certificate = Blueprint("own_certificate", __name__, url_prefix="/status")


@own_certificate.get("/certificate")
@open_to(PUBLIC)
def show() -> ResponseReturnValue:
    appointment = own_appointment()
    return render_template(
        "status/certificate.html",
        status=appointment.status(today()),
        may_renew=renewing.is_offered(appointment.application, today()),
        **certificate_pages.shown(appointment),
    )


@own_certificate.get("/certificate.pdf")
@open_to(PUBLIC)
def pdf() -> ResponseReturnValue:
    return certificate_pages.as_pdf(own_appointment())


def own_appointment() -> Appointment:
    """The term of what was looked up. Without one, or where it was ended early, there is nothing to
    show: back to the page that says how it stands."""
    application = own_application()
    appointment = application.appointment if application is not None else None
    if appointment is None or not certifying.in_force(appointment, today()):
        abort(redirect(url_for("status.progress"), 303))
    return appointment
