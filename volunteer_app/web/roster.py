"""花名册: who is appointed on any day, and how the list leaves as CSV or a spreadsheet."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from ..db import db, start_writing, vault_of
from ..domain.permissions import Permission, may
from ..domain.terms import term_status
from ..models import Application, Appointment, Recruitment
from ..services import exporting, finding, inspecting, recruiting
from ..services.auditing import record
from .access import actor, current_staff, open_to
from .clock import now, today
from .lists import page_of, searched, turns
from .narrowing import Args, chips
from .roster_asked import Asked, asked, own_words
from .search_forms import ExportForm, RosterSearchForm, SearchForm

roster = Blueprint("roster", __name__, url_prefix="/staff/roster")

_COLUMNS = (
    Application.reference,
    Application.name,
    Application.gender,
    Application.region,
    Application.county,
    Application.education,
    Recruitment.title,
    Appointment.starts_on,
    Appointment.ends_on,
    Appointment.terminated_on,
)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@roster.get("/")
@open_to(Permission.VIEW)
def index() -> ResponseReturnValue:
    return show(asked())


@roster.post("/search")
@open_to(Permission.VIEW)
def search() -> ResponseReturnValue:
    """A number leads to its application; names and filters become an address."""
    form = RosterSearchForm.of(current_staff(), recruiting.all_recruitments(db.session), {})
    if not form.validate():
        return show(asked(), form=form), 422
    return searched(form.q.data) or redirect(url_for("roster.index", **form.asked()), 303)


@roster.post("/export")
@open_to(Permission.EXPORT)
def export() -> ResponseReturnValue:
    """Recorded and committed before the first byte leaves."""
    form, wanted = ExportForm(), asked()
    if not form.validate():
        return show(wanted, export_form=form), 422
    revealed, extension = form.revealed.data, form.format.data
    if revealed and not may(current_staff().role, Permission.REVEAL):
        abort(403)
    record_export(wanted.filters, wanted.args, form)
    if extension == "csv":
        body = stream_with_context(csv_stream(wanted.filters, revealed=revealed))
        return Response(body, headers=file_headers("csv", today()))
    return spreadsheet(wanted.filters, revealed=revealed)


def record_export(filters: finding.RosterFilter, args: Args, form: ExportForm) -> None:
    """What was asked for and how many people it is; of a searched name only that there was one."""
    start_writing(db.session)
    revealed: bool = form.revealed.data
    columns = exporting.columns(db.session, on=filters.on, revealed=revealed)
    record(
        db.session,
        "export",
        "roster",
        actor=actor(),
        now=now(),
        format=form.format.data,
        filter={name: "*" if name == "q" else value for name, value in args.items()},
        region=filters.region,
        columns=[column.name for column in columns],
        revealed=revealed,
        reason=form.reason.data if revealed else "",
        count=inspecting.count_in_roster(db.session, filters),
    )
    db.session.commit()


def csv_stream(filters: finding.RosterFilter, *, revealed: bool) -> Iterator[bytes]:
    """In a session of its own, because that of the request ends when the view has answered."""
    with db.sessionmaker() as session:
        yield from exporting.csv_chunks(session, filters, revealed=revealed)


def spreadsheet(filters: finding.RosterFilter, *, revealed: bool) -> Response:
    """Written to a file without a name, which is gone when it is closed, sent or not."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    try:
        exporting.write_xlsx(db.session, filters, file, revealed=revealed)
    except BaseException:
        file.close()
        raise
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = Response(file, headers=file_headers("xlsx", today()), direct_passthrough=True)
    response.content_length = size
    return response


def file_headers(extension: str, day: dt.date) -> dict[str, str]:
    """A Chinese name for those who read it, a plain one for those who do not."""
    chinese = quote(f"花名册-{day:%Y%m%d}.{extension}")
    plain = f"roster-{day:%Y%m%d}.{extension}"
    return {
        "Content-Type": _TYPES[extension],
        "Content-Disposition": f"attachment; filename={plain}; filename*=UTF-8''{chinese}",
    }


def show(
    wanted: Asked, *, form: SearchForm | None = None, export_form: ExportForm | None = None
) -> str:
    query, key = finding.roster(wanted.filters, vault_of(db.session), _COLUMNS)
    page = page_of(query, key, lambda ref: inspecting.place_in_roster(db.session, ref))
    previous, following = turns(page, "roster.index", wanted.args)
    return render_template(
        "roster/index.html",
        on=wanted.filters.on,
        form=form or RosterSearchForm.of(current_staff(), wanted.recruitments, filled(wanted)),
        export_form=export_form or ExportForm(formdata=None),
        args=wanted.args,
        chips=chips(wanted.args, **own_words(wanted)),
        rows=[{"row": row, "term": term_of(row, wanted.filters.on)} for row in page.rows],
        previous=previous,
        following=following,
        turned="after" in request.args or "before" in request.args,
    )


def filled(wanted: Asked) -> dict[str, Any]:
    """What the filter form shows: the day too where it goes without saying."""
    return wanted.args | {"on": wanted.filters.on}


def term_of(row: Any, on: dt.date) -> Any:
    return term_status(row.starts_on, row.ends_on, row.terminated_on, on)
