"""单位推荐 for staff: the sealed form beside the unit's legal name, a checklist, the nominees."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing, vault_of
from ..domain.permissions import Permission
from ..domain.refusal import Invalid, NotAllowed, Refused
from ..domain.vocabulary import RecommendationStatus
from ..models import Recommendation
from ..services import attaching, confirming, nominating, recruiting
from .access import actor, current_staff, open_to
from .clock import now, today
from .inputs import VolunteerForm
from .narrowing import one_of
from .recommend_forms import ReturnForm, SealForm, shown_as
from .uploads import send_attachment, send_preview

recommendations = Blueprint("recommendations", __name__, url_prefix="/staff/recommendations")

_MEANWHILE = (
    "您打开以后，这份推荐有了变化：换了扫描件，改了名单，或者别人已经处理。没有确认，"
    "请看过现在的情况再决定。"
)
_CHANGED = "别人刚刚处理过这份推荐，您的操作没有记下，请看过现在的情况再决定。"


def get_or_404(reference: str) -> Recommendation:
    """What this member of staff may open; another prefecture's is as if it were not there."""
    found = confirming.find_recommendation(db.session, current_staff(), reference)
    return found or abort(404)


@recommendations.get("/")
@open_to(Permission.VIEW)
def index() -> ResponseReturnValue:
    """Tabs by who must act; those that wait for staff first."""
    staff = current_staff()
    recruitments = recruiting.all_recruitments(db.session)
    slug = request.args.get("recruitment")
    recruitment = next((r for r in recruitments if r.slug == slug), None) or recruiting.current(
        db.session, today()
    )
    if recruitment is None:
        return render_template("recommendations/none.html")
    status = one_of(RecommendationStatus, request.args.get("status", "handed_in"))
    return render_template(
        "recommendations/index.html",
        recruitment=recruitment,
        recruitments=recruitments,
        status=status,
        statuses=RecommendationStatus,
        counts=confirming.counts(db.session, staff, recruitment.id),
        rows=confirming.listed(db.session, staff, recruitment.id, status),
    )


@recommendations.get("/<reference:reference>")
@open_to(Permission.VIEW)
def show(reference: str) -> ResponseReturnValue:
    return render(get_or_404(reference))


def render(
    recommendation: Recommendation,
    *,
    seal: SealForm | None = None,
    back: ReturnForm | None = None,
    conflict: str = "",
    link: str = "",
) -> str:
    seal = seal or SealForm(formdata=None)
    seal.version.data = shown_as(recommendation)
    if recommendation.uscc is not None:
        del seal.identified_by
    return render_template(
        "recommendations/show.html",
        recommendation=recommendation,
        phone=recommendation.open("phone", vault_of(db.session)),
        email=recommendation.open("email", vault_of(db.session)),
        counts=confirming.nominees_by_status(recommendation),
        seal=seal,
        back=back or ReturnForm(formdata=None),
        conflict=conflict,
        link=link,
        form=VolunteerForm(formdata=None),
    )


@recommendations.get("/<reference:reference>/scan/<slug>")
@recommendations.get("/<reference:reference>/scan/<slug>/<int:page>")
@open_to(Permission.VIEW)
def scan(reference: str, slug: str, page: int = 0) -> ResponseReturnValue:
    """The sealed form: the file itself, or a page of it as a picture."""
    recommendation = get_or_404(reference)
    attachment = attaching.find_attachment(db.session, recommendation, slug) or abort(404)
    if page:
        return send_preview(attachment, page)
    return send_attachment(attachment)


@recommendations.post("/<reference:reference>/confirm")
@open_to(Permission.REVIEW)
def confirm(reference: str) -> ResponseReturnValue:
    """核对公章: all ticks, and the code as it is printed."""
    form = SealForm()
    start_writing(db.session)
    recommendation = get_or_404(reference)
    if not form.is_of(recommendation):
        return conflict(reference, NotAllowed(_MEANWHILE))
    if not form.validate():
        return render(recommendation, seal=form), 422
    try:
        confirming.confirm_seal(
            db.session,
            recommendation,
            **form.circumstances(),
            actor=actor(),
            now=now(),
        )
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        form[invalid.field].errors = [invalid.message]
        return render(get_or_404(reference), seal=form), 422
    except (Refused, StaleDataError) as refusal:
        return conflict(reference, refusal)
    flash(f"{reference} 公章已核对。")
    return redirect(url_for("recommendations.show", reference=reference), 303)


def conflict(reference: str, error: Exception) -> ResponseReturnValue:
    """The page as things are now, with the sentence why not."""
    db.session.rollback()
    sentence = error.message if isinstance(error, Refused) else _CHANGED
    return render(get_or_404(reference), conflict=sentence), 409


@recommendations.post("/<reference:reference>/return")
@open_to(Permission.REVIEW)
def send_back(reference: str) -> ResponseReturnValue:
    form = ReturnForm()
    start_writing(db.session)
    recommendation = get_or_404(reference)
    if not form.validate():
        return render(recommendation, back=form), 422
    try:
        confirming.send_back(
            db.session, recommendation, reason=form.reason.data, actor=actor(), now=now()
        )
        db.session.commit()
    except (Refused, StaleDataError) as refusal:
        return conflict(reference, refusal)
    flash(f"{reference} 已退回单位。")
    return redirect(url_for("recommendations.show", reference=reference), 303)


@recommendations.post("/<reference:reference>/signed/<int:number>")
@open_to(Permission.REVIEW)
def signed(reference: str, number: int) -> ResponseReturnValue:
    """已见本人签名的确认书: the nominee's own word on paper."""
    start_writing(db.session)
    recommendation = get_or_404(reference)
    nominee = next((n for n in recommendation.nominees if n.number == number), None) or abort(404)
    if not VolunteerForm().validate():
        return render(recommendation, conflict="页面停留太久，没有记下，请再点一次。"), 422
    region, application = current_staff().region, nominee.application
    if region is not None and (application is None or application.region != region):
        return render(recommendation, conflict="这个人的报名地在别的市，由那里的工作人员记。"), 409
    name = nominee.name
    try:
        nominating.see_signature(db.session, nominee, actor=actor(), now=now())
        db.session.commit()
    except (Refused, StaleDataError) as refusal:
        return conflict(reference, refusal)
    flash(f"{name}：已记下本人签名。")
    return redirect(url_for("recommendations.show", reference=reference, _anchor="nominees"), 303)


@recommendations.post("/<reference:reference>/link")
@open_to(Permission.REVIEW)
def renew_link(reference: str) -> ResponseReturnValue:
    """For a clerk who lost the private link: a new one, shown once, the old one ends."""
    start_writing(db.session)
    recommendation = get_or_404(reference)
    if not VolunteerForm().validate():
        return render(recommendation, conflict="页面停留太久，没有办，请再点一次。"), 422
    token = confirming.renew_link(db.session, recommendation, actor=actor(), now=now())
    db.session.commit()
    site = current_app.extensions["settings"].url
    return render(get_or_404(reference), link=site + url_for("recommend.resume", token=token))
