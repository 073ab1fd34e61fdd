"""The form of an application again, for those answers that are to be corrected."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from flask import request
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ..db import db, vault_of
from ..domain.fields import FIELDS
from ..models import Application
from ..services import showing
from ..services.answering import SEALED, answers_of
from .forms import ApplicationForm
from .inputs import Required, VolunteerForm, line


class CorrectionForm(ApplicationForm):
    """Only the answers that are opened, filled with what is stored."""

    #: What is there whatever is opened.
    always: ClassVar[frozenset[str]] = frozenset({"csrf_token"})

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kept: dict[str, bool] = {}

    @classmethod
    def of(cls, application: Application, opened: frozenset[str]) -> Self:
        posted = request.method == "POST"
        data = None if posted else answers_of(application, vault_of(db.session))
        form = cls(data=data)
        for name in [name for name in form._fields if name not in opened | cls.always]:
            del form[name]
        form._hide_sealed(application)
        return form

    def _hide_sealed(self, application: Application) -> None:
        """A number is not shown to whoever knows its last four: left empty it stays as it is."""
        vault = vault_of(db.session)
        shown = dict(showing.masked(application, vault))
        for name in [name for name in SEALED if name in self and shown[name]]:
            field = self[name]
            field.description = f"登记的是{shown[name]}，不改就留空。"
            field.flags.optional = True
            self.kept[name] = not field.data or request.method == "GET"
            field.data = application.open(name, vault) if self.kept[name] else field.data

    def blank(self) -> None:
        """Before it is shown: what was left empty is empty again."""
        for name in [name for name, kept in self.kept.items() if kept]:
            self[name].data = ""


#: What staff may correct, by name.
AMENDABLE = {field.name: field.label for field in FIELDS if field.asked and field.correctable}


class AmendForm(CorrectionForm):
    """The same for staff, with the reason that the history shows."""

    always: ClassVar[frozenset[str]] = frozenset({"csrf_token", "version", "reason"})

    version = HiddenField()
    reason = line("reason", most=200, label="更正的理由和依据")

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in super().answers().items() if name not in self.always}


class ChooseForm(VolunteerForm):
    """Which answers are to be corrected; sent as the arguments of an address."""

    field = SelectMultipleField(
        "要更正哪些",
        choices=[SelectChoice(*each) for each in AMENDABLE.items()],
        validators=[Required(verb="请选择")],
    )
