"""What the pages of an application show; the views in `apply` say when."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from ..db import db
from ..domain.fields import Section
from ..domain.rules import Assessment
from ..domain.text import clean_text
from ..domain.vocabulary import Verdict
from ..models import Recruitment
from ..services import recruiting, showing
from ..services.answering import readable_answers
from . import drafts
from .account import status_of
from .clock import now, today
from .forms import SectionForm
from .inputs import AtMost, VolunteerForm

SECTIONS = list(Section)


class RelaxForm(VolunteerForm):
    """On the page that says what is not met: describe a speciality, or ask for a person."""

    speciality = TextAreaField(
        "您的专业特长",
        filters=[lambda text: clean_text(text or "")],
        validators=[AtMost(1000)],
        description="写明从事什么、多少年、有什么证书。审核时要核对证明材料的原件。",
    )

    def chosen(self) -> dict[str, Any]:
        """What the button says; an empty speciality is an error at its field."""
        if request.form.get("choice") == "human":
            return {"human_review": True}
        if self.speciality.data:
            return {"speciality": self.speciality.data}
        if request.method == "POST":
            self.speciality.errors = ["请填写您的专业特长，没有特长的请点“请工作人员核定”"]
        return {}


def show_closed() -> ResponseReturnValue:
    """Nothing can be submitted now; what was saved stays saved."""
    recruitment = recruiting.current(db.session, today())
    coming = recruitment is not None and now() < recruitment.terms.opens_at
    page = render_template("apply/closed.html", recruitment=recruitment, coming=coming)
    return page, 403


def show_step(section: Section, form: SectionForm) -> str:
    number = SECTIONS.index(section)
    return render_template(
        f"apply/{section.slug}.html",
        form=form,
        section=section,
        sections=SECTIONS,
        number=number + 1,
        previous=SECTIONS[number - 1] if number else None,
        from_check="check" in request.args,
    )


def show_eligibility(
    form: RelaxForm, assessment: Assessment, section: Section
) -> ResponseReturnValue:
    failed = assessment.with_verdict(Verdict.FAIL)
    page = render_template(
        "apply/eligibility.html",
        form=form,
        failed=failed,
        relaxable=[f.rule for f in failed] == ["age"] and "可以申请放宽" in failed[0].explanation,
        section=section,
    )
    return page, status_of(form)


def show_check(
    recruitment: Recruitment, form: VolunteerForm, refusal: str = ""
) -> ResponseReturnValue:
    """Every answer, what is missing, the rule sheet; 422 where submitting was refused."""
    answers = drafts.answers_so_far(recruitment)
    if not answers:
        return redirect(url_for("apply.start"), 303)
    given = readable_answers(answers, on=today())
    assessment = drafts.assess_so_far(answers, recruitment.terms, uploaded=drafts.kinds_at_hand())
    failed = assessment.outcome is Verdict.FAIL
    page = render_template(
        "apply/check.html",
        form=form,
        refusal=refusal,
        sections=showing.by_section(showing.masked_answers(given)),
        missing=drafts.incomplete(answers),
        attachments=drafts.attachments(),
        renews=drafts.renewed_id() is not None,
        assessment=assessment,
        human_review=failed and answers.get("human_review", False),
        last_section=SECTIONS[-1],
    )
    return page, 422 if refusal or form.errors else 200
