"""What a clerk fills in about the unit, and what staff tick about its seal."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from ..domain import regions
from ..domain.identity import read_email, read_telephone, read_uscc
from ..domain.refusal import Invalid
from ..domain.text import clean_line, clean_name
from ..domain.vocabulary import SealCheck
from .inputs import AtMost, Read, Required, VolunteerForm, paragraph, select

_REGIONS = [(region.code, region.name) for region in regions.REGIONS]


def _asked(label: str, hint: str, *validators: Any, most: int, first: Any = None) -> Any:
    return StringField(
        label,
        description=hint,
        filters=[lambda text: clean_line(text or "")],
        validators=[first or Required(), AtMost(most), *validators],
    )


def _may_be_empty(_form: Any, _field: Any) -> None:
    """Whether it is needed depends on another answer; nothing says 选填."""


class UnitForm(VolunteerForm):
    """单位信息. A unit without a code says why; staff note how they identified it."""

    unit_name = _asked("单位全称", "与公章上的名称一字不差，不要写简称。", most=120)
    uscc = _asked(
        "统一社会信用代码", "18位，在营业执照或法人证书上。", most=40, first=_may_be_empty
    )
    no_uscc = BooleanField("本单位没有统一社会信用代码", description="例如村民小组。")
    no_uscc_reason = _asked(
        "没有代码的原因",
        "勾选了上面一项的填写：是什么单位、隶属于谁。",
        most=200,
        first=_may_be_empty,
    )
    region = select("region", _REGIONS, label="单位所在市")
    contact_name = _asked("联系人", "办这次推荐的人。", Read(clean_name), most=80)
    phone = _asked(
        "联系电话",
        "手机，或者带区号的固定电话。推荐表有问题时用来联系您。",
        Read(read_telephone),
        most=30,
    )
    email = _asked("联系人电子邮箱", "没有可以不填。", Read(read_email), most=120, first=Optional())

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return all((valid, self._code_or_why_not()))

    def _code_or_why_not(self) -> bool:
        if self.no_uscc.data:
            if not self.no_uscc_reason.data:
                self.no_uscc_reason.errors = ["请写明为什么没有统一社会信用代码"]
            return not self.no_uscc_reason.errors
        try:
            self.uscc.data = read_uscc(self.uscc.data or "")
        except Invalid as invalid:
            more = "" if self.uscc.data else "，没有代码的请勾选下面一项"
            self.uscc.errors = [f"{invalid.message}{more}"]
        return not self.uscc.errors

    def answers(self) -> dict[str, Any]:
        """As `recommending.begin` takes them: a code, or the reason, never both."""
        given = {name: field.data for name, field in self._fields.items()}
        given["uscc" if self.no_uscc.data else "no_uscc_reason"] = ""
        return given


class SealForm(VolunteerForm):
    """核对公章: every tick, and the code as it is printed on the scan."""

    checks = SelectMultipleField(
        "逐项核对",
        choices=[SelectChoice(*choice) for choice in SealCheck.choices()],
        description="对着左边的扫描件看，全部相符才能确认。",
    )
    printed_code = _asked("表上的核对码", "在推荐表每页右上角，例如K7M4-2RQX。", most=20)
    identified_by = _asked(
        "怎么核实这个单位",
        "单位没有统一社会信用代码，请写明向谁、怎样核实。",
        most=200,
        first=Optional(),
    )

    def validate_checks(self, _field: Any) -> None:
        missing = [check.label for check in SealCheck if check not in self.chosen()]
        if missing:
            raise ValidationError(f"还没有核对：{'；'.join(missing)}。有一项不符的，请退回单位")

    def chosen(self) -> list[SealCheck]:
        return [check for check in SealCheck if check.value in (self.checks.data or [])]


class ReturnForm(VolunteerForm):
    """退回单位: what is wrong, in words the clerk reads."""

    reason = paragraph("reason", most=500, label="退回的原因")
