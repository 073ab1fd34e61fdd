"""The form beside an application: one reason, what to correct, until when, for whichever move."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from ..domain.fields import correctable
from ..domain.reasons import BY_CODE, GROUND_OF_MOVE, REASONS, Ground, with_own_words
from ..domain.text import clean_text
from ..domain.vocabulary import Role
from ..domain.workflow import Move, moves_from
from ..models import Application
from .clock import today
from .inputs import AtMost, DayInput, VolunteerForm

#: A due day further away is a slip of the pen.
_LATEST_DAYS = 90


class DecisionForm(VolunteerForm):
    """Which answers are needed depends on the move that was pressed: `asked_for(move)`."""

    version = HiddenField()
    listed = SelectField(
        "常用理由",
        choices=[SelectChoice("", "不选，只用自己的话写")],
        validators=[Optional()],
    )
    words = TextAreaField(
        "自己的话",
        filters=[lambda text: clean_text(text or "")],
        validators=[AtMost(1000)],
        description="通过不用写。其他决定要有理由：选一条，或自己写。",
    )
    fields = SelectMultipleField(
        "要申请人补正哪些",
        choices=[SelectChoice(*choice) for choice in correctable()],
    )
    due_on = DayInput("补正期限", description="到这一天为止都可以补正。")

    move: Move | None = None
    due_before: dt.date | None = None

    @classmethod
    def of(cls, application: Application, role: Role) -> DecisionForm:
        """As sent, or as first shown: due after the recruitment's days for corrections."""
        days = dt.timedelta(days=application.recruitment.correction_days)
        form = cls(data={"version": application.version, "due_on": today() + days})
        form.due_before = application.due_on
        form.listed.choices = form.listed.choices[:1] + [
            SelectChoice(reason.code, reason.text, optgroup=reason.ground.label)
            for reason in REASONS
            if reason.ground in form.grounds(application, role)
        ]
        return form

    def grounds(self, application: Application, role: Role) -> set[Ground]:
        """What the moves at hand take; a reason that was sent stays, whatever happened since."""
        moves = moves_from(application.status, role)
        chosen = BY_CODE.get(self.listed.data or "")
        sent = {chosen.ground} if chosen else set()
        return sent | {GROUND_OF_MOVE[move.name] for move in moves if move.name in GROUND_OF_MOVE}

    def asked_for(self, move: Move) -> bool:
        """Whether all that this move needs is there; what only others need does not matter."""
        self.move = move
        self.validate()
        if move.needs_reason and not (self.words.data or self.listed.data):
            self.words.errors = [f"{move.label}要写理由，请选一条常用理由或自己写"]
        if not move.needs_due_date:
            self.due_on.errors = []
        if not move.names_fields:
            self.fields.errors = []
        return not self.errors

    def is_of(self, application: Application) -> bool:
        """Whether the page was made from the application as it is now."""
        return bool(self.version.raw_data == [str(application.version)])

    def renew(self, application: Application) -> None:
        self.version.data = str(application.version)

    def circumstances(self, move: Move) -> dict[str, Any]:
        """What the move is made with; what it does not ask for is left out."""
        given: dict[str, Any] = {"reason": self.reason()}
        if move.names_fields:
            given["fields"] = self.fields.data
        if move.needs_due_date:
            given["due_on"] = self.due_on.day
        return given

    def reason(self) -> str:
        """A reason of the list only where the move takes one: 通过 needs none."""
        listed = self.listed.data if self.move and self.move.needs_reason else ""
        return with_own_words(listed or "", self.words.data or "")

    def kept(self) -> str:
        """All that was written, to be shown where no decision can be made any more."""
        listed = self.listed.data if self.listed.data in BY_CODE else ""
        return with_own_words(listed or "", self.words.data or "")

    def validate_listed(self, field: Any) -> None:
        if self.move is None or not self.move.needs_reason or not field.data:
            return
        reason = BY_CODE.get(field.data)
        if reason and reason.ground is not GROUND_OF_MOVE.get(self.move.name):
            raise ValidationError(
                f"这条理由是{reason.ground.label}，不用于{self.move.label}，请另选"
            )

    def validate_fields(self, field: Any) -> None:
        if self.move and self.move.names_fields and not field.data:
            raise ValidationError("请勾选要申请人补正的项目")

    def validate_due_on(self, field: Any) -> None:
        if field.day is None:
            raise ValidationError("请填写补正期限")
        if cause := self._wrong_due_day(field.day):
            raise ValidationError(cause)

    def _wrong_due_day(self, day: dt.date) -> str | None:
        if day < today():
            return "补正期限不能早于今天，请改晚一些"
        if day > today() + dt.timedelta(days=_LATEST_DAYS):
            return f"补正期限不能超过{_LATEST_DAYS}天，请核对年份和月份"
        if self.move and self.move.name == "extend" and self.due_before and day <= self.due_before:
            return f"现在的期限是{self.due_before.month}月{self.due_before.day}日，新期限要比它晚"
        return None
