"""The yardstick: the least that Flask, Flask-WTF and SQLAlchemy need for one form and one row.

One page with 25 fields, drawn with the ready-made widgets; a valid POST stores one durable row.
There are no rules, no audit, no message, no draft, nothing sealed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import sqlalchemy as sa
from flask import Flask, redirect, render_template
from flask_wtf import FlaskForm
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp

_TEMPLATE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>报名</title></head><body><h1>报名</h1>
<form method="post" novalidate>{{ form.hidden_tag() }}
{% for field in form if field.widget.input_type != "hidden" %}
<div>{{ field.label }} {{ field(class="form-control") }}
{% for error in field.errors %}<p class="error">{{ error }}</p>{% endfor %}</div>
{% endfor %}
<button>提交</button></form></body></html>"""

_PREFECTURES = ["太原", "大同", "阳泉", "长治", "晋城", "朔州", "晋中", "运城"]
_LEVELS = ["小学", "初中", "高中", "中专", "大专", "本科", "硕士", "博士"]


def _choices(words: list[str]) -> list[SelectChoice]:
    return [SelectChoice(word, word) for word in words]


def _line(label: str, most: int = 60) -> StringField:
    return StringField(label, [DataRequired(), Length(max=most)])


class BareForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """25 fields of the kinds that the application form has."""

    name = _line("姓名")
    id_number = StringField("证件号码", [DataRequired(), Regexp(r"^\d{17}[\dX]$")])
    birth_date = DateField("出生日期", [DataRequired()])
    ethnicity = _line("民族", 20)
    phone = StringField("手机", [DataRequired(), Regexp(r"^1[3-9]\d{9}$")])
    email = StringField("邮箱", [Optional(), Email()])
    wechat = StringField("微信", [Optional(), Length(max=60)])
    region = SelectField("市", choices=_choices(_PREFECTURES))
    county = _line("县")
    address = StringField("地址", [Optional(), Length(max=200)])
    education = SelectField("学历", choices=_choices(_LEVELS))
    political_status = SelectField("政治面貌", choices=_choices(["群众", "中共党员", "共青团员"]))
    occupation = _line("职业")
    employer = StringField("单位", [Optional(), Length(max=120)])
    job_title = StringField("职务", [Optional(), Length(max=60)])
    speciality = TextAreaField("专业特长", [Optional(), Length(max=1000)])
    experience = TextAreaField("经历", [Optional(), Length(max=1000)])
    health = BooleanField("身体健康", [DataRequired()])
    conduct = BooleanField("守法", [DataRequired()])
    law_knowledge = BooleanField("熟悉法律", [DataRequired()])
    local_knowledge = BooleanField("熟悉当地", [DataRequired()])
    ability = BooleanField("组织协调", [DataRequired()])
    obedience = BooleanField("服从管理", [DataRequired()])
    unpaid = BooleanField("自愿无偿", [DataRequired()])
    consent = BooleanField("同意", [DataRequired()])


class Base(DeclarativeBase):
    """Tables of the yardstick alone."""


class Entry(Base):
    """One row with a column for each field."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)


for _name, _field in vars(BareForm).items():
    if getattr(_field, "field_class", None) is BooleanField:
        setattr(Entry, _name, mapped_column(_name, sa.Boolean))
    elif getattr(_field, "field_class", None) is DateField:
        setattr(Entry, _name, mapped_column(_name, sa.Date))
    elif hasattr(_field, "field_class"):
        setattr(Entry, _name, mapped_column(_name, sa.Text))


def create_bare(file: Path) -> Flask:
    """The handler on a new SQLite file, as durable as ours."""
    app = Flask("bare")
    app.secret_key = "bare"  # noqa: S105 - nobody signs in here
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_I18N_ENABLED=False)
    app.jinja_loader = jinja2.DictLoader({"form.html": _TEMPLATE})
    engine = sa.create_engine(f"sqlite:///{file}")
    sa.event.listen(engine, "connect", _make_durable)
    Base.metadata.create_all(engine)

    @app.route("/", methods=["GET", "POST"])
    def index() -> Any:
        form = BareForm()
        if not form.validate_on_submit():
            return render_template("form.html", form=form)
        answers = {name: value for name, value in form.data.items() if name != "csrf_token"}
        with Session(engine) as session:
            session.add(Entry(**answers))
            session.commit()
        return redirect("/", 303)

    return app


def _make_durable(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
        connection.execute(f"PRAGMA {pragma}")


ANSWERS = {
    "name": "乔秀兰", "id_number": "140105197001011234", "birth_date": "1970-01-01",
    "ethnicity": "汉族", "phone": "13900000000", "email": "a@example.com", "region": "太原",
    "county": "小店区", "address": "某街道1号", "education": "本科", "political_status": "群众",
    "occupation": "教师", "experience": "参加过3·15宣传活动。",
    "speciality": "从事法律工作二十五年，长期办理消费纠纷案件。",
    **dict.fromkeys(
        ("health", "conduct", "law_knowledge", "local_knowledge", "ability", "obedience",
         "unpaid", "consent"), "y",
    ),
}  # fmt: skip
