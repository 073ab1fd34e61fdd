"""聘任: who serves until when, one person's service, ending it early and taking that back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing, vault_of
from ..domain.appointments import NOTICE_DAYS, EndReason
from ..domain.permissions import Permission
from ..domain.refusal import Invalid, Refused
from ..domain.vocabulary import TermStatus
from ..models import Application, Appointment, Recruitment
from ..services import ending, finding, inspecting, recruiting, serving
from .access import actor, current_staff, open_to
from .clock import now, today
from .lists import page_of, searched, turns
from .narrowing import Args, chips, roster_args, roster_filter
from .search_forms import SearchForm
from .terms_forms import EndForm, OfATerm, UndoForm
from .terms_page import entries, render, summary

terms = Blueprint("terms", __name__, url_prefix="/staff/terms")

_COLUMNS = (
    Application.reference,
    Application.name,
    Application.region,
    Application.county,
    Recruitment.title,
    Appointment.prefix,
    Appointment.year,
    Appointment.serial,
    Appointment.starts_on,
    Appointment.ends_on,
    Appointment.terminated_on,
)
_MEANWHILE = "您打开以后，别人改过这段聘期，您的操作没有记下。请看过现在的情况再决定。"
#: What the tabs set, and the filters beside them leave as it is.
_TABS = ("status", "within")


def get_or_404(reference: str) -> Appointment:
    """What this member of staff may open; another prefecture's is as if it were not there."""
    return serving.find_appointment(db.session, current_staff(), reference) or abort(404)


@terms.get("/")
@open_to(Permission.VIEW)
def index() -> ResponseReturnValue:
    return show_list(asked_for())


@terms.post("/search")
@open_to(Permission.VIEW)
def search() -> ResponseReturnValue:
    """A number leads to its application; names and filters become an address."""
    form = SearchForm.of(current_staff(), recruiting.all_recruitments(db.session), {})
    if not form.validate():
        return show_list(asked_for(), form=form), 422
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("status", "within") if request.args.get(name)
    }
    return searched(form.q.data) or redirect(url_for("terms.index", **form.asked(), **kept), 303)


@terms.get("/<reference:reference>")
@open_to(Permission.VIEW)
def show(reference: str) -> ResponseReturnValue:
    appointment = get_or_404(reference)
    history = serving.service_history(db.session, current_staff(), appointment.application)
    return render("show", appointment, history=history, log=entries(appointment))


@terms.get("/<reference:reference>/end")
@open_to(Permission.REVIEW)
def end_page(reference: str) -> ResponseReturnValue:
    appointment = get_or_404(reference)
    return render("end", appointment, form=EndForm.of(appointment))


@terms.post("/<reference:reference>/end")
@open_to(Permission.REVIEW)
def end(reference: str) -> ResponseReturnValue:
    start_writing(db.session)
    appointment = get_or_404(reference)
    form = EndForm.of(appointment)
    if not form.validate():
        return render("end", appointment, form=form), 422

    def carry_out() -> str:
        ending.end_early(
            db.session,
            appointment,
            reason=EndReason(form.reason.data),
            words=form.words.data or "",
            ends_from=form.ends_from.day,
            actor=actor(),
            now=now(),
        )
        return f"已记下：{appointment.application.name}从{form.ends_from.data}起不再在聘。"

    return answer("end", appointment, form, carry_out)


@terms.get("/<reference:reference>/undo")
@open_to(Permission.APPROVE)
def undo_page(reference: str) -> ResponseReturnValue:
    appointment = get_or_404(reference)
    return render("undo", appointment, form=UndoForm.of(appointment), log=entries(appointment))


@terms.post("/<reference:reference>/undo")
@open_to(Permission.APPROVE)
def undo(reference: str) -> ResponseReturnValue:
    start_writing(db.session)
    appointment = get_or_404(reference)
    form = UndoForm.of(appointment)
    if not form.validate():
        return render("undo", appointment, form=form, log=entries(appointment)), 422

    def carry_out() -> str:
        reason = form.reason.data
        ending.undo(db.session, appointment, reason=reason, actor=actor(), now=now())
        return f"提前解聘已经撤销，{appointment.application.name}的聘期照原来的日期。"

    return answer("undo", appointment, form, carry_out)


