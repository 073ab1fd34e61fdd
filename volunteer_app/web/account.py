"""Staff sign in, use their one-time link, change their password."""

from __future__ import annotations

import datetime as dt
import hmac
import unicodedata
from typing import Any

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import Security, hash_password, login_user, user_authenticated
from flask_security.core import RoleMixin
from flask_security.datastore import FSQLALiteUserDatastore
from flask_security.forms import LoginForm, VerifyForm
from flask_security.utils import validate_redirect_url
from wtforms import PasswordField, StringField
from wtforms.validators import ValidationError

from ..db import db, start_writing
from ..domain.text import clean_line
from ..models import Staff
from ..services import staffing
from ..services.auditing import Actor, count_since, record, staff_actor
from .access import ANY_STAFF, PUBLIC, actor, current_staff, open_to
from .clock import now
from .inputs import Required, VolunteerForm

account = Blueprint("account", __name__, url_prefix="/staff")

WRONG = "登录名或密码不对，请核对。忘了密码，请向管理员要一个新的链接。"
LOCKED = "密码输错5次，请等15分钟再试，或向管理员要一个新的链接。"
TRIES = 5
TRY_AGAIN_AFTER = dt.timedelta(minutes=15)
PASSWORD_MIN, PASSWORD_MAX = 10, 128


class NoRole(RoleMixin):
    """Flask-Security asks for a role model; permissions come from `Staff.role` instead."""


def _normal(text: str | None) -> str:
    """As Flask-Security reads it at the sign-in: full-width signs are those of another keyboard."""
    return unicodedata.normalize("NFKD", text or "")


def _possible(text: str | None) -> str:
    """What is longer than any password, and too long to be hashed, becomes one nobody can have."""
    password = _normal(text)
    return password if len(password) <= PASSWORD_MAX else "-"


class ConfirmForm(VerifyForm):
    """The password once more, before something that needs a fresh session."""

    password = PasswordField("密码", validators=[Required()], filters=[_possible])


class SignInForm(LoginForm):
    """A name that exists cannot be told from one that does not; five wrong tries, then a pause."""

    email = StringField(
        "登录名", validators=[Required()], filters=[lambda text: clean_line(text or "").lower()]
    )
    password = PasswordField("密码", validators=[Required()], filters=[_possible])

    def validate_next(self, field: Any) -> None:
        """A way on that leaves the site is forgotten, and signing in goes on."""
        if field.data and not validate_redirect_url(field.data):
            field.data = None

    def validate(self, **values: Any) -> bool:
        if not (self.email.data and self.password.data):
            return super().validate(**values)
        subject = _tried(self.email.data)
        since = now() - TRY_AGAIN_AFTER
        if count_since(db.session, "sign_in_failed", subject, since=since) >= TRIES:
            self.form_errors.append(LOCKED)
            return False
        self.user = staffing.find_staff(db.session, self.email.data)
        self.ifield = self.email
        right = super().validate(**values)  # slow on purpose, so not in the writer's turn
        start_writing(db.session)
        if right:
            return True
        if not self.csrf_token.errors:
            record(db.session, "sign_in_failed", subject, actor=_somebody(), now=now())
            self.email.errors, self.password.errors = [], []
            self.form_errors.append(WRONG)
        db.session.commit()
        return False


def _tried(username: str) -> str:
    """Name and address together, keyed: an audit row does not show what was typed as a name."""
    key = current_key()
    text = f"{username}|{request.remote_addr}"
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:40]


def current_key() -> bytes:
    from flask import current_app

    return str(current_app.secret_key).encode()


def _somebody() -> Actor:
    return Actor(name="anonymous", address=request.remote_addr or "", request_id=g.request_id)


