"""What every page with a certificate shares: its facts with the address of its code, its file."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, url_for

from ..db import db
from ..documents import certificate
from ..documents.certificate import Facts
from ..documents.qr import qr_address
from ..models import Appointment
from ..services import recruiting
from .files import as_file


def facts(appointment: Appointment) -> Facts:
    site: str = current_app.extensions["settings"].url
    link = site + url_for("verify.show", code=appointment.code)
    name = recruiting.association(db.session).name
    return certificate.facts_of(appointment, association=name, link=link)


def seal() -> bytes | None:
    """The picture of the association's seal, where there is one."""
    return recruiting.association(db.session).seal_image


def shown(appointment: Appointment) -> dict[str, Any]:
    """For macros/certificate.html."""
    paper, imprint = facts(appointment), seal()
    return {
        "paper": paper,
        "qr": qr_address(paper.link),
        "seal": certificate.seal_address(imprint) if imprint else "",
    }


def as_pdf(appointment: Appointment) -> Response:
    reference = appointment.application.reference
    content = certificate.pdf(facts(appointment), seal=seal())
    return as_file(content, "pdf", f"聘书-{reference}", f"certificate-{reference}")