def answer(
    page: str, appointment: Appointment, form: OfATerm, carry_out: Any
) -> ResponseReturnValue:
    """Do it and show the term; or say why not, with all that was typed still there."""
    reference = appointment.application.reference
    if not form.is_of(appointment):
        return conflict(page, reference, form, _MEANWHILE)
    try:
        done = carry_out()
        db.session.commit()
    except Invalid as invalid:
        form.blame(invalid)
        db.session.rollback()
        return render(page, get_or_404(reference), form=form), 422
    except Refused as refusal:
        return conflict(page, reference, form, refusal.message)
    except StaleDataError:
        return conflict(page, reference, form, _MEANWHILE)
    flash(done)
    return redirect(url_for("terms.show", reference=reference), 303)


def conflict(page: str, reference: str, form: OfATerm, sentence: str) -> ResponseReturnValue:
    """The page as things are now, the typed text in its form, ready to be sent again."""
    db.session.rollback()
    appointment = get_or_404(reference)
    form.renew(appointment)
    log = entries(appointment)
    return render(page, appointment, form=form, log=log, conflict=sentence), 409


def asked_for() -> tuple[list[Recruitment], Recruitment | None, finding.RosterFilter, Args]:
    """The filter of this request, as the query and as an address. Who serves now is shown where
    nothing else is asked for; `status=all` is everybody."""
    recruitments, staff = recruiting.all_recruitments(db.session), current_staff()
    slug = request.args.get("recruitment")
    chosen = next((each for each in recruitments if each.slug == slug), None)
    given = {name: text for name, text in request.args.items() if name != "on"}
    if not given.get("within"):
        given.setdefault("status", TermStatus.ACTIVE.value)
    filters = roster_filter(given, chosen, staff, today=today())
    args = roster_args(filters, chosen, staff, today=today())
    if filters.status is None and filters.within is None:
        args["status"] = "all"
    return recruitments, chosen, filters, args


def show_list(
    wanted: tuple[list[Recruitment], Recruitment | None, finding.RosterFilter, Args],
    *,
    form: SearchForm | None = None,
) -> str:
    recruitments, recruitment, filters, args = wanted
    query, key = finding.roster(filters, vault_of(db.session), _COLUMNS)
    page = page_of(query, key, lambda ref: inspecting.place_in_roster(db.session, ref))
    previous, following = turns(page, "terms.index", args)
    own = {"recruitment": recruitment.title} if recruitment else {}
    others = {name: value for name, value in args.items() if name not in _TABS}
    turned = "after" in request.args or "before" in request.args
    counts = None if turned or others else counted()
    return render_template(
        "terms/index.html",
        form=form or SearchForm.of(current_staff(), recruitments, dict(args)),
        args=args,
        others=others,
        chips=chips(others, **own),
        kept={name: value for name, value in args.items() if name in _TABS},
        tabs=tabs(filters, others, counts),
        counts=counts,
        rows=[summary(row) for row in page.rows],
        previous=previous,
        following=following,
        turned=turned,
    )


def counted() -> list[serving.RegionCount]:
    """Where staff begin, and nowhere else: every term that runs is looked at."""
    return serving.counts_by_region(db.session, on=today(), region=current_staff().region)


def tabs(
    filters: finding.RosterFilter, others: Args, counts: list[serving.RegionCount] | None
) -> list[tuple[str, str, str | None, bool]]:
    """(word, address, count, whether it is this one); what only grows is not counted, and nothing
    where `counts` is None."""
    total = serving.total(counts) if counts is not None else None
    numbers = (
        {TermStatus.ACTIVE: total.active, TermStatus.UPCOMING: total.upcoming} if total else {}
    )

    def tab(word: str, count: int | None, current: bool, **own: Any) -> Any:
        shown = None if count is None else f"{count:,}"
        return word, url_for("terms.index", **others, **own), shown, current

    def of(status: TermStatus) -> Any:
        is_it = filters.status is status
        return tab(status.label, numbers.get(status), is_it, status=status.value)

    soon = [
        tab(
            f"{days}天内期满",
            total.within[days] if total else None,
            filters.within == days,
            within=str(days),
        )
        for days in NOTICE_DAYS
    ]
    everybody = filters.status is None and filters.within is None
    return [
        of(TermStatus.ACTIVE),
        of(TermStatus.UPCOMING),
        *soon,
        of(TermStatus.ENDED),
        of(TermStatus.TERMINATED),
        tab("全部", None, everybody, status="all"),
    ]