class PasswordForm(VolunteerForm):
    """A new password, twice."""

    password = PasswordField(
        "新密码",
        validators=[Required()],
        filters=[_normal],
        description=f"至少{PASSWORD_MIN}个字，可以用一句只有您知道的话。",
    )
    again = PasswordField("再输入一次", validators=[Required(verb="请")], filters=[_normal])

    def validate_password(self, field: Any) -> None:
        if len(field.data) < PASSWORD_MIN:
            raise ValidationError(f"密码至少{PASSWORD_MIN}个字，您输入了{len(field.data)}个")
        if len(field.data) > PASSWORD_MAX:
            raise ValidationError(f"密码最多{PASSWORD_MAX}个字，请缩短")
        if len(set(field.data)) < 4:
            raise ValidationError("密码太简单，请多用几个不同的字")

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError("两次输入的密码不一样，请重新输入")


class ChangePasswordForm(PasswordForm):
    current = PasswordField("现在的密码", validators=[Required()], filters=[_possible])

    def validate_current(self, field: Any) -> None:
        if not current_staff().verify_and_update_password(field.data):
            raise ValidationError("现在的密码不对，请核对")


@account.route("/invitation/<token>", methods=["GET", "POST"])
@open_to(PUBLIC)
def invitation(token: str) -> ResponseReturnValue:
    """Where the one-time link leads: set a password, and be signed in."""
    form = PasswordForm()
    hashed = hash_password(form.password.data) if form.validate_on_submit() else None
    if hashed is not None:
        start_writing(db.session)
    staff = staffing.find_invited(db.session, token, now=now())
    if staff is None:
        return render_template("account/expired.html"), 410
    if hashed is None:
        return render_template("account/invitation.html", form=form, staff=staff), status_of(form)
    who = staff_actor(staff, address=request.remote_addr or "", request_id=g.request_id)
    staffing.accept(db.session, staff, hashed, actor=who, now=now())
    login_user(staff, authn_via=["invitation"])
    db.session.commit()
    return redirect(url_for("desk.index"), 303)


@account.route("/password", methods=["GET", "POST"])
@open_to(ANY_STAFF)
def password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return render_template("account/password.html", form=form), status_of(form)
    start_writing(db.session)
    staff = current_staff()
    hashed = hash_password(form.password.data)
    staffing.change_password(db.session, staff, hashed, actor=actor(), now=now())
    login_user(staff, authn_via=["password"])
    db.session.commit()
    flash("密码已修改，其他设备上的登录已经失效。")
    return redirect(url_for("desk.index"), 303)


def status_of(form: VolunteerForm) -> int:
    """422 for a form that came back, 200 for one that is shown first."""
    return 422 if form.errors else 200


def signed_in(_app: Flask, user: Staff, **_values: Any) -> None:
    """Into the audit, in the transaction that Flask-Security's view commits."""
    who = staff_actor(user, address=request.remote_addr or "", request_id=g.request_id)
    record(db.session, "sign_in", user.username, actor=who, now=now())


def signed_out(_app: Flask, user: Staff | None = None, **_values: Any) -> None:
    """Signing out ends every session of the account, also one whose cookie was copied."""
    if not isinstance(user, Staff):
        return
    start_writing(db.session)
    staff = db.session.get_one(Staff, user.id)
    staffing.end_sessions(staff)
    who = staff_actor(staff, address=request.remote_addr or "", request_id=g.request_id)
    record(db.session, "sign_out", staff.username, actor=who, now=now())
    db.session.commit()


def init_app(app: Flask) -> None:
    datastore = FSQLALiteUserDatastore(db, Staff, NoRole)
    app.extensions["security_extension"] = Security(
        app, datastore, login_form=SignInForm, verify_form=ConfirmForm
    )
    user_authenticated.connect(signed_in, app)
    user_logged_out.connect(signed_out, app)
    app.register_blueprint(account)


CONFIG = {
    "SECURITY_URL_PREFIX": "/staff",
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_VERIFY_URL": "/verify",
    "SECURITY_LOGIN_USER_TEMPLATE": "account/sign_in.html",
    "SECURITY_LOGOUT_USER_TEMPLATE": "account/sign_out.html",
    "SECURITY_VERIFY_TEMPLATE": "account/verify.html",
    "SECURITY_POST_LOGIN_VIEW": "/staff/",
    "SECURITY_POST_LOGOUT_VIEW": "/staff/sign-in",
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_CACHE_CONTROL": {"private": True, "no-store": True},
}
