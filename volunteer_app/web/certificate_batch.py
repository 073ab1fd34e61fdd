"""聘书 of a whole roster: files of 200, each made when it is asked for, one at a time."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from ..db import db, start_writing, vault_of
from ..documents import certificate
from ..documents.typesetting import missing_glyphs
from ..domain.permissions import Permission
from ..domain.terms import start_of
from ..services import certifying
from ..services.auditing import record
from . import certificate_pages
from .access import actor, open_to
from .clock import now, today
from .files import as_file
from .inputs import VolunteerForm
from .narrowing import chips
from .roster_asked import Asked, asked, own_words

certificate_batch = Blueprint("certificate_batch", __name__, url_prefix="/staff/certificates")

#: Certificates in one file: a few seconds of work.
PART = 200
BUSY = "正在生成另一批聘书，请过半分钟再点一次。"
CHANGED = "您打开这一页以后，名单有变动，份数已经重新算过，请从第1份重新生成。"
#: One file is made at a time in a process; the others would only make each other wait.
_turn = threading.Lock()


class PartForm(VolunteerForm):
    """`start` counts from 1; `extent` is the mark of the list that the page was shown for."""

    start = HiddenField()
    extent = HiddenField()


@certificate_batch.get("/")
@open_to(Permission.EXPORT)
def index() -> ResponseReturnValue:
    return page(asked())


@certificate_batch.post("/certificates.pdf")
@open_to(Permission.EXPORT)
def pdf() -> ResponseReturnValue:
    """Up to 200 in one file, in the order of the roster; recorded before it leaves."""
    form, wanted = PartForm(), asked()
    count, mark = certifying.extent(db.session, wanted.filters, on=today())
    if not form.validate():
        return page(wanted, problem="页面停留太久，请再点一次。"), 422
    if form.extent.data != mark or form.start.data not in map(str, starts(count)):
        return page(wanted, problem=CHANGED), 409
    if not _turn.acquire(blocking=False):
        return page(wanted, problem=BUSY), 409
    try:
        return made(wanted, int(form.start.data), mark)
    finally:
        _turn.release()


def starts(count: int) -> range:
    """The place of the first certificate of each file."""
    return range(1, count + 1, PART)


def made(wanted: Asked, start: int, mark: str) -> Response:
    found = certifying.some_printable(
        db.session, wanted.filters, on=today(), skip=start - 1, most=PART
    )
    facts, imprint = [certificate_pages.facts(each) for each in found], certificate_pages.seal()
    db.session.rollback()  # nothing is held while the document is set
    content = certificate.pdf_of_many(facts, seal=imprint)
    start_writing(db.session)
    record(
        db.session,
        "print_certificates",
        "roster",
        actor=actor(),
        now=now(),
        part=start,
        count=len(facts),
        extent=mark,
        **told(wanted),
    )
    db.session.commit()
    name = f"{today():%Y%m%d}-{start}-{start + len(facts) - 1}"
    return as_file(content, "pdf", f"聘书-{name}", f"certificates-{name}")


def told(wanted: Asked) -> dict[str, Any]:
    """What the audit says of the list: of a searched name only a digest that our key makes, so
    that two names are not taken for one."""
    filters = dict(wanted.args)
    if "q" in filters:
        filters["q"] = vault_of(db.session).index("roster", filters["q"]).hex()[:16]
    return {"filter": filters, "region": wanted.filters.region}


def page(wanted: Asked, *, problem: str = "") -> str:
    count, mark = certifying.extent(db.session, wanted.filters, on=today())
    printed = certifying.printed_parts(
        db.session, actor(), told(wanted), mark, since=start_of(today())
    )
    parts = [part(start, count) | {"made_at": printed.parts.get(start)} for start in starts(count)]
    for each in parts:
        each["by_hand"] = by_hand(wanted, each["start"]) if each["made_at"] else []
    return render_template(
        "certificates/batch.html",
        args=wanted.args,
        chips=chips(wanted.args, **own_words(wanted)),
        on=wanted.filters.on,
        count=count,
        extent=mark,
        parts=parts,
        changed=printed.changed,
        most=PART,
        problem=problem,
        form=PartForm(formdata=None),
    )


def by_hand(wanted: Asked, start: int) -> list[tuple[str, str]]:
    """The names in a part that has been made with the characters that the font lacks."""
    names = certifying.names_of(db.session, wanted.filters, on=today(), skip=start - 1, most=PART)
    lacking = [(name, "".join(missing_glyphs(name))) for name in names]
    return [(name, characters) for name, characters in lacking if characters]


def part(start: int, count: int) -> dict[str, Any]:
    return {"start": start, "end": min(start + PART - 1, count)}
