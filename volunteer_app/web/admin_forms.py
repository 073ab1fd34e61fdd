"""Forms of the administrators: the association, a recruitment's settings, accounts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Self

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError

from ..domain import regions
from ..domain.appointments import read_prefix
from ..domain.identity import read_email
from ..domain.vocabulary import AgeReference, Education, Labelled, Role, TermStart
from .inputs import DayInput, Read, Required, VolunteerForm, line, paragraph, select

_USERNAME = re.compile(r"[a-z0-9._-]{3,40}")
_REGIONS = [(region.code, region.name) for region in regions.REGIONS]
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def sensible_year(_form: Any, field: DayInput) -> None:
    """Ages and terms are counted from these days, and no calendar goes on after 9999."""
    if field.day is not None and not _FIRST_YEAR <= field.day.year <= _LAST_YEAR:
        raise ValidationError(f"年份应在{_FIRST_YEAR}到{_LAST_YEAR}之间，请核对")


class WholeInput(IntegerField):
    """A whole number in half- or full-width figures; what was typed is shown again when wrong."""

    def __init__(self, label: str, low: int, high: int, *, empty: str = "", **options: Any) -> None:
        description = options.pop("description", "")
        validators = [Optional()] if empty else []
        super().__init__(label, validators, description=description + empty, **options)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None

    def pre_validate(self, _form: Any) -> None:
        typed = (self.raw_data or [""])[0].strip()
        if not typed and self.flags.optional:
            return
        if self.data is None or not self.low <= self.data <= self.high:
            said = f"，您填了“{typed[:20]}”" if typed else ""
            raise StopValidation(f"{self.label.text}应是{self.low}到{self.high}的整数{said}")


class _Stored:
    """A row as a form reads it: members of closed lists by their value."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._row, name)
        return value.value if isinstance(value, Labelled) else value


class VersionedForm(VolunteerForm):
    """Carries the version of what it was filled from, so that nobody's change is overwritten."""

    version = HiddenField()

    @classmethod
    def of(cls, row: Any, **options: Any) -> Self:
        """Filled with what is stored."""
        return cls(obj=_Stored(row), **options)

    def is_of(self, row: Any) -> bool:
        return bool(self.version.raw_data == [str(row.version)])

    def renew(self, row: Any) -> None:
        self.version.data = str(row.version)

    def values(self) -> dict[str, Any]:
        """Column values by name."""
        own = ("version", "csrf_token")
        return {field.name: self.value_of(field) for field in self if field.name not in own}

    def value_of(self, field: Any) -> Any:
        return field.day if isinstance(field, DayInput) else field.data


class AssociationForm(VersionedForm):
    name = line("name", most=60, label="协会名称")
    address = line("address", most=120, label="地址")
    mailbox = line("mailbox", Read(read_email), most=120, label="信箱")
    telephone = line("telephone", most=60, label="电话", optional=True)
    office_hours = line("office_hours", most=60, label="办公时间", optional=True)
    certificate_prefix = line(
        "certificate_prefix",
        Read(read_prefix),
        most=1000,  # how many it may have is said by what reads it
        label="聘书编号前缀",
        hint="2到10个汉字。改了以后，新发的聘书用新的，已经发的不变。",
    )


class RecruitmentForm(VersionedForm):
    title = line("title", most=60, label="名称")
    opens_on = DayInput("开始日", [Required(), sensible_year], description="这一天0点起可以报名。")
    closes_on = DayInput(
        "截止日",
        [Required(), sensible_year],
        description="这一天24点前提交的都算数，按北京时间。改了以后，草稿留了邮箱、还没提交的人和"
        "还没提交的单位会收到通知。",
    )
    correction_days = WholeInput(
        "补正天数", 1, 60, description="退回补正时，期限默认是这么多天以后。"
    )
    reminder_days = WholeInput(
        "提前几天提醒",
        0,
        30,
        empty="截止前这么多天，提醒草稿没提交的人和还没办完的单位，留空是不提醒。",
    )
    age_min = WholeInput("最小年龄", 0, 120, description="周岁，含这个年龄。公告写的是18。")
    age_max = WholeInput("最大年龄", 0, 120, description="周岁，含这个年龄。公告写的是65。")
    relaxed_min = WholeInput(
        "放宽后的最小年龄", 0, 120, empty="与最小年龄相同就是不放宽，留空是不限。"
    )
    relaxed_max = WholeInput(
        "放宽后的最大年龄", 0, 120, empty="有专业特长的可以放宽到这个年龄，留空是不限。"
    )
    age_reference = RadioField(
        "年龄算到哪一天",
        choices=[SelectChoice(*choice) for choice in AgeReference.choices()],
        validators=[Required(verb="请选择")],
        description="算到截止日，所有人按同一天量。",
    )
    education_min = select("education_min", Education.choices(), label="最低学历")
    term_years = WholeInput("聘期年数", 1, 10, description="公告写的是两年。")
    term_start = RadioField(
        "聘期从哪天起",
        choices=[SelectChoice(*choice) for choice in TermStart.choices()],
        validators=[Required(verb="请选择")],
    )
    term_starts_on = DayInput(
        "聘期第一日",
        [Optional(), sensible_year],
        description="选了固定日期的填写，已经聘任的不受影响。",
    )
    lead = paragraph("lead", most=300, label="导语")
    duties = paragraph("duties", most=1000, label="职责")
    after_closing = paragraph("after_closing", most=500, label="截止以后")

    _KINDS = {  # noqa: RUF012  (WTForms reads plain class attributes)
        "age_reference": AgeReference,
        "education_min": Education,
        "term_start": TermStart,
    }

    def value_of(self, field: Any) -> Any:
        kind = self._KINDS.get(field.name)
        return kind(field.data) if kind else super().value_of(field)


class PersonForm(VersionedForm):
    name = line("name", most=40, label="姓名")
    role = RadioField(
        "角色",
        choices=[
            SelectChoice(role.value, role.label, render_kw={"hint": hint})
            for role, hint in zip(
                Role,
                (
                    "只能看，号码只有末四位",
                    "审核报名、导出花名册、写明理由看完整号码",
                    "另外可以复核，可以重新审核未通过的",
                    "另外可以改招募设置、管账号、看操作日志",
                ),
                strict=True,
            )
        ],
        validators=[Required(verb="请选择")],
    )
    region = select("region", _REGIONS, label="地区", optional=True, prompt="全省")

    def value_of(self, field: Any) -> Any:
        if field.name == "role":
            return Role(field.data)
        return (field.data or None) if field.name == "region" else super().value_of(field)


class InviteForm(PersonForm):
    username = StringField(
        "登录名",
        validators=[Required()],
        filters=[lambda text: unicodedata.normalize("NFKC", text or "").strip().lower()],
        description="3到40个字，小写字母、数字、点、横线和下划线，例如duan.wj。以后不能改。",
    )

    def validate_username(self, field: Any) -> None:
        if not _USERNAME.fullmatch(field.data):
            raise ValidationError("登录名要3到40个字，只用小写字母、数字、点、横线和下划线")


class AccountForm(PersonForm):
    active = BooleanField("在用", description="停用以后不能登录，做过的记录都保留。")
