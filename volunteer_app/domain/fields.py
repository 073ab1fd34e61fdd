"""The catalogue: one row for each answer, saying how and where it is shown.

Columns (models) and inputs (web/forms) stay explicit code; everything that only shows a person
walks this table. What a row does not say, such as how to check an answer, is not its business.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from .vocabulary import DocumentKind


class Section(enum.Enum):
    """A topic of the form: one page when asked, one block when shown."""

    slug: str
    title: str

    def __new__(cls, slug: str, title: str = "") -> Section:
        member = object.__new__(cls)
        member._value_ = slug
        member.slug = slug
        member.title = title
        return member

    IDENTITY = "identity", "身份"
    CAREER = "career", "学历与职业"
    SERVICE = "service", "服务意愿与特长"
    PLEDGES = "pledges", "承诺与同意"


class Privacy(enum.Enum):
    """PLAIN is shown to who may see the application; MASKED only in part until revealed."""

    PLAIN = "plain"
    MASKED = "masked"


@dataclass(frozen=True, kw_only=True)
class Field:
    """`asked` is False for what is read from another answer, such as the birth date."""

    name: str
    label: str
    section: Section
    privacy: Privacy = Privacy.PLAIN
    asked: bool = True
    in_roster: bool = True
    correctable: bool = True
    hint: str = ""


_ID, _CAREER, _SERVICE, _PLEDGES = Section

FIELDS: tuple[Field, ...] = (
    Field(name="name", label="姓名", section=_ID,
          hint="与证件上的一致，少数民族姓名可以带间隔号“·”。"),
    Field(name="id_type", label="证件类型", section=_ID),
    Field(name="id_number", label="证件号码", section=_ID, privacy=Privacy.MASKED,
          hint="身份证18位，末位是X的填X。出生日期和性别从号码读出，不再另问。"),
    Field(name="birth_date", label="出生日期", section=_ID, asked=False),
    Field(name="gender", label="性别", section=_ID, asked=False),
    Field(name="ethnicity", label="民族", section=_ID),
    Field(name="phone", label="手机号码", section=_ID, privacy=Privacy.MASKED,
          hint="审核时用来联系您。"),
    Field(name="email", label="电子邮箱", section=_ID, privacy=Privacy.MASKED,
          hint="填了可以收到结果通知，没有可以不填。"),
    Field(name="wechat", label="微信号", section=_ID, privacy=Privacy.MASKED, in_roster=False),
    Field(name="region", label="报名地所在市", section=_ID),
    Field(name="county", label="报名地所在县（市、区）", section=_ID,
          hint="您熟悉情况、准备在那里参加监督活动的地方。"),
    Field(name="address", label="通信地址", section=_ID, hint="用来寄送聘书。"),
    Field(name="education", label="最高学历", section=_CAREER,
          hint="选已经取得的最高一项，在读的不算。"),
    Field(name="political_status", label="政治面貌", section=_CAREER),
    Field(name="occupation", label="职业", section=_CAREER,
          hint="例如：教师、会计、个体经营、退休"),
    Field(name="employer", label="工作单位", section=_CAREER, hint="退休的可以填退休前的单位。"),
    Field(name="job_title", label="职务或职称", section=_CAREER),
    Field(name="service_areas", label="服务意愿", section=_SERVICE, hint="可以选多项。"),
    Field(name="availability", label="可服务时间", section=_SERVICE, hint="可以选多项。"),
    Field(name="speciality", label="专业特长", section=_SERVICE,
          hint="例如：食品检验二十年，有高级工程师证。年龄超出的，凭专业特长可以申请放宽。"),
    Field(name="experience", label="学法用法和维权经历", section=_SERVICE, in_roster=False,
          hint="学过、用过哪些消费者权益保护的法律法规，参加过哪些活动。"),
    Field(name="health", label="身体健康", section=_PLEDGES, in_roster=False,
          hint="只需本人声明，不要填写病情，也不用交病历。"),
    Field(name="conduct", label="政治文化素质和守法", section=_PLEDGES, in_roster=False),
    Field(name="law_knowledge", label="熟悉法律法规", section=_PLEDGES, in_roster=False),
    Field(name="local_knowledge", label="熟悉当地情况", section=_PLEDGES, in_roster=False),
    Field(name="ability", label="组织协调能力", section=_PLEDGES, in_roster=False),
    Field(name="obedience", label="服从组织管理", section=_PLEDGES, in_roster=False),
    Field(name="unpaid", label="自愿无偿", section=_PLEDGES, in_roster=False),
    Field(name="consent", label="同意处理个人信息", section=_PLEDGES, in_roster=False,
          correctable=False),
    Field(name="consent_sensitive", label="同意处理证件号码", section=_PLEDGES, in_roster=False,
          correctable=False),
    Field(name="consent_public", label="同意公示姓名", section=_PLEDGES, in_roster=False,
          correctable=False),
)  # fmt: skip

BY_NAME = {field.name: field for field in FIELDS}


def in_section(section: Section) -> tuple[Field, ...]:
    return tuple(field for field in FIELDS if field.section is section)


def correctable() -> tuple[tuple[str, str], ...]:
    """What a reviewer may send back, as (name, label): every answer that was asked, but for the
    consents, and the papers an applicant may upload."""
    asked = [(field.name, field.label) for field in FIELDS if field.asked and field.correctable]
    return (*asked, *((kind.value, kind.label) for kind in _PAPERS))


#: What can be asked for by name; anything else is put in words.
_PAPERS = (DocumentKind.PHOTO, DocumentKind.SPECIALITY_PROOF, DocumentKind.GUARDIAN_CONSENT)
#: What to call whatever can be sent back or was changed.
LABELS = {field.name: field.label for field in FIELDS} | {
    kind.value: kind.label for kind in _PAPERS
}
