"""What the page 续聘 shows; the views in `renew` say when."""

from __future__ import annotations

from flask import current_app, render_template, url_for

from ..db import db, vault_of
from ..domain.fields import FIELDS, Section
from ..domain.masking import mask_email, mask_name, mask_phone
from ..domain.rules import Finding, assess
from ..domain.vocabulary import Channel, Verdict
from ..models import Application, Recruitment
from ..services import judging, recruiting, renewing
from ..services.answering import readable_answers
from . import drafts
from .clock import now, today
from .inputs import VolunteerForm


def show(
    form: VolunteerForm, application: Application, token: str | None, refusal: str = ""
) -> str:
    """The page, for who came by a private link or, where `token` is None, by a look-up."""
    opened = renewing.open_one(db.session, now=now())
    return render_template(
        "renew/begin.html",
        form=form,
        refusal=refusal,
        token=token,
        application=application,
        term=application.appointment,
        masked_name=mask_name(application.name),
        recruitment=recruiting.current(db.session, today()),
        is_open=opened is not None,
        has_applied=opened and renewing.has_applied(db.session, application, opened),
        not_met=not_met(application, opened) if opened else [],
        typed_again=[] if token else labels(renewing.TYPED_AGAIN),
        has_papers=bool(application.attachments),
        other_draft=has_other_draft(application),
        link=link_to_draft(),
        goes_on=drafts.renewed_id() == application.id,
        wishes=renewing.wishes(db.session, application),
        told_at=told_at(application),
    )


def not_met(application: Application, recruitment: Recruitment) -> list[Finding]:
    """What the rules say already, of the earlier answers and today's age; all else is asked."""
    answers = renewing.prefill(db.session, application, with_numbers=True)
    given = readable_answers(answers, on=today())
    facts = judging.facts_from(given, channel=Channel.INDIVIDUAL, now=now())
    found = assess(facts, recruitment.terms).findings
    return [finding for finding in found if finding.verdict is not Verdict.PASS]


def labels(names: frozenset[str]) -> list[str]:
    """What is asked of an applicant, by its label, in the order of the form."""
    return [
        field.label
        for field in FIELDS
        if field.name in names and field.asked and field.section is Section.IDENTITY
    ]


def has_other_draft(application: Application) -> bool:
    """Whether this browser has a draft that is not this renewal."""
    return drafts.is_begun() and drafts.renewed_id() != application.id


def link_to_draft() -> str:
    """The private link that opens this browser's draft again; empty until one was made."""
    link = drafts.link()
    if link is None:
        return ""
    address: str = current_app.extensions["settings"].url
    return address + url_for("links.follow", token=link.open_token(vault_of(db.session)))


def told_at(application: Application) -> str:
    """Where its person will be told: the address in part, or the telephone."""
    email = application.open("email", vault_of(db.session))
    return (
        f"发邮件到{mask_email(email)}"
        if email
        else f"打电话到{mask_phone(application.phone_last4)}"
    )
