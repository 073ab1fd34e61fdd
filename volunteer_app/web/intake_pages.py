"""What the pages of the intake counter show; the views in `intake` say when."""

from __future__ import annotations

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db
from ..domain.codes import spelled
from ..domain.rules import Assessment
from ..domain.uploads import ACCEPT
from ..domain.vocabulary import Declaration, Verdict
from ..models import Application
from ..services import drafting, entering, judging
from .access import current_staff
from .account import status_of
from .clock import now, today
from .inputs import VolunteerForm
from .intake_forms import EntryForm, FirstForm

_DECLARATIONS = frozenset(declaration.value for declaration in Declaration)


def show_closed() -> ResponseReturnValue:
    return render_template("intake/closed.html", days=drafting.ENTRY_DAYS), 403


def show_first(form: FirstForm, taken: Application | None = None) -> ResponseReturnValue:
    if taken is not None:
        form.id_number.errors = [_taken(form)]
    page = render_template(
        "intake/start.html",
        form=form,
        taken=taken,
        may_open=_may_open(taken),
        today=today(),
        unfinished=entering.unfinished(db.session, current_staff()),
    )
    return page, status_of(form)


def show_entry(
    token: str, form: EntryForm, *, taken: Application | None = None, complete: bool = False
) -> ResponseReturnValue:
    """The whole form. `complete`: nothing is wrong with it, but something is not met that the
    clerk has not seen yet; filing it takes one press more."""
    if taken is not None:
        form.id_number.errors = [_taken(form)]
    assessment = _assessment(form)
    failed = assessment.with_verdict(Verdict.FAIL)
    if not complete:  # boxes not yet ticked say nothing
        failed = tuple(finding for finding in failed if finding.rule not in _DECLARATIONS)
    draft = entering.find_entry(db.session, current_staff(), token)
    page = render_template(
        "intake/entry.html",
        token=token,
        form=form,
        taken=taken,
        may_open=_may_open(taken),
        complete=complete,
        failed=failed,
        findings=assessment.findings,
        recruitment=form.chosen,
        papers=draft.attachments if draft else [],
        accept=ACCEPT,
    )
    return page, 422 if complete else status_of(form)


def _taken(form: FirstForm | EntryForm) -> str:
    return f"这个证件号码在{form.chosen.title}里已经有一份报名，不能再登记一份"


def _may_open(taken: Application | None) -> bool:
    region = current_staff().region
    return taken is not None and region in (None, taken.region)


def _assessment(form: EntryForm) -> Assessment:
    return entering.assess_entry(
        form.answers(), form.chosen, received_on=form.day_received(), now=now()
    )


def unmet(form: EntryForm) -> frozenset[str]:
    """The rules that are not met, as a form that was accepted says."""
    failed = _assessment(form).with_verdict(Verdict.FAIL)
    return frozenset(finding.rule for finding in failed)


def seen_rules() -> frozenset[str]:
    """Those that stood on the page whose button was pressed."""
    return frozenset(request.form.get("seen", "").split())


def show_receipt(application: Application) -> str:
    address = current_app.extensions["settings"].url + url_for("status.look_up")
    findings = judging.kept_findings(application)
    return render_template(
        "intake/receipt.html",
        application=application,
        spelled=spelled(application.reference),
        address=address.partition("://")[2],
        findings=findings,
        outstanding=[each for each in findings if each.verdict is Verdict.PENDING],
        clerk=application.decisions[0].staff,
        form=VolunteerForm(),
    )
