"""The forms above the queue and the roster. They post, so that no number gets into an address."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from ..domain import regions
from ..domain.text import clean_line
from ..domain.vocabulary import Channel, TermStatus, Verdict
from ..models import Recruitment, Staff
from .inputs import DayInput, VolunteerForm, line, select

_REGIONS = [(region.code, region.name) for region in regions.REGIONS]
#: The least that says why a full number is needed.
SHORTEST_REASON = 4
_REASON = "查看完整号码的理由"


class SearchForm(VolunteerForm):
    """What both lists ask; a prefecture is not offered to who is bound to one."""

    recruitment = SelectField("招募", choices=[SelectChoice("", "全部")], validators=[Optional()])
    region = select("region", _REGIONS, label="地区", optional=True, prompt="全部")
    q = line("q", most=80, label="姓名、编号或号码", optional=True)

    @classmethod
    def of(cls, staff: Staff, recruitments: list[Recruitment], args: dict[str, Any]) -> SearchForm:
        form = cls(data=args)
        form.recruitment.choices += [SelectChoice(each.slug, each.title) for each in recruitments]
        if staff.region is not None:
            del form.region
        return form

    def asked(self) -> dict[str, Any]:
        """The arguments of the address that shows this."""
        own = {"csrf_token", "after", "before"}
        return {f.name: f.data for f in self if f.name not in own and f.data}


class QueueSearchForm(SearchForm):
    channel = select("channel", Channel.choices(), label="途径", optional=True, prompt="全部")
    outcome = select("outcome", Verdict.choices(), label="资格核对", optional=True, prompt="全部")
    renewal = select("renewal", [("yes", "续聘")], label="续聘", optional=True, prompt="全部")

    @classmethod
    def of(cls, staff: Staff, recruitments: list[Recruitment], args: dict[str, Any]) -> SearchForm:
        form = super().of(staff, recruitments, args)
        form.recruitment.choices = form.recruitment.choices[1:]
        if len(recruitments) < 2:
            del form.recruitment
        return form


class RosterSearchForm(SearchForm):
    status = select("status", TermStatus.choices(), label="聘任状态", optional=True, prompt="全部")
    on = DayInput("哪一天的名册", validators=[Optional()])


def _too_short(reason: str | None) -> str | None:
    """What to do about a reason that says nothing."""
    if len(reason or "") >= SHORTEST_REASON:
        return None
    return f"请写明为什么需要完整号码，至少{SHORTEST_REASON}个字"


class RevealForm(VolunteerForm):
    """One sealed answer of one application; a page has one form for each."""

    reason = StringField(_REASON, filters=[lambda text: clean_line(text or "")[:200]])

    @classmethod
    def of(cls, field: str, **options: Any) -> RevealForm:
        form = cls(**options)
        form.reason.id = f"reason-{field}"
        return form

    def validate_reason(self, field: Any) -> None:
        if cause := _too_short(field.data):
            raise ValidationError(cause)


class ExportForm(VolunteerForm):
    format = RadioField(
        "文件格式",
        choices=[
            SelectChoice("xlsx", "Excel表格", render_kw={"hint": "号码是文本，不会变成科学计数"}),
            SelectChoice("csv", "CSV文本", render_kw={"hint": "给其他程序用"}),
        ],
        default="xlsx",
    )
    revealed = BooleanField("包括完整证件号码和联系方式")
    reason = line("reason", most=200, label=_REASON, optional=True)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.revealed.data and (cause := _too_short(self.reason.data)):
            self.reason.errors = [cause]
            return False
        return valid
