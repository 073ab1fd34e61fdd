"""The forms that end a term early and take that back."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ..domain.appointments import NEEDS_WORDS, EndReason
from ..domain.refusal import Invalid
from ..domain.text import clean_text
from ..models import Appointment
from ..services.ending import MOST_WORDS
from .inputs import AtMost, DayInput, Required, VolunteerForm, paragraph


class OfATerm(VolunteerForm):
    """Carries the version of the term that the page was made from."""

    version = HiddenField()

    @classmethod
    def of(cls, appointment: Appointment) -> Any:
        return cls(data={"version": appointment.version})

    def is_of(self, appointment: Appointment) -> bool:
        """Whether the page was made from the term as it is now."""
        return bool(self.version.raw_data == [str(appointment.version)])

    def renew(self, appointment: Appointment) -> None:
        self.version.data = str(appointment.version)

    def blame(self, invalid: Invalid) -> None:
        """Put the refusal beside its field."""
        self[invalid.field].errors = [invalid.message]


class EndForm(OfATerm):
    reason = RadioField(
        "原因",
        choices=[SelectChoice(*choice) for choice in EndReason.choices()],
        validators=[Required(verb="请选择")],
    )
    ends_from = DayInput(
        "从哪一天起不再在聘",
        validators=[Required()],
        description="今天或以后，最晚是聘期最后一日。在那一天之前的名册不变。",
    )
    words = TextAreaField(
        "说明",
        filters=[lambda text: clean_text(text or "")],
        validators=[AtMost(MOST_WORDS)],
        description="选“解聘”或“其他”的，一定要写，通知里会原样告诉本人。不要写证件号码。",
    )

    def validate_words(self, field: Any) -> None:
        if self.reason.data and EndReason(self.reason.data) in NEEDS_WORDS and not field.data:
            label = EndReason(self.reason.data).label
            raise ValidationError(f"原因是“{label}”的，请写明情况")


class UndoForm(OfATerm):
    reason = paragraph("undo_reason", most=MOST_WORDS, label="为什么撤销")
