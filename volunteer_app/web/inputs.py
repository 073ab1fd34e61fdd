"""Inputs that clean what is typed and say one cause and one remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError

from ..domain.days import read_day
from ..domain.fields import BY_NAME
from ..domain.refusal import Invalid
from ..domain.text import clean_line, clean_text
from ..domain.vocabulary import Labelled

EXPIRED = "页面停留太久或浏览器没有保存Cookie。您填的内容都在，请再点一次按钮。"


class VolunteerForm(FlaskForm):
    """Chinese built-in messages; an expired token is a sentence above a form that is still full."""

    class Meta(FlaskForm.Meta):
        locales = ("zh",)

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = [EXPIRED]
        return valid


class Required:
    """请填写 or 请选择 with the label; `otherwise` adds what to do for whom it does not fit."""

    field_flags = {"required": True}  # noqa: RUF012  (WTForms reads a plain class attribute)

    def __init__(self, otherwise: str = "", verb: str = "请填写") -> None:
        self.otherwise, self.verb = otherwise, verb

    def __call__(self, _form: Form, field: Field) -> None:
        if not field.data:
            field.errors[:] = []
            more = f"，{self.otherwise}" if self.otherwise else ""
            raise StopValidation(f"{self.verb}{field.label.text.rstrip('。')}{more}")


class AtMost:
    """At most `count` characters, saying how many there are."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __call__(self, _form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > self.count:
            raise ValidationError(
                f"{field.label.text}最多{self.count}个字，现在是{length}个字，请删短"
            )


class Read:
    """Let the domain read the text; its refusal becomes the field's error, its answer the data."""

    def __init__(self, reader: Callable[[str], str]) -> None:
        self.reader = reader

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            field.data = self.reader(field.data or "")
        except Invalid as invalid:
            raise ValidationError(invalid.message) from invalid


def _clean_line(text: str | None) -> str:
    return clean_line(text or "")


def _clean_text(text: str | None) -> str:
    return clean_text(text or "")


def _described(name: str, label: str | None) -> dict[str, Any]:
    """Label and hint from the catalogue; a label of its own makes it another thing's field."""
    field = None if label else BY_NAME.get(name)
    return {
        "label": label or (field.label if field else name),
        "description": field.hint if field else "",
    }


def line(
    name: str,
    *validators: Any,
    most: int,
    label: str | None = None,
    optional: bool = False,
    hint: str = "",
) -> StringField:
    """One line of text; the reader, if any, comes last. `hint` instead of the catalogue's."""
    first = Optional() if optional else Required()
    given = _described(name, label)
    given["description"] = hint or given["description"]
    return StringField(
        filters=[_clean_line], validators=[first, AtMost(most), *validators], **given
    )


def paragraph(
    name: str, *validators: Any, most: int, label: str | None = None, optional: bool = False
) -> TextAreaField:
    first = Optional() if optional else Required()
    given = _described(name, label)
    return TextAreaField(
        filters=[_clean_text], validators=[first, AtMost(most), *validators], **given
    )


class ListInput(SelectField):
    """A list whose options are written once; showing it only marks the one that is chosen."""

    def __init__(self, *args: Any, written: Markup, **values: Any) -> None:
        super().__init__(*args, **values)
        self.written = written

    def options(self) -> Markup:
        if not self.data:
            return self.written
        option = f'<option value="{escape(self.data)}"'
        chosen = str(self.written).replace(option, f"{option} selected", 1)
        return Markup(chosen)  # noqa: S704  (both were escaped when they were written)


def write_options(choices: list[SelectChoice]) -> Markup:
    html, group = Markup(""), None
    for choice in choices:
        if choice.optgroup != group:
            html += Markup("</optgroup>") if group else Markup("")
            group = choice.optgroup
            region = (choice.render_kw or {}).get("data-region", "")
            html += Markup('<optgroup label="{}" data-region="{}">').format(group, region)
        html += Markup('<option value="{}">{}</option>').format(choice.value, choice.label)
    return html + (Markup("</optgroup>") if group else Markup(""))


def select(
    name: str,
    choices: list[Any],
    *,
    label: str | None = None,
    optional: bool = False,
    prompt: str = "请选择",
    default: str | None = None,
) -> ListInput:
    """A list that begins with a prompt, so that nothing is chosen by accident."""
    required = Optional() if optional else Required(verb="请选择")
    listed = [SelectChoice("", prompt), *(_choice(choice) for choice in choices)]
    return ListInput(
        choices=listed,
        written=write_options(listed),
        validators=[required],
        default=default,
        **_described(name, label),
    )


def _choice(choice: Any) -> SelectChoice:
    return choice if isinstance(choice, SelectChoice) else SelectChoice(*choice)


def several(
    name: str, choices: type[Labelled], *, label: str | None = None, optional: bool = False
) -> SelectMultipleField:
    required = Optional() if optional else Required(verb="请选择")
    return SelectMultipleField(
        choices=[SelectChoice(*choice) for choice in choices.choices()],
        validators=[required],
        **_described(name, label),
    )


class DayInput(StringField):
    """A day in any usual spelling; `day` is what was read, `data` its ISO form."""

    data: Any
    day: dt.date | None = None

    def _value(self) -> str:
        return str(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([_clean_line(value) for value in valuelist])

    def pre_validate(self, _form: Form) -> None:
        self.day = None
        if not self.data:
            return
        if isinstance(self.data, dt.date):
            self.day = self.data
            return
        try:
            self.day = read_day(self.data, field=self.name)
        except Invalid as invalid:
            raise StopValidation(invalid.message) from invalid
        self.data = self.day.isoformat()
