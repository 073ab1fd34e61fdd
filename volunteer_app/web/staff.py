"""工作人员: invited by a one-time link that is shown once; role, prefecture, in use or not."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing
from ..domain.permissions import Permission
from ..domain.refusal import Invalid, Refused
from ..domain.text import clean_line
from ..models import Staff
from ..services import staffing
from .access import actor, current_staff, open_to
from .admin_forms import AccountForm, InviteForm
from .clock import now
from .inputs import VolunteerForm

staff = Blueprint("staff", __name__, url_prefix="/staff/people")

CHANGED = "您打开以后，别人改过这个账号，您的修改还没有保存。请核对后再保存。"
EXPIRED = "页面停留太久，请再点一次。"
OWN_LINK = "自己的密码请点右上角的姓名去修改；给自己发链接，会立刻把自己关在外面。"
#: Where the session keeps a new link until the next page has shown it.
_LINK = "one_time_link"


def get_or_404(username: str) -> Staff:
    return staffing.find_staff(db.session, clean_line(username)) or abort(404)


@staff.get("/")
@open_to(Permission.STAFF)
def index() -> ResponseReturnValue:
    return show_index(InviteForm())


def show_index(form: InviteForm) -> str:
    people = staffing.all_staff(db.session)
    return render_template("admin/staff.html", people=people, form=form, now=now())


@staff.post("/")
@open_to(Permission.STAFF)
def invite() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return show_index(form), 422
    start_writing(db.session)
    try:
        token = staffing.invite(db.session, **form.values(), actor=actor(), now=now())
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        form[invalid.field].errors = [invalid.message.rstrip("。")]
        return show_index(form), 422
    except IntegrityError:  # two administrators, one name, one moment
        db.session.rollback()
        form.username.errors = ["这个登录名刚刚有人用了，请换一个"]
        return show_index(form), 422
    return to_link(form.username.data, token)


def to_link(username: str, token: str) -> ResponseReturnValue:
    """The next page shows the link, once."""
    session[_LINK] = [username, token]
    return redirect(url_for("staff.person", username=username), 303)


def new_link(username: str) -> str | None:
    """The whole address of the link that was just made for that person, the first time only."""
    made_for, token = session.pop(_LINK, None) or (None, None)
    if made_for != username:
        return None
    base: str = current_app.extensions["settings"].url
    return base + url_for("account.invitation", token=token)


@staff.get("/<username>")
@open_to(Permission.STAFF)
def person(username: str) -> ResponseReturnValue:
    row = get_or_404(username)
    return show(row, AccountForm.of(row), link=new_link(username))


def show(row: Staff, form: AccountForm, *, link: str | None = None, conflict: str = "") -> str:
    return render_template(
        "admin/person.html", person=row, form=form, link=link, conflict=conflict, now=now()
    )


@staff.post("/<username>")
@open_to(Permission.STAFF)
def change(username: str) -> ResponseReturnValue:
    start_writing(db.session)
    row, form = get_or_404(username), AccountForm()
    if not form.is_of(row):
        return conflict(username, form, CHANGED)
    if not form.validate():
        return show(row, form), 422
    try:
        staffing.change_staff(db.session, row, form.values(), actor=actor(), now=now())
        db.session.commit()
    except Invalid as invalid:
        return wrong(username, form, invalid)
    except Refused as refusal:
        return conflict(username, form, refusal.message)
    except StaleDataError:
        return conflict(username, form, CHANGED)
    flash("账号已保存。角色、地区或状态变了的，对方要重新登录。")
    return redirect(url_for("staff.person", username=username), 303)


def wrong(username: str, form: AccountForm, invalid: Invalid) -> ResponseReturnValue:
    """The error at its field, everything typed kept."""
    db.session.rollback()
    form[invalid.field].errors = [invalid.message.rstrip("。")]
    return show(get_or_404(username), form), 422


def conflict(username: str, form: AccountForm, sentence: str) -> ResponseReturnValue:
    db.session.rollback()
    row = get_or_404(username)
    form.renew(row)
    return show(row, form, conflict=sentence), 409


@staff.post("/<username>/link")
@open_to(Permission.STAFF)
def link(username: str) -> ResponseReturnValue:
    """A new one-time link; the old one, the password and all sessions end."""
    if not VolunteerForm().validate():
        return no_link(username, EXPIRED)
    if username == current_staff().username:
        return no_link(username, OWN_LINK)
    start_writing(db.session)
    row = get_or_404(username)
    try:
        token = staffing.renew_invitation(db.session, row, actor=actor(), now=now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return no_link(username, refusal.message)
    return to_link(username, token)


def no_link(username: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "wait")
    return redirect(url_for("staff.person", username=username), 303)
